package io.mpath.scsi;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How often another unit may have taken the place of the one that a path leads to, and how many of those times it has said since who it
 * is.
 *
 * <p>Threading: raised by any thread; answered by the one that describes the path.
 */
final class IdentityDoubts {
    private final AtomicLong raised = new AtomicLong();
    private volatile long answered;

    void raise() {
        raised.incrementAndGet();
    }

    /** So many until now. */
    long raised() {
        return raised.get();
    }

    /** The unit was asked after {@code asked} of them, and has said who it is: whether that answers one. */
    boolean answer(long asked) {
        boolean any = answered != asked;
        answered = asked;
        return any;
    }

    /** Whether the unit has not answered since the last of them. */
    boolean pending() {
        return raised.get() != answered;
    }
}
