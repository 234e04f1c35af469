package io.mpath.internal.device;

import io.mpath.DeviceSettings;
import io.mpath.Effect;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.internal.Durations;
import io.mpath.internal.io.Attempt;
import io.mpath.internal.io.Fitness;
import io.mpath.internal.io.Flight;
import io.mpath.internal.io.PathTarget;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import io.mpath.path.Verdict;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of a device that have left the hot path: judged when an attempt failed, kept in order while they cannot be
 * sent, ended when they never can.
 *
 * <p>Nothing is stranded: a submitter that finds no way hands its request over and is done; the decision to wait is made here,
 * by the thread that also makes paths usable and serves those that wait. Used on the control loop only.
 */
final class RequestControl {
    private static final Logger LOG = LoggerFactory.getLogger(RequestControl.class);

    private final DeviceControl device;
    private final DeviceHead head;
    private final DeviceTally tally;
    private final boolean unsafeReplay;
    private final boolean keyPerPath;
    private final long ioNanos;
    private final WaitingList waiting = new WaitingList();
    private final Pauses pauses;
    private final Overflow overflow;
    private final Overlaps overlaps;
    private final Holding holding;
    private final PortFlushes flushes;
    private boolean toldRequeueing;
    private boolean someFull;

    RequestControl(DeviceControl device, DeviceHead head, Doubts doubts, DeviceSettings settings) {
        this.device = device;
        this.head = head;
        this.tally = device.tally();
        this.unsafeReplay = settings.unsafeReplayOfUnknownWrites();
        this.keyPerPath = settings.keyPerPath();
        this.pauses = new Pauses(device.environment(), this::place);
        this.overflow = new Overflow(head, this::place);
        this.overlaps = new Overlaps(head, doubts, this::place);
        this.holding = new Holding(device, doubts, settings, this::replay, this::endShared);
        this.flushes = new PortFlushes(device, head);
        this.ioNanos = Durations.sum(
                Durations.nanos("I/O time-out", settings.ioTimeout()),
                DeviceSettings.tick().toNanos());
    }

    /** Whether nothing waits to be sent, so that submitters may send by themselves. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** How many wait to be sent, for a slot, or for a change that they overlap. */
    int size() {
        return waiting.size() + overflow.size() + overlaps.size();
    }

    /** How many are held until the path that lost them is fenced. */
    int held() {
        return holding.size();
    }

    Holding holding() {
        return holding;
    }

    PortFlushes flushes() {
        return flushes;
    }

    /** A slot, or a range, was given back that others may wait for. */
    void slotGivenBack() {
        overflow.admit();
        overlaps.serve();
    }

    /** Some path is usable: the next wait for one is told anew. */
    void pathUsable() {
        toldRequeueing = false;
    }

    /** Takes over the flights that came through the door. */
    void answerDoor() {
        WaitingList arrived = head.takeDoor();
        device.surroundings().reports().carryOut(); // what the paths of these failures had reported before them
        for (Flight flight = arrived.poll(); flight != null; flight = arrived.poll()) {
            flight.takeControl();
            try {
                answer(flight);
            } catch (RuntimeException e) {
                LOG.error("{}: deciding about {} failed: this is a bug", device.id(), flight, e);
                if (flight.stage() == Flight.Stage.CONTROLLED) {
                    end(flight, Judgement.ending(IoStatus.INTERNAL_ERROR, flight.residue), "a bug: " + e);
                }
            }
        }
    }

    private void answer(Flight flight) {
        PathFailure failure = flight.takeFailure();
        if (failure != null) {
            judge(flight, failure);
        } else if (flight.stripe == null && !device.life().ended()) {
            overflow.add(flight);
        } else {
            place(flight);
        }
    }

    private void judge(Flight flight, PathFailure failure) {
        PathRecord record = device.recordOf(flight.target);
        if (record != null) {
            record.countError();
        }
        flight.residue = Judgement.residue(flight, failure);
        long done = Judgement.resumableBytes(flight, failure, device.geometry().logicalBlockSize());
        if (done > 0) {
            flight.resumeBehind(done);
        }
        switch (failure.verdict()) {
            case FAIL -> {
                boolean itsPaths =
                        failure.status() == IoStatus.RESERVATION_CONFLICT && device.conflictOfPathAlone(flight.target);
                if (itsPaths && flight.operation() != IoOperation.PASSTHROUGH) {
                    flight.pinned = null;
                    tally.failovers++;
                    place(flight); // a conflict proves that nothing was done
                } else {
                    endJudged(flight, failure);
                }
            }
            case RETRY -> retry(flight, failure, record);
            case FAIL_OVER -> {
                if (record != null) {
                    record.failed(failure.cause(), flight.tableVersion);
                }
                flight.pinned = null;
                flight.pausedUntilNanos = device.surroundings().clock().nanos(); // none: that clock is never ahead
                repeat(flight, failure, () -> {
                    tally.failovers++;
                    if (record != null) {
                        record.countFailover();
                    }
                });
            }
        }
    }

    /**
     * Through the same path as before, for so many tries; then through another. One that was not begun may go on from path to path
     * until its deadline, since no attempt of it is left behind anywhere; any other does so once.
     */
    private void retry(Flight flight, PathFailure failure, @Nullable PathRecord record) {
        boolean busy = failure.certainty() == Certainty.NOT_EXECUTED;
        boolean usedUp = busy ? refusedLongEnough(flight) : flight.retries >= Judgement.MAX_RETRIES;
        boolean leaves = usedUp && (busy || flight.retries == Judgement.MAX_RETRIES) && mayGoElsewhere(flight);
        if (device.life().ended() || (usedUp && !busy && !leaves)) {
            endJudged(flight, failure);
            return;
        }
        if (leaves && busy && record != null) {
            record.gaveUp(failure.cause(), flight.tableVersion);
        }
        flight.pinned = leaves ? null : flight.target;
        flight.shunned = leaves ? flight.target : flight.shunned;
        repeat(flight, failure, () -> {
            flight.pausedUntilNanos = device.now() + pause(flight, failure);
            flight.refusals += busy ? 1 : 0;
            flight.retries += busy ? 0 : 1;
            tally.failovers += leaves ? 1 : 0;
            if (record != null && leaves) {
                record.countFailover();
            } else if (record != null) {
                record.countRetry();
            }
        });
    }

    /** Counts one more refusal by its path, and says whether these are enough to ask another. */
    private boolean refusedLongEnough(Flight flight) {
        if (flight.refusedBy != flight.target) {
            flight.refusedBy = flight.target;
            flight.refusalsThere = 0;
            flight.refusedSinceNanos = device.now();
        }
        flight.refusalsThere++;
        return Judgement.refusedLongEnough(flight.refusalsThere, device.now() - flight.refusedSinceNanos);
    }

    /** Whether there is another path that a flight may be given to whose path has answered the last of its tries. */
    private boolean mayGoElsewhere(Flight flight) {
        return flight.onlyPort == null && flight.target != null && othersThan(flight.target).length > 0;
    }

    /** As long as the device asks for; one that is busy and asks for little is asked again less and less often. */
    private static long pause(Flight flight, PathFailure failure) {
        long asked = Math.min(failure.retryDelayNanos(), Pauses.LONGEST_NANOS);
        return failure.certainty() == Certainty.NOT_EXECUTED
                ? Math.max(asked, Judgement.busyPauseNanos(flight.refusals))
                : asked;
    }

    /** Sends the flight again, now or later, as far as that is allowed. */
    private void repeat(Flight flight, PathFailure failure, Runnable count) {
        switch (Judgement.replay(flight, failure.certainty(), unsafeReplay)) {
            case NEVER -> endJudged(flight, failure);
            case NOW -> {
                count.run();
                sendAgain(flight);
            }
            case ONCE_FENCED -> {
                if (device.life().ended()) {
                    endLost(
                            flight,
                            failure,
                            device.life().endedAs(),
                            device.life().endReason());
                    return;
                }
                count.run();
                if (!holding.hold(flight, failure)) {
                    replay(flight);
                } else if (failure.verdict() == Verdict.FAIL_OVER && flight.target != null) {
                    device.writeLost(flight.target);
                }
            }
        }
    }

    /** When the pause that its path asked for is over. */
    private void sendAgain(Flight flight) {
        long left = flight.pausedUntilNanos - device.now();
        if (left > 0) {
            pauses.begin(flight, left);
        } else {
            place(flight);
        }
    }

    /** The path that lost the flight's attempt is fenced: whatever it did, it does no more. */
    private void replay(Flight flight) {
        flight.residue = Effect.MAY_HAVE_HAPPENED;
        sendAgain(flight);
    }

    /** As {@link #replay}, but another registry of this process has the logical unit too, and may have written there since. */
    private void endShared(Flight flight) {
        flight.residue = Effect.MAY_HAVE_HAPPENED;
        end(flight, IoStatus.PATH_ERROR, "it is not sent again: another registry may have written there meanwhile");
    }

    private void endJudged(Flight flight, PathFailure failure) {
        endLost(flight, failure, failure.status(), "");
    }

    /** Ends the flight behind a failure; when nobody knows whether it took effect, its range stays in doubt. */
    private void endLost(Flight flight, PathFailure failure, IoStatus status, String why) {
        boolean lost =
                failure.certainty() == Certainty.UNKNOWN && !flight.operation().harmless();
        if (lost && !holding.endInDoubt(flight, failure)) {
            flight.residue = Effect.MAY_HAVE_HAPPENED;
        }
        end(flight, Judgement.ending(status, flight.residue), why);
    }

    /** Some path was fenced. */
    void fenced() {
        holding.settle();
        overlaps.serve();
    }

    /** The attempt of a flight that ended before it was handed back. */
    void handedBack(Flight flight, @Nullable PathFailure failure) {
        holding.handedBack(flight, failure);
    }

    /** Sends the flight behind those that wait already, or lets it wait too, or ends it. */
    private void place(Flight flight) {
        if (!device.life().ended() && !overlaps.clear(flight)) {
            tally.overlaps++;
            return;
        }
        if (device.tier().isEmpty()
                && device.failing().isEmpty()
                && !device.heldStill()
                && !device.life().ended()) {
            countAsWaiting(flight);
        }
        waiting.add(flight);
        serve();
    }

    private void countAsWaiting(Flight flight) {
        if (!flight.countedAsWaiting) {
            flight.countedAsWaiting = true;
            tally.requeues++;
        }
        if (!toldRequeueing) {
            toldRequeueing = true;
            device.emit(new MultipathEvent.Requeueing(device.now(), device.id()));
        }
    }

    /** Serves those that wait, in order, as far as that is possible now, and lets submitters know whether any still do. */
    void serve() {
        drain();
        device.publishWaiting();
    }

    private void drain() {
        while (!waiting.isEmpty()) {
            boolean failing = device.tier().isEmpty() && !device.failing().isEmpty();
            if (!device.life().ended() && (device.heldStill() || (device.tier().isEmpty() && !failing))) {
                return;
            }
            Flight flight = waiting.poll();
            if (flight == null) {
                return;
            }
            if (device.life().ended()) {
                end(
                        flight,
                        Judgement.ending(device.life().endedAs(), flight.residue),
                        device.life().endReason());
            } else if (failing) {
                tally.noPathFailures++;
                end(flight, Judgement.ending(IoStatus.NO_PATH, flight.residue), device.failing());
            } else if (!send(flight)) {
                waiting.putBack(flight);
                return;
            }
        }
    }

    /** Sends to the path that the flight is pinned to, or to the chosen one, or to any that has room; false when none has. */
    private boolean send(Flight flight) {
        IoStatus unfit = Fitness.unfit(flight, device.geometry());
        if (unfit != null) {
            end(flight, Judgement.ending(unfit, flight.residue), Fitness.explain(unfit, flight, device.geometry()));
            return true;
        }
        if (keyPerPath
                && flight.hasRange()
                && head.doubts().holds(flight.offset(), flight.offset() + flight.length())) {
            overlaps.takeBack(flight); // what kept a fenced path out is gone since
            return true;
        }
        if (flight.operation() == IoOperation.FLUSH
                ? flushes.sent(flight)
                : head.splitIfTooLong(flight, device.geometry())) {
            return true;
        }
        if (flight.hasRange() && head.doubts().sharedHolds(flight.offset(), flight.offset() + flight.length())) {
            flight.cleared = false; // another registry has lost something there since
            place(flight);
            return true;
        }
        PathTarget[] paths = device.tier().paths();
        PathPort port = flight.onlyPort;
        if (port != null) {
            PathTarget[] through = usableThrough(port);
            if (through.length > 0) {
                paths = through;
            } else if (flushes.waits(flight, port)) {
                pauses.begin(flight, PortFlushes.WAIT_NANOS);
                return true;
            }
        } else if (flight.shunned != null) {
            PathTarget[] others = othersThan(flight.shunned);
            paths = others.length > 0 ? others : paths;
        }
        int first = firstChoice(flight, paths);
        for (int i = 0; i < paths.length; i++) {
            PathTarget target = paths[(first + i) % paths.length];
            PathRecord record = device.recordOf(target);
            if (record != null && !record.full()) {
                assert record.unusable().isEmpty() : "a path is chosen that must not be used: " + record.unusable();
                assert flight.cleared || !flight.changesRange() : "a change is sent that something unresolved overlaps";
                flight.relaunch();
                if (head.send(
                        flight,
                        target,
                        device.tier().countsInFlight(),
                        device.tier().timesRequests(),
                        head.table().version())) {
                    return true;
                }
                flight.takeControl();
                record.full(true);
                someFull = true;
            }
        }
        return false;
    }

    /** The paths through {@code port} that may be given I/O, of whatever tier. */
    private PathTarget[] usableThrough(PathPort port) {
        return usable(record -> record.path().port() == port);
    }

    /** Those of the best tier but that one, or else the usable ones of any tier. */
    private PathTarget[] othersThan(PathTarget one) {
        PathTarget[] others = Arrays.stream(device.tier().paths())
                .filter(target -> target != one)
                .toArray(PathTarget[]::new);
        return others.length > 0 ? others : usable(record -> record.target() != one);
    }

    private PathTarget[] usable(Predicate<PathRecord> which) {
        return device.records().stream()
                .filter(record -> which.test(record) && record.unusable().isEmpty())
                .map(PathRecord::target)
                .toArray(PathTarget[]::new);
    }

    private int firstChoice(Flight flight, PathTarget[] paths) {
        if (flight.onlyPort != null) {
            return 0;
        }
        for (int i = 0; i < paths.length; i++) {
            if (paths[i] == flight.pinned) {
                return i;
            }
        }
        // The selector chooses among the whole tier; what it says of that spreads those that leave one path over the
        // others.
        Tier tier = device.tier();
        int chosen = head.select(flight, tier.selector(), tier.paths().length, tier.countsInFlight());
        return chosen % paths.length;
    }

    /** The path has room for what it refused. */
    void roomAgain(PathRecord record) {
        record.full(false);
        serve();
    }

    /** Ends a flight that the control loop owns. */
    private void end(Flight flight, IoStatus status, String why) {
        if (status == IoStatus.OUTCOME_UNKNOWN) {
            tally.unknownOutcomes++;
        }
        assert flight.stage() == Flight.Stage.CONTROLLED : "a request is ended by who does not own it";
        flight.settle(status, flight.residue, why);
        head.finish(flight);
    }

    /** The registry's tick. */
    void tick(long now) {
        boolean any = head.stripes().scan(flight -> {
            device.health().sample(flight);
            expire(flight, now);
        });
        if (!any && !someFull && overflow.size() == 0 && holding.isOver()) {
            // Whatever else waits has a slot. Ten thousand idle devices come here ten times a second.
            assert size() == 0 : "requests wait without a slot";
            return;
        }
        holding.settle();
        holding.endIf(flight -> CoarseClock.passed(flight.deadlineNanos, now), this::endHeld);
        waiting.removeIf(flight -> expireWaiting(flight, now));
        pauses.removeIf(flight -> expireControlled(flight, now));
        overflow.removeIf(flight -> expireWaiting(flight, now));
        overlaps.removeIf(flight -> expireWaiting(flight, now));
        slotGivenBack();
        if (someFull) {
            someFull = false;
            for (PathRecord record : device.records()) {
                record.full(false);
            }
        }
        serve();
    }

    /** Where a path is waited for without a bound, the device's time-out starts afresh when one is there. */
    private boolean expireWaiting(Flight flight, long now) {
        if (device.tier().isEmpty() && device.waitsForEver() && !flight.ownDeadline) {
            head.stampDeadline(flight);
            return false;
        }
        return expireControlled(flight, now);
    }

    private boolean expireControlled(Flight flight, long now) {
        if (!CoarseClock.passed(flight.deadlineNanos, now)) {
            return false;
        }
        tally.timeouts++;
        end(flight, Judgement.ending(IoStatus.TIMED_OUT, flight.residue), "its deadline passed while it waited");
        return true;
    }

    private void endHeld(Flight flight) {
        tally.timeouts++;
        end(flight, IoStatus.OUTCOME_UNKNOWN, "its deadline passed before the path that lost it was fenced");
    }

    private void expire(Flight flight, long now) {
        long stamp = flight.attempt().stamp();
        if (flight.stage() != Flight.Stage.LAUNCHED || !Attempt.withPath(stamp)) {
            return;
        }
        if (CoarseClock.passed(flight.deadlineNanos, now)) {
            if (abandon(flight, stamp, IoStatus.TIMED_OUT, "its deadline passed while a path had it")) {
                tally.timeouts++;
            }
        } else if (now - flight.sentNanos >= ioNanos && flight.abortAsked != stamp) {
            flight.abortAsked = stamp;
            tally.overdue++;
            head.askToAbort(flight, stamp);
        }
    }

    /**
     * Ends a flight whose attempt was with a path when {@code stamp} was read: the result is told at once, the release of its
     * buffers when the path is done with them. False when the attempt has ended, or is another device's: the caller may have
     * sent the flight elsewhere since it was seen in its slot.
     */
    boolean abandon(Flight flight, long stamp, IoStatus status, String why) {
        if (flight.owner() != head || !flight.attempt().abandon(stamp)) {
            return false;
        }
        flight.takeControl();
        if (!flight.operation().harmless()) {
            flight.residue = Effect.MAY_STILL_HAPPEN;
            tally.unknownOutcomes++;
        }
        holding.endWhileOut(flight);
        flight.settle(Judgement.ending(status, flight.residue), flight.residue, why);
        flight.linger();
        head.askToAbort(flight, stamp);
        head.tell(flight);
        return true;
    }

    /** Answers what it holds, now that the life of the device has ended. */
    void endAll() {
        holding.endIf(
                flight -> true,
                flight -> end(flight, IoStatus.OUTCOME_UNKNOWN, device.life().endReason()));
        pauses.endAll();
        overlaps.endAll();
        overflow.endAll();
    }
}
