package io.mpath.internal.device;

import com.google.common.collect.ImmutableList;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.DeviceState;
import io.mpath.Effect;
import io.mpath.Environment;
import io.mpath.Geometry;
import io.mpath.IoStatus;
import io.mpath.NoPathPolicy;
import io.mpath.internal.io.Fitness;
import io.mpath.internal.io.Flight;
import io.mpath.internal.io.PathTarget;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.DevicePath;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.policy.IoPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The control side of a device: the only writer of its state. It keeps the paths, publishes the path table, and decides about
 * every request that has left the hot path: judged when an attempt failed, kept in order while it cannot be sent, ended when
 * it never can.
 *
 * <p>Nothing is stranded: a submitter that finds no way hands its request over and is done; the decision to wait is made here,
 * by the thread that also makes paths usable and serves those that wait.
 *
 * <p>Threading: every method runs on the control loop, unless it says otherwise.
 */
final class DeviceControl {
    private final DeviceHead head;
    private final Surroundings surroundings;
    private final Environment environment;
    private final DeviceSettings settings;
    private final DeviceLife life;
    private final DeviceTally tally = new DeviceTally();
    private final List<PathRecord> records = new ArrayList<>();
    private final Capacity capacity;
    private final NoPathWait noPathWait;
    private final WaitingList waiting = new WaitingList();
    private final Pauses pauses;
    private final Overflow overflow;
    private final Quiescence quiescence;
    private final AtomicLong lastMisbehaviour;

    private IoPolicy policy;
    private NoPathPolicy noPath;
    private Tier tier;
    private int nextOrdinal;
    private int batches;
    private boolean batchDirty;
    private boolean toldRequeueing;
    private String toldFailing = "";
    private List<PathView> views = ImmutableList.of();

    DeviceControl(DeviceHead head, Surroundings surroundings, DeviceSettings settings, PathDescription first) {
        this.head = head;
        this.surroundings = surroundings;
        this.environment = surroundings.environment();
        this.settings = settings;
        this.policy = settings.policy();
        this.noPath = settings.noPath();
        this.tier = Tier.empty(policy);
        this.capacity = new Capacity(this, records, first.geometry());
        this.noPathWait = new NoPathWait(environment, this::pathsChanged);
        this.life = new DeviceLife(this, head, settings);
        this.pauses = new Pauses(environment, this::place);
        this.overflow = new Overflow(head, this::place);
        this.quiescence = new Quiescence(environment, head.stripes(), this::pathsChanged);
        this.lastMisbehaviour = new AtomicLong(now() - FailureEvents.INTERVAL_NANOS);
    }

    // paths

    /** Takes a path in; it was described and does not contradict the device. */
    PathRecord join(
            DevicePath path,
            PortState port,
            PathDescription described,
            Function<DevicePath, @Nullable PathRecord> all) {
        PathTarget target =
                new PathTarget(path, port, nextOrdinal++, head.stripes().count());
        PathRecord record = new PathRecord(target, port, this, described);
        records.add(record);
        port.join(record);
        life.pathJoined();
        emit(new MultipathEvent.PathAdded(now(), id(), path.name()));
        try {
            path.attach(new PathReports(record, all));
        } catch (RuntimeException e) {
            misbehaved(path.name(), "attach threw " + e);
        }
        capacity.described(record);
        pathsChanged();
        return record;
    }

    /** Whether a path of that geometry could be used as the device is now. */
    boolean sizeFits(Geometry geometry) {
        return records.isEmpty() || capacity.geometry().sizeBytes() == geometry.sizeBytes();
    }

    /** Asks every path for its size, and runs {@code then} when all have answered that can. */
    void confirmSize(Runnable then) {
        capacity.confirm(then);
    }

    /** Takes a path out: it gets nothing any more, and closes when what it has has ended. */
    void remove(PathRecord record, String reason) {
        if (!records.remove(record)) {
            return;
        }
        record.retire();
        life.pathLeft(record);
        emit(new MultipathEvent.PathRemoved(now(), id(), record.name(), reason));
        capacity.pathLeft();
        if (records.isEmpty()) {
            life.lastPathLeft(reason);
        }
        pathsChanged();
        closePath(record.path(), () -> {});
    }

    void closePath(DevicePath path, Runnable closed) {
        try {
            path.close(closed);
        } catch (RuntimeException e) {
            misbehaved(path.name(), "close threw " + e);
            closed.run();
        }
    }

    /** How {@code answer} contradicts what this path, or another, is known to lead to. */
    Optional<String> contradiction(@Nullable PathRecord asked, PathDescription answer) {
        Optional<String> contradiction =
                asked == null ? Optional.empty() : asked.description().known().contradiction(answer);
        for (PathRecord record : records) {
            if (contradiction.isPresent()) {
                break;
            }
            if (record != asked && !record.description().leadsElsewhere()) {
                contradiction = record.description().known().contradiction(answer);
            }
        }
        return contradiction;
    }

    void described(PathRecord record) {
        capacity.described(record);
        pathsChanged();
    }

    void beginChanges() {
        batches++;
    }

    void endChanges() {
        batches--;
        if (batches == 0 && batchDirty) {
            batchDirty = false;
            pathsChanged();
        }
    }

    /** Something about the paths, or about what is to be done without any, is not what it was. */
    void pathsChanged() {
        if (batches > 0) {
            batchDirty = true;
            return;
        }
        ImmutableList.Builder<PathView> built = ImmutableList.builderWithExpectedSize(records.size());
        boolean mayReturn = life.removalPending();
        for (PathRecord record : records) {
            record.refreshPreference();
            built.add(record.view());
            mayReturn |= record.mayReturn();
        }
        List<PathView> before = views;
        views = built.build();
        tier = Tier.of(views, policy, environment.numa(), tier, this::misbehaved);
        noPathWait.update(!tier.isEmpty(), mayReturn, noPath);
        tellUsable(before);
        tellNoPath();
        publish();
        drainAndPublish();
        quiescence.check();
    }

    private void publish() {
        DeviceState state = state();
        PathTable before = head.table();
        boolean direct = state == DeviceState.LIVE && waiting.isEmpty();
        head.publish(new PathTable(
                before.version() + 1,
                direct,
                state,
                capacity.geometry(),
                tier.paths(),
                tier.selector(),
                policy.countsInFlight(),
                ImmutableList.copyOf(views),
                policy,
                noPath,
                life.removalDelayNanos()));
        if (before.state() != state) {
            emit(new MultipathEvent.DeviceStateChanged(now(), id(), before.state(), state));
        }
    }

    private DeviceState state() {
        if (life.ended()) {
            return DeviceState.CLOSED;
        }
        if (quiescence.wanted()) {
            return DeviceState.QUIESCED;
        }
        if (!tier.isEmpty()) {
            return DeviceState.LIVE;
        }
        if (life.removalPending()) {
            return DeviceState.REMOVING;
        }
        return noPathWait.failing().isEmpty() ? DeviceState.WAITING : DeviceState.FAILED;
    }

    private void tellUsable(List<PathView> before) {
        for (PathView view : views) {
            String was = "is new";
            for (PathView old : before) {
                if (old.record() == view.record()) {
                    was = old.reason();
                }
            }
            if (was.isEmpty() != view.usable() && !(was.equals("is new") && !view.usable())) {
                emit(new MultipathEvent.PathUsable(
                        now(), id(), view.record().name(), view.usable(), view.usable() ? was : view.reason()));
            }
        }
    }

    private void tellNoPath() {
        String failing = tier.isEmpty() && !life.ended() ? noPathWait.failing() : "";
        if (!failing.isEmpty() && toldFailing.isEmpty()) {
            emit(new MultipathEvent.NoPathLeft(now(), id(), failing));
        }
        toldFailing = failing;
        if (!tier.isEmpty()) {
            toldRequeueing = false;
        }
    }

    // requests off the hot path

    /** Takes over the flights that came through the door. */
    void answerDoor() {
        WaitingList arrived = head.takeDoor();
        surroundings.reports().carryOut(); // what the paths of these failures had reported before them
        for (Flight flight = arrived.poll(); flight != null; flight = arrived.poll()) {
            flight.takeControl();
            PathFailure failure = flight.takeFailure();
            if (failure != null) {
                judge(flight, failure);
            } else if (flight.stripe == null && !life.ended()) {
                overflow.add(flight);
            } else {
                place(flight);
            }
        }
    }

    private void judge(Flight flight, PathFailure failure) {
        PathRecord record = recordOf(flight.target);
        if (record != null) {
            record.countError();
        }
        flight.residue = Judgement.residue(flight, failure);
        long done =
                Judgement.resumableBytes(flight, failure, capacity.geometry().logicalBlockSize());
        if (done > 0) {
            flight.resumeBehind(done);
        }
        boolean replay = Judgement.mayReplay(flight, failure.certainty(), settings.unsafeReplayOfUnknownWrites());
        switch (failure.verdict()) {
            case FAIL -> end(flight, Judgement.ending(failure.status(), flight.residue), "");
            case RETRY -> {
                if (!replay || flight.retries >= Judgement.MAX_RETRIES || life.ended()) {
                    end(flight, Judgement.ending(failure.status(), flight.residue), "");
                    return;
                }
                flight.retries++;
                flight.pinned = flight.target;
                if (record != null) {
                    record.countRetry();
                }
                pauses.begin(flight, failure.retryDelayNanos());
            }
            case FAIL_OVER -> {
                if (record != null) {
                    record.failed(failure.cause(), flight.tableVersion);
                }
                if (!replay) {
                    end(flight, Judgement.ending(failure.status(), flight.residue), "");
                    return;
                }
                tally.failovers++;
                if (record != null) {
                    record.countFailover();
                }
                flight.pinned = null;
                place(flight);
            }
        }
    }

    private @Nullable PathRecord recordOf(@Nullable PathTarget target) {
        for (PathRecord record : records) {
            if (record.target() == target) {
                return record;
            }
        }
        return null;
    }

    /** Sends the flight behind those that wait already, or lets it wait too, or ends it. */
    private void place(Flight flight) {
        waiting.add(flight);
        drain();
        if (flight.stage() == Flight.Stage.CONTROLLED && tier.isEmpty() && !flight.countedAsWaiting && !life.ended()) {
            countAsWaiting(flight);
        }
        if (head.table().direct() != (state() == DeviceState.LIVE && waiting.isEmpty())) {
            publish();
        }
    }

    private void countAsWaiting(Flight flight) {
        if (noPathWait.failing().isEmpty() && !quiescence.wanted()) {
            flight.countedAsWaiting = true;
            tally.requeues++;
            if (!toldRequeueing) {
                toldRequeueing = true;
                emit(new MultipathEvent.Requeueing(now(), id()));
            }
        }
    }

    /** Serves those that wait, in order, as far as that is possible now. */
    private void drain() {
        while (!waiting.isEmpty()) {
            boolean failing = tier.isEmpty() && !noPathWait.failing().isEmpty();
            if (!life.ended() && (quiescence.wanted() || (tier.isEmpty() && !failing))) {
                return;
            }
            Flight flight = waiting.poll();
            if (flight == null) {
                return;
            }
            if (life.ended()) {
                end(flight, Judgement.ending(life.endedAs(), flight.residue), life.endReason());
            } else if (failing) {
                tally.noPathFailures++;
                end(flight, Judgement.ending(IoStatus.NO_PATH, flight.residue), noPathWait.failing());
            } else if (!send(flight)) {
                waiting.putBack(flight);
                return;
            }
        }
    }

    /** Sends to the path that the flight is pinned to, or to the chosen one, or to any that has room; false when none has. */
    private boolean send(Flight flight) {
        IoStatus unfit = Fitness.unfit(flight, capacity.geometry());
        if (unfit != null) {
            end(flight, unfit, Fitness.explain(unfit, flight, capacity.geometry()));
            return true;
        }
        if (head.splitIfTooLong(flight, capacity.geometry())) {
            return true;
        }
        PathTarget[] paths = tier.paths();
        int first = firstChoice(flight, paths);
        for (int i = 0; i < paths.length; i++) {
            PathTarget target = paths[(first + i) % paths.length];
            PathRecord record = recordOf(target);
            if (record != null && !record.full()) {
                flight.relaunch();
                if (head.send(
                        flight, target, policy.countsInFlight(), head.table().version())) {
                    return true;
                }
                flight.takeControl();
                record.full(true);
            }
        }
        return false;
    }

    private int firstChoice(Flight flight, PathTarget[] paths) {
        for (int i = 0; i < paths.length; i++) {
            if (paths[i] == flight.pinned) {
                return i;
            }
        }
        return head.select(flight, tier.selector(), paths.length);
    }

    void roomAgain(PathRecord record) {
        record.full(false);
        drainAndPublish();
    }

    private void drainAndPublish() {
        if (!waiting.isEmpty()) {
            drain();
            if (waiting.isEmpty() && head.table().state() == DeviceState.LIVE) {
                publish();
            }
        }
    }

    /** Ends a flight that the control loop owns. */
    private void end(Flight flight, IoStatus status, String why) {
        if (status == IoStatus.OUTCOME_UNKNOWN) {
            tally.unknownOutcomes++;
        }
        flight.settle(status, flight.residue, why);
        head.finish(flight);
    }

    // time

    /** The registry's tick. */
    void tick(long now) {
        head.stripes().scan(flight -> expire(flight, now));
        waiting.removeIf(flight -> expireWaiting(flight, now));
        pauses.removeIf(flight -> expireControlled(flight, now));
        overflow.removeIf(flight -> expireWaiting(flight, now));
        overflow.admit();
        for (PathRecord record : records) {
            record.full(false);
        }
        drainAndPublish();
        quiescence.check();
    }

    /** Where a path is waited for without a bound, the device's time-out starts afresh when one is there. */
    private boolean expireWaiting(Flight flight, long now) {
        if (tier.isEmpty() && noPath.waitNanos() == Long.MAX_VALUE && !flight.ownDeadline) {
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

    private void expire(Flight flight, long now) {
        long stamp = flight.attempt().stamp();
        if (flight.stage() == Flight.Stage.LAUNCHED
                && CoarseClock.passed(flight.deadlineNanos, now)
                && abandon(flight, stamp, IoStatus.TIMED_OUT, "its deadline passed while a path had it")) {
            tally.timeouts++;
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
        flight.settle(Judgement.ending(status, flight.residue), flight.residue, why);
        flight.linger();
        head.tell(flight);
        return true;
    }

    // attributes and life

    void policy(IoPolicy value) {
        if (!tier.isEmpty()) {
            // One that throws does so here, before anything is changed, and its user is told.
            value.selector(ImmutableList.copyOf(tier.paths()), environment.numa());
        }
        changed("policy", policy.name(), value.name());
        policy = value;
        pathsChanged();
    }

    void noPath(NoPathPolicy value) {
        changed("no-path", noPath.toString(), value.toString());
        noPath = value;
        pathsChanged();
    }

    private void changed(String attribute, String from, String to) {
        if (!from.equals(to)) {
            emit(new MultipathEvent.AttributeChanged(now(), id(), attribute, from, to));
        }
    }

    /** Any thread. */
    CompletableFuture<Void> quiesce(Runnable begun) {
        return quiescence.begin(begun);
    }

    /** Any thread. */
    CompletableFuture<Void> resume(BooleanSupplier owned) {
        return quiescence.end(owned);
    }

    /** Ends a quiesce whose owner is gone. */
    void abandonQuiesce() {
        quiescence.abandon();
    }

    /** Answers what it holds, now that the life of the device has ended. */
    void answerAll() {
        pauses.endAll();
        overflow.endAll();
        noPathWait.cancel();
        capacity.pathLeft();
        pathsChanged();
    }

    /** Every request was answered. */
    void finished() {
        quiescence.over();
    }

    /** A path or a policy broke its contract. Any thread; told once a second at most. */
    void misbehaved(String who, String what) {
        long now = now();
        long last = lastMisbehaviour.get();
        if (now - last >= FailureEvents.INTERVAL_NANOS && lastMisbehaviour.compareAndSet(last, now)) {
            emit(new MultipathEvent.PathMisbehaved(now, id(), who, what));
        }
    }

    // what the parts share

    DeviceLife life() {
        return life;
    }

    DeviceTally tally() {
        return tally;
    }

    Overflow overflow() {
        return overflow;
    }

    List<PathRecord> records() {
        return records;
    }

    int waiting() {
        return waiting.size() + overflow.size();
    }

    Environment environment() {
        return environment;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    DeviceId id() {
        return head.id();
    }

    long now() {
        return environment.ticker().nanos();
    }

    long tableVersion() {
        return head.table().version();
    }

    void emit(MultipathEvent event) {
        surroundings.events().emit(event);
    }
}
