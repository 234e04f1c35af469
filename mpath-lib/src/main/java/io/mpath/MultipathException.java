package io.mpath;

/** The root of everything this library throws on its own account. Unchecked; the message names what and where. */
public class MultipathException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Made with a message that an operator can act on. */
    public MultipathException(String message) {
        super(message);
    }

    /** Made with a message that an operator can act on, and what led to it. */
    public MultipathException(String message, Throwable cause) {
        super(message, cause);
    }
}
