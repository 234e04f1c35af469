package io.mpath.reservation.conformance;

/** A command or an I/O was not answered in time. */
final class NoAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String text;

    NoAnswerException(String what) {
        super(what);
        this.text = what;
    }

    String text() {
        return text;
    }
}
