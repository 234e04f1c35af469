package io.mpath.path;

/**
 * A {@link DevicePath} that knows when lost attempts can take no further effect. The core keeps a write that the path lost until
 * {@link PathControl#fenced} says so for its epoch, or until this time has passed, and only then sends it again.
 */
public interface Fenceable {
    /**
     * How long after an attempt was handed back as {@link Certainty#UNKNOWN} the target has certainly given it up, in
     * nanoseconds; {@link Long#MAX_VALUE}: never by time alone. NVMe Base 2.1 9.6: three keep-alive time-outs with traffic-based
     * keep-alive, two otherwise, plus the command quiesce time. Asked on the control loop for every attempt that is lost; must not
     * block.
     */
    long holdNanos();
}
