package io.mpath.sim;

import io.mpath.path.PathControl;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import io.mpath.sim.SimReservations.Notice;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;

/**
 * What a simulated path does with commands of reservations, which can be scripted apart from its I/O. It carries them out without
 * latency, unless told otherwise, and reports when another host changed what it knew.
 *
 * <p>Threading: any thread.
 */
public final class SimReserving {
    private final SimPath path;
    private final Object lock = new Object();
    private final SimRandom random;
    private final Recent<ReservationCommand> commands = new Recent<>();
    private final Queue<SimReservationAnswer> next = new ArrayDeque<>();
    private Function<ReservationCommand, SimReservationAnswer> script = command -> SimReservationAnswer.carryOut();
    private long leastLatencyNanos;
    private long mostLatencyNanos;
    private volatile boolean notices = true;

    SimReserving(SimPath path, SimRandom random) {
        this.path = path;
        this.random = random;
        path.disk().reservations().listen(new Ear());
    }

    /** Each command takes effect after a time drawn from {@code least} to {@code most}, and is answered after another. */
    public SimReserving latency(Duration least, Duration most) {
        synchronized (lock) {
            leastLatencyNanos = least.toNanos();
            mostLatencyNanos = most.toNanos();
        }
        return this;
    }

    /** Answers every command with {@code answer}, from here on. */
    public SimReserving answer(SimReservationAnswer answer) {
        return script(command -> answer);
    }

    /** Answers every command as {@code value} says, from here on. It runs inside {@code reserve}, one call at a time. */
    public SimReserving script(Function<ReservationCommand, SimReservationAnswer> value) {
        synchronized (lock) {
            script = value;
        }
        return this;
    }

    /** Answers the next {@code count} commands with {@code answer}, behind those that were given answers so already. */
    public SimReserving next(int count, SimReservationAnswer answer) {
        synchronized (lock) {
            for (int i = 0; i < count; i++) {
                next.add(answer);
            }
        }
        return this;
    }

    /**
     * Whether it reports what the disk tells its host, as by default; else somebody else has it open, and the unit attention was
     * told there. A conflict that its own I/O meets it reports all the same.
     */
    public SimReserving notices(boolean value) {
        notices = value;
        return this;
    }

    /** The commands that it took, in that order: the last 65,536 of them. */
    public List<ReservationCommand> commands() {
        synchronized (lock) {
            return commands.copy();
        }
    }

    void record(ReservationCommand command) {
        synchronized (lock) {
            commands.add(command);
        }
    }

    SimReservationAnswer answerTo(ReservationCommand command) {
        if (!path.port().usable()) {
            return SimReservationAnswer.reply(new ReservationReply.NotExecuted(
                    "port " + path.port().port() + " is " + path.port().liveness()));
        }
        synchronized (lock) {
            SimReservationAnswer given = next.poll();
            return given == null ? script.apply(command) : given;
        }
    }

    long drawLatency() {
        synchronized (lock) {
            return leastLatencyNanos == mostLatencyNanos
                    ? leastLatencyNanos
                    : random.between(leastLatencyNanos, mostLatencyNanos);
        }
    }

    /** Hears what the disk tells all, and takes what is meant for this path's nexus, or its host. */
    private final class Ear implements SimReservations.Listener {
        @Override
        public void noticed(SimNexus registrant, Notice notice) {
            if (notices && isThis(registrant)) {
                path.tellLater(drawLatency(), notice.toString(), PathControl::reservationsMayHaveChanged);
            }
        }

        @Override
        public void aborted(SimNexus registrant) {
            if (isThis(registrant)) {
                path.abortAtDisk();
            }
        }

        private boolean isThis(SimNexus registrant) {
            return path.disk().reservations().identity(path.nexus()).equals(registrant);
        }
    }
}
