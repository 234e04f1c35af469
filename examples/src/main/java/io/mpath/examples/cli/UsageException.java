package io.mpath.examples.cli;

/** The command was used wrongly, or on something unfit: exit status 2. The message is one line that says how to mend it. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }

    UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
