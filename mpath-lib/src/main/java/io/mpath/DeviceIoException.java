package io.mpath;

/** A request that did not succeed, with what is known about it. */
public final class DeviceIoException extends MultipathException {
    private static final long serialVersionUID = 1L;

    private final IoStatus status;
    private final Effect effect;

    /**
     * Made by the library, and by transports' tests.
     *
     * @param message device, path, operation, offset and decoded cause
     */
    public DeviceIoException(IoStatus status, Effect effect, String message) {
        super(message);
        this.status = status;
        this.effect = effect;
    }

    /** How the request ended; never {@link IoStatus#SUCCESS}. */
    public IoStatus status() {
        return status;
    }

    /** What the request left behind. */
    public Effect effect() {
        return effect;
    }
}
