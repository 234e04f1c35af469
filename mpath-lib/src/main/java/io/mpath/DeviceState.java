package io.mpath;

/** Where a multipath device is in its life. */
public enum DeviceState {
    /** Some path is usable. */
    LIVE,
    /** No path is usable, one may come back, and requests wait. */
    WAITING,
    /** No path is usable and the wait is over, or none may come back: requests fail at once. */
    FAILED,
    /** Held still on request: requests wait until it is resumed. */
    QUIESCED,
    /** Without any path, gone when the removal delay is over. */
    REMOVING,
    /** Closed, or gone with its last path. */
    CLOSED;

    /** The name in lower case, as the {@code mpath} command prints it. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
