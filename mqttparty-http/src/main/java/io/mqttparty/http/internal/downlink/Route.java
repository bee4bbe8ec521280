package io.mqttparty.http.internal.downlink;

/**
 * A method of a path.
 *
 * @param isOpen whether everybody may call it
 * @param takesBody whether its request may have a body
 * @param call what its query asks for; throws {@link ProblemException}
 */
record Route(boolean isOpen, boolean takesBody, Action call) {
    /** Understands a query. */
    @FunctionalInterface
    interface Action {
        /** What it asks for. */
        Call of(String query);
    }

    /** Everybody may call it. */
    static Route open(Action call) {
        return new Route(true, false, call);
    }

    /** Without body. */
    static Route asking(Action call) {
        return new Route(false, false, call);
    }

    /** Whose body is a payload. */
    static Route sending(Action call) {
        return new Route(false, true, call);
    }
}
