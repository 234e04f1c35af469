package io.mpath.path;

/**
 * A {@link DevicePath} that knows when lost attempts can take no further effect. The core
 * replays no lost change unless it is told to do so unsafely, and then asks for no hold.
 */
public interface Fenceable {
    /**
     * How long after an attempt was handed back as {@link Certainty#UNKNOWN} the target has certainly given it up, in
     * nanoseconds; {@link Long#MAX_VALUE}: never by time alone.
     */
    long holdNanos();
}
