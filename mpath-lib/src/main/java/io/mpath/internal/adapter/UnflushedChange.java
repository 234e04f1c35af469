package io.mpath.internal.adapter;

import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;

/** How a durable change fails that was done by one command and was to be made durable by a flush after it, which failed. */
public final class UnflushedChange {
    private UnflushedChange() {}

    /**
     * The failure of the change, from that of its flush: it took effect, and takes no further one, whatever became of the flush.
     * What was refused is the flush alone: a status that says of a change that it was not done is not passed on.
     */
    public static PathFailure of(PathFailure flush) {
        IoStatus status = switch (flush.status()) {
            case MISCOMPARE, RESERVATION_CONFLICT, READ_ONLY, UNSUPPORTED, OUT_OF_RANGE, MISALIGNED ->
                IoStatus.TARGET_ERROR;
            default -> flush.status();
        };
        return new PathFailure(
                flush.verdict(),
                Certainty.TERMINATED,
                status,
                "done, and not flushed: " + flush.cause(),
                flush.retryDelayNanos(),
                0,
                0);
    }
}
