package io.mpath.reservation.conformance;

/** The suite cannot go on: the message says why. */
final class SuiteStoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String text;

    SuiteStoppedException(String why) {
        super(why);
        this.text = why;
    }

    String text() {
        return text;
    }
}
