package io.mqttparty.http.internal.decision;

/** What the answer to a question is found by: equal for equal questions, and holding no secret. */
sealed interface QuestionKey permits AccessQuestion, SecretQuestionKey {
    /** How much text it keeps alive. */
    int characters();
}
