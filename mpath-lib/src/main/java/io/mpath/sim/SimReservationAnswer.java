package io.mpath.sim;

import io.mpath.path.ReservationReply;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a simulated path answers a command of reservations. Immutable.
 *
 * @param landing when the command takes effect
 * @param lateNanos with {@link Landing#LATE}: how long after its answer, in nanoseconds
 * @param reply what is answered, or null: what the disk says of it
 * @param waitNanos how long it hangs besides the path's latencies, in nanoseconds; {@link Long#MAX_VALUE}: until the path is closed
 */
public record SimReservationAnswer(
        Landing landing, long lateNanos, @Nullable ReservationReply reply, long waitNanos) {
    /** When a command takes effect. */
    public enum Landing {
        /** Not at all. */
        NEVER,
        /** One latency after it was given to the path, and one before it is answered. */
        BEFORE_THE_ANSWER,
        /** Some time after it was answered, unless the path's losses are fenced before. */
        LATE
    }

    /** Checks that there is something to answer. @throws IllegalArgumentException when the disk is to say, and not to be asked before */
    public SimReservationAnswer {
        if (reply == null && landing != Landing.BEFORE_THE_ANSWER) {
            throw new IllegalArgumentException("the disk cannot answer what takes effect " + landing);
        }
    }

    /** Carries it out, and answers as the disk does. */
    public static SimReservationAnswer carryOut() {
        return new SimReservationAnswer(Landing.BEFORE_THE_ANSWER, 0, null, 0);
    }

    /** Answers {@code reply} without effect: the disk never sees the command. */
    public static SimReservationAnswer reply(ReservationReply reply) {
        return new SimReservationAnswer(Landing.NEVER, 0, reply, 0);
    }

    /** Could not be sent. */
    public static SimReservationAnswer notExecuted() {
        return reply(new ReservationReply.NotExecuted("not sent"));
    }

    /** Carries it out, and loses the answer. */
    public static SimReservationAnswer answerLost() {
        return new SimReservationAnswer(Landing.BEFORE_THE_ANSWER, 0, lost("the answer was lost"), 0);
    }

    /** Loses it before it takes effect, which it never does. */
    public static SimReservationAnswer lost() {
        return reply(lost("the command was lost"));
    }

    /** Loses it, and it takes effect {@code delay} after that was reported: no later than the path's hold, if the path keeps it. */
    public static SimReservationAnswer late(Duration delay) {
        return new SimReservationAnswer(Landing.LATE, delay.toNanos(), lost("the command was lost"), 0);
    }

    /** This, answered {@code delay} later. */
    public SimReservationAnswer hanging(Duration delay) {
        return new SimReservationAnswer(landing, lateNanos, reply, delay.toNanos());
    }

    /** This, not answered before the path is closed, and then as unknown. */
    public SimReservationAnswer hanging() {
        return new SimReservationAnswer(landing, lateNanos, reply, Long.MAX_VALUE);
    }

    /** Whether it is not answered by itself. */
    boolean hangs() {
        return waitNanos == Long.MAX_VALUE;
    }

    private static ReservationReply lost(String cause) {
        return new ReservationReply.Unknown(cause);
    }
}
