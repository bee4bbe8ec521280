package io.mqttparty.http.internal.decision;

/**
 * Names a question without holding it: 256 bits that only this process can compute.
 *
 * @param a the first 64 of them
 * @param b the next
 * @param c the next
 * @param d the last
 */
record SecretQuestionKey(long a, long b, long c, long d) implements QuestionKey {
    @Override
    public int characters() {
        return 0;
    }

    /** Every bit depends on every bit of the question. */
    @Override
    public int hashCode() {
        return (int) a;
    }
}
