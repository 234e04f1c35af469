package io.mpath.path;

/** A {@link DevicePath} that knows when lost attempts can take no further effect. */
public interface Fenceable {
    /**
     * How long after an attempt was handed back as {@link Certainty#UNKNOWN} the target has certainly given it up, in
     * nanoseconds; {@link Long#MAX_VALUE}: never by time alone.
     */
    long holdNanos();
}
