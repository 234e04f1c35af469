package io.mpath.internal.device;

import com.google.common.collect.ImmutableList;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.DeviceState;
import io.mpath.Environment;
import io.mpath.Geometry;
import io.mpath.NoPathPolicy;
import io.mpath.internal.io.PathTarget;
import io.mpath.internal.io.Stripes;
import io.mpath.internal.reservation.Member;
import io.mpath.internal.reservation.ReservationControl;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.DevicePath;
import io.mpath.path.PathDescription;
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
 * The control side of a device: the only writer of its state. It keeps the paths and the attributes, and publishes the path
 * table; what becomes of requests that have left the hot path is decided by its {@link RequestControl}.
 *
 * <p>Threading: every method runs on the control loop, unless it says otherwise.
 */
final class DeviceControl {
    private static final int USUAL_PATHS = 4;

    private final DeviceHead head;
    private final Surroundings surroundings;
    private final Environment environment;
    private final DeviceLife life;
    private final DeviceTally tally = new DeviceTally();
    private final List<PathRecord> records = new ArrayList<>(USUAL_PATHS);
    private final DeviceDescription description;
    private final Capacity capacity;
    private final NoPathWait noPathWait;
    private final RequestControl requests;
    private final Quiescence quiescence;
    private final DeviceHealth health;
    private final AtomicLong lastMisbehaviour;
    private final boolean holdAtOpen;
    private final boolean keyPerPath;

    private @Nullable ReservationControl reservations;
    private IoPolicy policy;
    private NoPathPolicy noPath;
    private Tier tier;
    private int nextOrdinal;
    private boolean bulk;
    private boolean changed;
    private @Nullable PathRecord changedAlone;
    private String toldFailing = "";
    private List<PathView> views = ImmutableList.of();

    DeviceControl(
            DeviceHead head, Doubts doubts, Surroundings surroundings, DeviceSettings settings, PathDescription first) {
        this.head = head;
        this.surroundings = surroundings;
        this.environment = surroundings.environment();
        this.policy = settings.policy();
        this.noPath = settings.noPath();
        this.tier = Tier.empty(policy);
        this.description = new DeviceDescription(first);
        this.capacity = new Capacity(this, records, first.geometry());
        this.noPathWait = new NoPathWait(environment, this::pathsChanged);
        this.life = new DeviceLife(this, head, settings);
        this.requests = new RequestControl(this, head, doubts, settings);
        this.holdAtOpen = settings.holdAtOpen();
        this.keyPerPath = settings.keyPerPath();
        this.quiescence = new Quiescence(environment, head.stripes(), this::pathsChanged);
        this.health = new DeviceHealth(records, head.stripes(), settings, now());
        this.lastMisbehaviour = new AtomicLong(now() - FailureEvents.INTERVAL_NANOS);
    }

    /** Takes a path in; it was described and does not contradict the device. */
    PathRecord join(
            DevicePath path,
            PortState port,
            PathDescription described,
            Function<DevicePath, @Nullable PathRecord> all) {
        PathTarget target =
                new PathTarget(path, port, nextOrdinal++, head.stripes().count());
        PathRecord record = new PathRecord(target, port, this, asKnown(described));
        if (holdAtOpen) {
            requests.holding().doubtAll(target);
        }
        records.add(record);
        description.learn(described);
        if (reservations != null) {
            reservations.joined(record.member());
        }
        port.join(record);
        life.pathJoined();
        requests.flushes().pathJoined(record);
        emit(new MultipathEvent.PathAdded(now(), id(), path.name()));
        try {
            path.attach(new PathReports(record, all));
        } catch (Throwable t) {
            misbehaved(path.name(), "attach threw " + t);
        }
        capacity.described(record);
        pathsChanged();
        return record;
    }

    /** What another path said, where it said the same: ten thousand devices keep it once each. */
    private PathDescription asKnown(PathDescription described) {
        for (PathRecord record : records) {
            if (record.description().known().equals(described)) {
                return record.description().known();
            }
        }
        return described;
    }

    /**
     * Whether a path that joins and says so could be used as the device is now, or the device be made to fit it. Where no path is
     * left that could be asked, a unit of another size is believed to be this one, grown, when it says all else that is known of it
     * (of SCSI that includes the serial number). One that is smaller is not: what waits to be written may lie behind its end, and
     * nobody is there to confirm it. It has to wait until this device is gone.
     */
    boolean sizeFits(PathDescription joining) {
        long size = joining.geometry().sizeBytes();
        long known = capacity.geometry().sizeBytes();
        return size == known
                || (size > known
                        && records.stream()
                                .allMatch(record -> record.description().leadsElsewhere())
                        && description.borneOutBy(joining));
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
        if (reservations != null) {
            reservations.left(record.member());
        }
        life.pathLeft(record);
        requests.flushes().pathLeft(record);
        emit(new MultipathEvent.PathRemoved(now(), id(), record.name(), reason));
        capacity.pathLeft();
        if (records.isEmpty()) {
            life.lastPathLeft(reason);
        }
        pathsChanged();
        life.close(record.path());
    }

    void closePath(DevicePath path, Runnable closed) {
        try {
            path.close(closed);
        } catch (Throwable t) {
            misbehaved(path.name(), "close threw " + t);
            closed.run();
        }
    }

    /** How {@code answer} contradicts what the device is by all that its paths have said, those that have left included. */
    Optional<String> contradiction(PathDescription answer) {
        return description.contradiction(answer);
    }

    /** A path of the device says so, and contradicts nothing. */
    void learn(PathDescription answer) {
        description.learn(answer);
    }

    void described(PathRecord record) {
        capacity.described(record);
        pathsChanged();
    }

    /** What changes from here on is in one table, at the end; false when that was said before. */
    boolean beginChanges() {
        boolean begins = !bulk;
        bulk = true;
        return begins;
    }

    void endChanges() {
        bulk = false;
        if (changed) {
            makeTable();
        }
    }

    /** Something about the paths, or about what is to be done without any, is not what it was. */
    void pathsChanged() {
        note(null);
    }

    /** The access state of {@code record}, or its preference, is not what it was. */
    void pathChanged(PathRecord record) {
        note(reservations == null ? record : null); // by its state those may let the others be used, or not
    }

    private void note(@Nullable PathRecord alone) {
        changedAlone = changed && changedAlone != alone ? null : alone;
        changed = true;
        if (!bulk) {
            makeTable();
        }
    }

    private void makeTable() {
        PathRecord alone = changedAlone;
        changedAlone = null;
        changed = false;
        if (reservations != null) {
            reservations.pathsChanged();
        }
        List<PathView> before = views;
        views = viewsBehind(before, alone);
        tier = Tier.of(views, policy, environment.numa(), tier, this::misbehaved);
        noPathWait.update(!tier.isEmpty(), tier.isEmpty() && mayReturn(), noPath);
        tellUsable(before);
        tellNoPath();
        publish();
        requests.serve();
        quiescence.check();
    }

    /** The states of all paths; none but that of {@code alone}, unless that is null, is another than {@code before}. */
    private ImmutableList<PathView> viewsBehind(List<PathView> before, @Nullable PathRecord alone) {
        ImmutableList.Builder<PathView> built = ImmutableList.builderWithExpectedSize(records.size());
        for (int i = 0; i < records.size(); i++) {
            PathRecord record = records.get(i);
            boolean kept = alone != null
                    && alone != record
                    && i < before.size()
                    && before.get(i).record() == record;
            if (kept) {
                assert before.get(i).equals(record.view()) : "unsaid: " + before.get(i) + " is " + record.view();
                built.add(before.get(i));
            } else {
                built.add(record.view());
            }
        }
        return built.build();
    }

    /** Whether some path may be usable again. */
    private boolean mayReturn() {
        boolean mayReturn = life.removalPending();
        boolean allLeave = !records.isEmpty();
        for (PathRecord record : records) {
            mayReturn |= record.mayReturn();
            allLeave &= record.leaving();
        }
        // Those that leave take nothing along that a new path could not serve, for as long as the device outlives them.
        // With one that stays, of no use as it is, the device is not removed, and no delay would end the wait.
        return mayReturn || (allLeave && life.removalDelayNanos() > 0);
    }

    /** Publishes a table again when requests begin or cease to wait: submitters do not overtake those that do. */
    void publishWaiting() {
        if (head.table().direct() != mayBeDirect()) {
            publish();
        }
    }

    private boolean mayBeDirect() {
        return state() == DeviceState.LIVE && requests.isEmpty();
    }

    private void publish() {
        DeviceState state = state();
        PathTable before = head.table();
        head.publish(new PathTable(
                before.version() + 1,
                mayBeDirect(),
                state,
                capacity.geometry(),
                tier.paths(),
                tier.selector(),
                tier.countsInFlight(),
                tier.timesRequests(),
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
            if (before.contains(view)) {
                continue;
            }
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
            requests.pathUsable();
        }
    }

    void policy(IoPolicy value) {
        if (!tier.isEmpty()) {
            // One that throws does so here, before anything is changed, and its user is told.
            value.selector(ImmutableList.copyOf(tier.paths()), environment.numa());
            value.countsInFlight();
            value.timesRequests();
        }
        attributeChanged("policy", policy.name(), value.name());
        policy = value;
        pathsChanged();
    }

    void noPath(NoPathPolicy value) {
        attributeChanged("no-path", noPath.toString(), value.toString());
        noPath = value;
        pathsChanged();
    }

    private void attributeChanged(String attribute, String from, String to) {
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

    /** Whether each path is registered with a key of its own. Any thread. */
    boolean keyPerPath() {
        return keyPerPath;
    }

    /** Its reservations are used from here on. */
    void keep(ReservationControl engine) {
        reservations = engine;
        records.forEach(record -> engine.joined(record.member()));
        if (life.ended()) {
            engine.end();
        }
    }

    /** A path says that what is registered or reserved may not be what it was. */
    void reservationsMayHaveChanged() {
        if (reservations != null) {
            reservations.mayHaveChanged();
        }
    }

    /** What some path lost can take effect no more. */
    void reservationsFenced() {
        if (reservations != null) {
            reservations.fenced();
        }
    }

    /** A request met a reservation conflict. Whether that is only its path's, which is not registered yet. */
    boolean conflictOfPathAlone(@Nullable PathTarget target) {
        if (reservations == null || target == null) {
            return false;
        }
        PathRecord record = recordOf(target);
        if (record == null) {
            return reservations.keepsOut(target.path());
        }
        boolean alone = record.member().conflictsByItself();
        reservations.conflictMet(record.member());
        return alone;
    }

    /** A path, which may have left meanwhile, failed and lost a change that is held. */
    void writeLost(PathTarget target) {
        if (reservations != null) {
            reservations.writeLost(target.path());
        }
    }

    Member.Traffic trafficOf(PathTarget target) {
        return new PathTraffic(this, target);
    }

    Stripes stripes() {
        return head.stripes();
    }

    /** Ends a quiesce whose owner is gone. */
    void abandonQuiesce() {
        quiescence.abandon();
    }

    /** Answers what it holds, now that the life of the device has ended. */
    void answerAll() {
        requests.endAll();
        if (reservations != null) {
            reservations.end();
        }
        noPathWait.cancel();
        capacity.pathLeft();
        pathsChanged();
        // Behind the closed table: who is not found under way by now sends nothing any more.
        head.stripes().scanRanges((flight, from, to) -> requests.holding().endAround(flight));
    }

    /** The registry's tick. */
    void tick(long now) {
        requests.tick(now);
        quiescence.check();
        health.tick(now);
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

    DeviceLife life() {
        return life;
    }

    DeviceTally tally() {
        return tally;
    }

    RequestControl requests() {
        return requests;
    }

    DeviceHealth health() {
        return health;
    }

    Tier tier() {
        return tier;
    }

    Geometry geometry() {
        return capacity.geometry();
    }

    /** Why requests fail at once for want of a path, or empty. */
    String failing() {
        return noPathWait.failing();
    }

    boolean heldStill() {
        return quiescence.wanted();
    }

    /** Whether the wait for a path has no bound. */
    boolean waitsForEver() {
        return noPath.waitNanos() == Long.MAX_VALUE;
    }

    /** The record of the path that {@code target} stands for, or null when it has left. */
    @Nullable
    PathRecord recordOf(@Nullable PathTarget target) {
        for (PathRecord record : records) {
            if (record.target() == target) {
                return record;
            }
        }
        return null;
    }

    List<PathRecord> records() {
        return records;
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
