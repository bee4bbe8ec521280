package io.mqttparty.testkit;

/** The code under test broke a rule of the transport SPI. Its stack trace points at the call that did it. */
public final class ContractViolation extends AssertionError {
    private static final long serialVersionUID = 1L;

    ContractViolation(String message) {
        super(message);
    }
}
