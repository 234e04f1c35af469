package io.mpath.sim;

import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import io.mpath.sim.SimReservationAnswer.Landing;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One command of reservations that a simulated path was given.
 *
 * <p>Threading: any thread; of several that end it, one does. Its lock is not held while anything else is called.
 */
final class SimReserveAttempt {
    private final SimSession session;
    private final ReservationCommand command;
    private final SimReservationAnswer answer;
    private final Consumer<ReservationReply> done;
    private @Nullable ReservationReply disks;
    private boolean landed;
    private boolean givenUp;
    private boolean late;
    private boolean ended;

    SimReserveAttempt(
            SimSession session,
            ReservationCommand command,
            SimReservationAnswer answer,
            Consumer<ReservationReply> done) {
        this.session = session;
        this.command = command;
        this.answer = answer;
        this.done = done;
    }

    SimReservationAnswer answer() {
        return answer;
    }

    /** Reaches the disk in its time, unless it was held up on the way. */
    void arrive() {
        boolean onTime;
        synchronized (this) {
            onTime = !late;
        }
        if (onTime) {
            land();
        }
    }

    /** Takes effect, unless it did, or never will. */
    void land() {
        synchronized (this) {
            if (landed || givenUp) {
                return;
            }
            landed = true;
        }
        SimPath path = session.path();
        ReservationReply reply = path.disk().reservations().carryOut(path.nexus(), command);
        synchronized (this) {
            disks = reply;
        }
        session.trace(this, "lands: " + reply);
    }

    /** It takes no effect any more. @return whether it had taken one */
    boolean giveUp() {
        synchronized (this) {
            givenUp = true;
            return landed;
        }
    }

    /** Ends it as its answer says. */
    void end() {
        ReservationReply given = answer.reply();
        ReservationReply reply = given == null ? byDisk() : given;
        if (answer.landing() == Landing.LATE) {
            endAndLandLate(reply, answer.lateNanos());
        } else {
            end(reply);
        }
    }

    private ReservationReply byDisk() {
        synchronized (this) {
            return disks == null ? new ReservationReply.Unknown("the command has not come back") : disks;
        }
    }

    /** Its path is being closed under it; what is on its way to the disk still gets there. */
    void abandon() {
        end(new ReservationReply.Unknown("path " + session.name() + " was closed"));
    }

    /** Ends it without its latency, as attempts of I/O that are under way with it end. */
    void end(SimAnswer.Execute like) {
        PathFailure failure = like.failure();
        switch (like.landing()) {
            case AT_SUBMIT, AT_END -> {
                land();
                end(failure == null ? byDisk() : new ReservationReply.Unknown(failure.cause()));
            }
            case LATE ->
                endAndLandLate(
                        new ReservationReply.Unknown(failure == null ? "lost" : failure.cause()), like.lateNanos());
            case NEVER, DONE_BYTES -> {
                boolean executed = giveUp();
                String cause = failure == null ? "lost" : failure.cause();
                boolean unsent = !executed && failure != null && failure.certainty() == Certainty.NOT_EXECUTED;
                end(unsent ? new ReservationReply.NotExecuted(cause) : new ReservationReply.Unknown(cause));
            }
        }
    }

    private void endAndLandLate(ReservationReply reply, long lateNanos) {
        synchronized (this) {
            late = true;
        }
        session.landsLate(this, lateNanos);
        end(reply);
    }

    private void end(ReservationReply reply) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        session.trace(this, "is answered: " + reply);
        session.answered(this, () -> done.accept(session.stamped(reply)));
    }

    @Override
    public String toString() {
        return command.toString();
    }
}
