package io.mpath.sim;

import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import java.time.Duration;

/**
 * Faults of reservation commands, drawn from a seed: to be given to {@link SimReserving#script}. Each of them ends by itself.
 *
 * <p>Threading: none; of one path, or of one {@link SimWorld}.
 */
public final class SimReservationFaults {
    private static final long LONGEST_GHOST = 2_000_000_000L;
    private static final long LONGEST_HANG = 3_000_000_000L;
    private static final int KINDS = 6;

    private final SimRandom random;
    private final int perMille;
    private final long latest;

    /**
     * Draws from {@code random}.
     *
     * @param perMille how many of a thousand commands meet a fault
     * @param hold the hold of the path: what was lost takes effect before it has passed, and within two seconds
     */
    public SimReservationFaults(SimRandom random, int perMille, Duration hold) {
        this.random = random;
        this.perMille = perMille;
        this.latest = Math.max(1, Math.min(LONGEST_GHOST, hold.toNanos() - 1));
    }

    /** How {@code command} is answered. */
    public SimReservationAnswer answer(ReservationCommand command) {
        if (!random.chance(perMille, 1000)) {
            return SimReservationAnswer.carryOut();
        }
        return switch (random.nextInt(KINDS)) {
            case 0 -> SimReservationAnswer.notExecuted();
            case 1 -> SimReservationAnswer.reply(new ReservationReply.Refused("the target failed " + command));
            case 2 -> SimReservationAnswer.answerLost();
            case 3 -> SimReservationAnswer.lost();
            case 4 -> SimReservationAnswer.late(Duration.ofNanos(random.between(1, latest)));
            default -> hanging().hanging(Duration.ofNanos(random.between(1, LONGEST_HANG)));
        };
    }

    private SimReservationAnswer hanging() {
        return switch (random.nextInt(3)) {
            case 0 -> SimReservationAnswer.carryOut();
            case 1 -> SimReservationAnswer.answerLost();
            default -> SimReservationAnswer.lost();
        };
    }
}
