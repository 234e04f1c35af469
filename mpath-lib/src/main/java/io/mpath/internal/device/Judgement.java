package io.mpath.internal.device;

import io.mpath.Effect;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.internal.io.Flight;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;

/** What may be done about a failed attempt, and what it may have left behind. */
final class Judgement {
    /**
     * How often one request is sent again to a path that asks for a pause (Linux: {@code nvme_max_retries}), before another is
     * asked once. A device that is busy and has not begun is not counted here (nor on Linux): its request's deadline is the bound.
     */
    static final int MAX_RETRIES = 5;

    private static final int MOST_REFUSALS = 5;
    private static final long LONGEST_REFUSED_NANOS = 1_000_000_000L;
    private static final long FIRST_BUSY_PAUSE_NANOS = 1_000_000L;
    private static final long LONGEST_BUSY_PAUSE_NANOS = 1_000_000_000L;
    private static final int MOST_DOUBLINGS = 10;

    private Judgement() {}

    /** What becomes of a flight, as far as repeating it is concerned. */
    enum Replay {
        /** It may be sent again at once. */
        NOW,
        /** It may be sent again when the lost attempt can take no effect any more. */
        ONCE_FENCED,
        /** It must not be sent again. */
        NEVER
    }

    /**
     * Whether the flight may be sent again after an attempt of that certainty. Passthrough never: what it does is not known. A
     * change whose attempt was lost only behind a fence, or behind the switch that says that it is unsafe: the lost attempt may
     * land after a newer write.
     */
    static Replay replay(Flight flight, Certainty certainty, boolean unsafeReplay) {
        IoOperation operation = flight.operation();
        if (operation == IoOperation.PASSTHROUGH) {
            return Replay.NEVER;
        }
        return switch (certainty) {
            case NOT_EXECUTED -> Replay.NOW;
            case TERMINATED -> operation.repeatable() ? Replay.NOW : Replay.NEVER;
            case UNKNOWN -> {
                if (operation.harmless()) {
                    yield Replay.NOW;
                }
                if (!operation.repeatable()) {
                    yield Replay.NEVER;
                }
                yield unsafeReplay ? Replay.NOW : Replay.ONCE_FENCED;
            }
        };
    }

    /**
     * Whether a path has refused a request often enough for another to be asked: five times, or, where it asks for long pauses,
     * again after a second. A port is busy for a moment more often than it is alone with that, and all that it refuses would be
     * moved about; one that does not take the request by then may be rebooting, for minutes.
     */
    static boolean refusedLongEnough(int times, long nanos) {
        return times >= MOST_REFUSALS || (times > 1 && nanos >= LONGEST_REFUSED_NANOS);
    }

    /** How long to wait, at least, before a device is asked again that has been busy {@code times} times already. */
    static long busyPauseNanos(int times) {
        return Math.min(FIRST_BUSY_PAUSE_NANOS << Math.min(times, MOST_DOUBLINGS), LONGEST_BUSY_PAUSE_NANOS);
    }

    /**
     * How many bytes a replay may leave out: whole blocks, and never all of them, for an attempt over nothing means something
     * else to most devices. Nothing of what is one atomic step.
     */
    static long resumableBytes(Flight flight, PathFailure failure, int blockBytes) {
        if (!flight.operation().repeatable()) {
            return 0;
        }
        return Math.min(failure.doneBytes(), flight.attempt().length() - 1) & -(long) blockBytes;
    }

    /** What the flight may have left behind, this failure included. */
    static Effect residue(Flight flight, PathFailure failure) {
        if (flight.operation().harmless()) {
            return Effect.NONE;
        }
        Effect left = switch (failure.certainty()) {
            case NOT_EXECUTED -> Effect.NONE;
            case TERMINATED -> provesNothingDone(failure.status()) ? Effect.NONE : Effect.MAY_HAVE_HAPPENED;
            case UNKNOWN -> Effect.MAY_STILL_HAPPEN;
        };
        if (left == Effect.NONE && failure.doneBytes() > 0) {
            left = Effect.MAY_HAVE_HAPPENED;
        }
        return left.compareTo(flight.residue) > 0 ? left : flight.residue;
    }

    private static boolean provesNothingDone(IoStatus status) {
        return switch (status) {
            case MISCOMPARE, RESERVATION_CONFLICT, READ_ONLY, UNSUPPORTED, OUT_OF_RANGE, MISALIGNED -> true;
            default -> false;
        };
    }

    /** How a flight ends that fails for {@code status} and left {@code residue} behind. */
    static IoStatus ending(IoStatus status, Effect residue) {
        return residue == Effect.MAY_STILL_HAPPEN ? IoStatus.OUTCOME_UNKNOWN : status;
    }
}
