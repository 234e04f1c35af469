package io.mpath.sim;

import io.mpath.path.Certainty;
import io.mpath.path.Checkable;
import io.mpath.path.DevicePath;
import io.mpath.path.Fenceable;
import io.mpath.path.PathControl;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.path.PathPort;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.path.Reservable;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A simulated path, from when it was opened until it was closed.
 *
 * <p>Threading: its few words of state are guarded by a lock that is never held while anything else is called.
 */
final class SimSession implements DevicePath, Fenceable, Checkable, Reservable {
    private enum Room {
        TAKEN,
        FULL,
        CLOSED
    }

    private final SimPath path;
    private final Object lock = new Object();
    private final List<SimAttempt> underWay = new ArrayList<>();
    private final List<SimAttempt> ghosts = new ArrayList<>();
    private final List<SimReserveAttempt> reserving = new ArrayList<>();
    private final List<SimReserveAttempt> lateCommands = new ArrayList<>();
    private int unreported;
    private boolean refused;
    private boolean closing;
    private @Nullable Runnable whenClosed;
    private long losses;
    private volatile @Nullable PathControl control;

    SimSession(SimPath path) {
        this.path = path;
    }

    SimPath path() {
        return path;
    }

    @Override
    public String name() {
        return path.name();
    }

    @Override
    public PathPort port() {
        return path.port().port();
    }

    @Override
    public PathDescription describe() {
        return path.describe();
    }

    @Override
    public void attach(PathControl to) {
        control = to;
        to.preferred(path.preferred());
        to.accessState(path.accessState());
        to.liveness(path.port().liveness());
        if (path.isReady()) {
            to.ready();
        }
    }

    @Override
    public PathQueue openQueue(QueueKind kind) {
        return new SimQueue(this, kind);
    }

    @Override
    public void check(CheckDone done) {
        if (!attached()) {
            done.done(false, "it is closed");
            return;
        }
        report(to -> to.accessState(path.accessState()));
        path.answerCheck(done);
    }

    @Override
    public long holdNanos() {
        return path.holdNanos();
    }

    @Override
    public boolean reservesPerNexus() {
        return path.disk().reservations().perNexus();
    }

    @Override
    public void reserve(ReservationCommand command, Consumer<ReservationReply> done) {
        SimReserving how = path.reserving();
        SimReservationAnswer answer = how.answerTo(command);
        var attempt = new SimReserveAttempt(this, command, answer, done);
        if (!admit(attempt)) {
            done.accept(new ReservationReply.NotExecuted("path " + name() + " is closed"));
            return;
        }
        how.record(command);
        trace(attempt, "is submitted");
        path.port().after(control, how.drawLatency(), () -> {
            if (answer.landing() == SimReservationAnswer.Landing.BEFORE_THE_ANSWER) {
                attempt.arrive();
            }
            if (!answer.hangs()) {
                path.port().after(control, how.drawLatency() + answer.waitNanos(), attempt::end);
            }
        });
    }

    private boolean admit(SimReserveAttempt attempt) {
        synchronized (lock) {
            if (!closing) {
                reserving.add(attempt);
                unreported++;
            }
            return !closing;
        }
    }

    /** Reports that it has ended by {@code tell}. */
    void answered(SimReserveAttempt attempt, Runnable tell) {
        synchronized (lock) {
            reserving.remove(attempt);
        }
        tell.run();
        left();
    }

    void landsLate(SimReserveAttempt attempt, long delayNanos) {
        synchronized (lock) {
            lateCommands.add(attempt);
        }
        path.port().longAfter(control, delayNanos, () -> {
            synchronized (lock) {
                lateCommands.remove(attempt);
            }
            attempt.land();
        });
    }

    private List<SimReserveAttempt> reserving() {
        synchronized (lock) {
            return List.copyOf(reserving);
        }
    }

    @Override
    public void close(Runnable closed) {
        boolean idle;
        synchronized (lock) {
            closing = true;
            idle = unreported == 0;
            whenClosed = idle ? null : closed;
        }
        if (idle) {
            path.port().after(control, 0, closed);
        }
        for (SimReserveAttempt attempt : reserving()) {
            if (attempt.answer().hangs()) {
                path.port().after(control, 0, attempt::abandon);
            }
        }
    }

    /** Whether reports may be made: attached, and not closed. */
    boolean attached() {
        synchronized (lock) {
            return control != null && !closing;
        }
    }

    void report(Consumer<PathControl> report) {
        PathControl to = control;
        if (to != null) {
            report.accept(to);
        }
    }

    /** Makes a report of its own accord after a delay, if it may make any then, and its port is live. */
    void tellLater(long delayNanos, String what, Consumer<PathControl> report) {
        path.port().after(control, delayNanos, () -> {
            if (attached() && path.port().usable()) {
                path.port().trace(() -> name() + ": is told of " + what);
                report(report);
            }
        });
    }

    long nanos() {
        PathControl clock = control;
        return clock == null ? 0 : clock.ticker().nanos();
    }

    boolean submit(PathIo io, SimQueue queue) {
        var attempt = new SimAttempt(this, queue, io, nanos());
        path.given(attempt);
        Room room = takeRoom(attempt);
        if (room == Room.CLOSED) {
            io.fail(attempt.tag(), PathFailure.failOver(Certainty.NOT_EXECUTED, "path " + name() + " is closed"));
            return true;
        }
        SimAnswer answer = room == Room.FULL ? SimAnswer.refuse() : path.answerTo(attempt);
        if (answer instanceof SimAnswer.Execute execute) {
            path.record(attempt);
            trace(attempt, "is submitted");
            execute(attempt, execute);
            return true;
        }
        if (room == Room.TAKEN) {
            makeRoom(attempt);
            reported();
        }
        if (answer instanceof SimAnswer.Throw) {
            throw new IllegalStateException("path " + name() + " breaks its contract, as its script says");
        }
        if (room == Room.TAKEN) {
            path.port().after(control, path.drawLatency(), () -> report(PathControl::roomAgain));
        }
        path.refused(attempt);
        trace(attempt, "is refused");
        return false;
    }

    private void execute(SimAttempt attempt, SimAnswer.Execute answer) {
        if (answer.landing() == SimAnswer.Landing.AT_SUBMIT) {
            attempt.land();
        }
        if (path.inTransit()) {
            path.port().after(control, path.drawTransit(), attempt::accept);
        }
        switch (answer.when()) {
            case IN_SUBMIT -> end(attempt, answer);
            case AFTER_LATENCY -> path.port().after(control, path.drawLatency(), () -> end(attempt, answer));
            case ON_RELEASE -> {}
        }
    }

    /** Ends it as {@code answer} says, without its latency. */
    void end(SimAttempt attempt, SimAnswer.Execute answer) {
        if (answer.landing() == SimAnswer.Landing.LATE) {
            synchronized (lock) {
                ghosts.add(attempt);
            }
        }
        boolean ended = attempt.end(answer.landing(), answer.failure(), answer.ends());
        if (ended && answer.landing() == SimAnswer.Landing.LATE) {
            path.port().longAfter(control, answer.lateNanos(), () -> landLate(attempt));
        }
    }

    private void landLate(SimAttempt attempt) {
        synchronized (lock) {
            ghosts.remove(attempt);
        }
        attempt.land();
    }

    /** Ends what is under way as {@code answer} says, without its latency. */
    void endAll(SimAnswer.Execute answer) {
        for (SimAttempt attempt : underWay()) {
            end(attempt, answer);
        }
        for (SimReserveAttempt attempt : reserving()) {
            attempt.end(answer);
        }
    }

    /** The disk ends what it has. What was lost and is late has not got there, unless the disk accepted it. */
    void abortAtDisk() {
        List<SimAttempt> late;
        synchronized (lock) {
            late = List.copyOf(ghosts);
        }
        underWay().forEach(SimAttempt::abortAtDisk);
        late.forEach(SimAttempt::abortAccepted);
    }

    void abort(PathIo io, long tag) {
        for (SimAttempt attempt : underWay()) {
            if (attempt.is(io, tag) && path.aborts()) {
                path.countAbort();
                path.port().afterPerhaps(control, path.abortNanos(), () -> {
                    attempt.fail(PathFailure.failOver(Certainty.TERMINATED, "aborted"));
                });
            }
        }
    }

    List<SimAttempt> underWay() {
        synchronized (lock) {
            return new ArrayList<>(underWay);
        }
    }

    /** Numbers a loss, so that {@link #fence} can name all losses so far. */
    PathFailure stamped(PathFailure failure) {
        if (failure.certainty() != Certainty.UNKNOWN || failure.fenceEpoch() != 0) {
            return failure;
        }
        return new PathFailure(
                failure.verdict(),
                failure.certainty(),
                failure.status(),
                failure.cause(),
                failure.retryDelayNanos(),
                failure.doneBytes(),
                nextLoss());
    }

    /** The same for a command of reservations. */
    ReservationReply stamped(ReservationReply reply) {
        return reply instanceof ReservationReply.Unknown lost && lost.fenceEpoch() == 0
                ? new ReservationReply.Unknown(lost.cause(), nextLoss())
                : reply;
    }

    private long nextLoss() {
        synchronized (lock) {
            return ++losses;
        }
    }

    /** The target gives up what was lost, and then says so. */
    void fence() {
        long epoch;
        List<SimAttempt> given;
        List<SimReserveAttempt> givenCommands;
        synchronized (lock) {
            epoch = losses;
            given = List.copyOf(ghosts);
            ghosts.clear();
            givenCommands = List.copyOf(lateCommands);
            lateCommands.clear();
        }
        given.forEach(SimAttempt::giveUp);
        givenCommands.forEach(SimReserveAttempt::giveUp);
        report(to -> to.fenced(epoch));
    }

    /** Whether there is nothing left that it could lose. */
    boolean idle() {
        synchronized (lock) {
            return closing && unreported == 0;
        }
    }

    private Room takeRoom(SimAttempt attempt) {
        synchronized (lock) {
            if (closing) {
                return Room.CLOSED;
            }
            if (underWay.size() >= path.capacity()) {
                refused = true;
                return Room.FULL;
            }
            underWay.add(attempt);
            unreported++;
            return Room.TAKEN;
        }
    }

    void makeRoom(SimAttempt attempt) {
        synchronized (lock) {
            underWay.remove(attempt);
        }
    }

    /** The end of an attempt was reported, and its room given back before that. */
    void reported() {
        boolean tellOfRoom;
        synchronized (lock) {
            tellOfRoom = refused;
            refused = false;
        }
        if (tellOfRoom) {
            report(PathControl::roomAgain);
        }
        left();
    }

    /** What was under way is out of it. The last one out closes it. */
    private void left() {
        Runnable closed = null;
        synchronized (lock) {
            unreported--;
            if (unreported == 0) {
                closed = whenClosed;
                whenClosed = null;
            }
        }
        if (closed != null) {
            path.port().after(control, 0, closed);
        }
    }

    void trace(Object attempt, String what) {
        path.port().trace(() -> name() + ": " + attempt + " " + what);
    }
}
