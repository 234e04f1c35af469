package io.mpath.examples.fence;

/** A host did not do what it was told to. The message says which, and why. */
final class FencingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FencingException(String message) {
        super(message);
    }
}
