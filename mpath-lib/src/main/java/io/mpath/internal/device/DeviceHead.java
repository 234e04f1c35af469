package io.mpath.internal.device;

import com.google.common.collect.ImmutableList;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.DeviceState;
import io.mpath.Effect;
import io.mpath.Geometry;
import io.mpath.IoChannel;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.internal.Durations;
import io.mpath.internal.io.Attempt;
import io.mpath.internal.io.ChannelCount;
import io.mpath.internal.io.CompletionQueue;
import io.mpath.internal.io.Fitness;
import io.mpath.internal.io.Flight;
import io.mpath.internal.io.FlightOwner;
import io.mpath.internal.io.Lane;
import io.mpath.internal.io.PathTarget;
import io.mpath.internal.io.PortFlush;
import io.mpath.internal.io.PortRecord;
import io.mpath.internal.io.Splitter;
import io.mpath.internal.io.Stripe;
import io.mpath.internal.io.Stripes;
import io.mpath.observe.DeviceSnapshot;
import io.mpath.path.Abortable;
import io.mpath.path.Certainty;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.policy.PathSelector;
import io.mpath.policy.SelectorCursor;
import io.mpath.policy.ServiceHistory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The data side of a device: takes a request, reads the path table, lets the selector choose, and hands the request to the
 * path; when that ends well, calls back. Everything else leaves through the {@link Door}.
 *
 * <p>Threading: any thread submits, any thread completes. {@code table} is written by the control loop with a volatile store
 * and read after a slot was claimed: see {@link Stripe} for why that order matters. {@code overflowing} is a hint written by the
 * control loop; who misses it is made up for by the next tick.
 */
final class DeviceHead extends DeviceAttributes implements FlightOwner {
    private static final VarHandle TABLE;
    private static final long STRAY_EVENTS = 1024;

    static {
        try {
            TABLE = MethodHandles.lookup().findVarHandle(DeviceHead.class, "table", PathTable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final DeviceId id;
    private final Surroundings surroundings;
    private final Departures departures;
    private final Stripes stripes;
    private final Doubts doubts;
    private final DeviceControl control;
    private final Door door;
    private final long requestNanos;
    private final long ioNanos;
    private final AtomicBoolean admitting = new AtomicBoolean();

    @SuppressWarnings("unused") // through TABLE
    private volatile PathTable table;

    private volatile boolean overflowing;
    private volatile boolean ordering;
    private volatile @Nullable String endReason;
    private volatile IoStatus endedAs = IoStatus.CLOSED;

    /** A device of {@code first}'s identity, with no path yet. */
    DeviceHead(PathDescription first, DeviceSettings settings, Surroundings surroundings, Departures departures) {
        this.id = first.id();
        this.surroundings = surroundings;
        this.departures = departures;
        this.requestNanos = Durations.nanos("request time-out", settings.requestTimeout());
        this.ioNanos = Durations.nanos("I/O time-out", settings.ioTimeout());
        var environment = surroundings.environment();
        this.stripes = new Stripes(
                environment.stripes(),
                settings.maxInFlight(),
                environment.numa(),
                environment.entropy().nextInt(Integer.MAX_VALUE));
        Tier none = Tier.empty(settings.policy());
        this.table = new PathTable(
                0,
                false,
                DeviceState.WAITING,
                first.geometry(),
                none.paths(),
                none.selector(),
                false,
                false,
                ImmutableList.of(),
                settings.policy(),
                settings.noPath(),
                0);
        this.doubts = Doubts.open(environment.ticker(), id);
        this.control = new DeviceControl(this, doubts, surroundings, settings, first);
        this.door = new Door(environment.loop(), () -> control.requests().answerDoor());
    }

    @Override
    protected void launch(Flight flight, boolean waits) {
        flight.begin(this, ioNanos);
        flight.waitsWhenFull = waits;
        if (!flight.isPart()) {
            flight.ownDeadline = flight.timeoutNanos() != 0;
            stampDeadline(flight);
        }
        // Who comes after those that wait for a slot does not take it from them.
        if (overflowing || !stripes.claim(flight)) {
            full(flight);
            return;
        }
        route(flight, null);
    }

    /** As {@link #launch(Flight, boolean)}, through {@code channel}, by its owner. */
    void launch(Flight flight, Channel channel) {
        flight.begin(this, ioNanos);
        flight.channel = channel.ended();
        flight.ownDeadline = flight.timeoutNanos() != 0;
        stampDeadline(flight);
        if (channel.stripe().claimAlone(flight)) {
            route(flight, channel);
        } else {
            full(flight);
        }
    }

    /** What a submitter does with a flight that has a slot: sends it, when that may be done at once. */
    private void route(Flight flight, @Nullable Channel channel) {
        // Its range is published before the table and the doubts are read: whoever is about to change those finds it.
        boolean apart = flight.cleared || !flight.changesRange() || stripes.publishRange(flight);
        PathTable now = (PathTable) TABLE.getVolatile(this);
        IoStatus unfit = Fitness.unfit(flight, now.geometry());
        if (unfit != null || now.closed()) {
            endUnsent(flight, unfit, now);
            return;
        }
        if (splitIfTooLong(flight, now.geometry())) {
            return;
        }
        flight.cleared = flight.cleared
                || (apart
                        && !(flight.changesRange()
                                && doubts.touches(flight.offset(), flight.offset() + flight.length())));
        if (now.direct() && flight.cleared) {
            boolean sent = channel == null ? sendChosen(flight, now) : channel.sendChosen(flight, now);
            if (!sent) {
                door.enter(flight);
            }
        } else {
            door.enter(flight);
        }
    }

    private boolean sendChosen(Flight flight, PathTable now) {
        int chosen = select(flight, now.selector(), now.tier().length, now.countsInFlight());
        return send(flight, now.tier()[chosen], now.countsInFlight(), now.timesRequests(), now.version());
    }

    /** The index of the chosen path; the first one's when the selector breaks its contract. */
    int select(Flight flight, PathSelector selector, int count, boolean counts) {
        try {
            SelectorCursor cursor = stripeOf(flight).cursor();
            if (counts) {
                cursor.request(flight.length());
            }
            int chosen = selector.select(cursor);
            if (chosen >= 0 && chosen < count) {
                return chosen;
            }
            control.misbehaved("", "a selector chose " + chosen + " of " + count);
        } catch (Throwable t) {
            control.misbehaved("", "a selector threw " + t);
        }
        return 0;
    }

    /** Hands the flight to the path; false when that has no room, and the flight is the caller's again. */
    boolean send(Flight flight, PathTarget target, boolean counts, boolean times, long version) {
        prepare(flight, target, version);
        if (counts) {
            flight.countedAs = weightOf(flight);
            target.port().enter(flight.countedAs);
            flight.countedIn = target.port();
        }
        Lane lane;
        try {
            lane = target.lane(stripeOf(flight).index());
        } catch (Throwable t) {
            noQueue(flight, target, t);
            return true;
        }
        return hand(flight, target, lane, times);
    }

    /** What is true of a flight from when it is about to be given to {@code target}, by a table of {@code version}. */
    void prepare(Flight flight, PathTarget target, long version) {
        flight.target = target;
        flight.tableVersion = version;
        if (!flight.operation().harmless()) {
            target.markWritten();
        }
    }

    /** {@code target} was to make a queue for the flight, and threw. */
    void noQueue(Flight flight, PathTarget target, Throwable thrown) {
        control.misbehaved(target.name(), "openQueue threw " + thrown);
        flight.timed = false;
        failed(flight, PathFailure.failOver(Certainty.NOT_EXECUTED, "its openQueue threw " + thrown), true);
    }

    /** Gives a flight that was prepared to the path by {@code lane}; false when that has no room. */
    boolean hand(Flight flight, PathTarget target, Lane lane, boolean times) {
        flight.lane = lane;
        Attempt attempt = flight.attempt();
        flight.sentNanos = surroundings.clock().nanos();
        flight.timed = times && isTimed(flight, lane, target.history());
        if (flight.timed) {
            flight.timedSinceNanos = surroundings.environment().ticker().nanos();
            flight.timedAmong = target.port().inFlight();
        }
        long length = attempt.length();
        long tag = attempt.arm();
        boolean taken = false;
        PathFailure thrown = null;
        try {
            taken = lane.queue().submit(attempt);
        } catch (Throwable t) {
            control.misbehaved(target.name(), "submit threw " + t);
            thrown = PathFailure.failOver(Certainty.UNKNOWN, "its submit threw " + t);
        }
        switch (attempt.settle(tag, taken)) {
            case TAKEN -> lane.count(length);
            case ENDED_INLINE -> {
                lane.count(length);
                PathFailure failure = attempt.inlineFailure();
                if (failure == null) {
                    succeeded(flight, true);
                } else {
                    failed(flight, failure, true);
                }
            }
            case RETURNED -> {
                if (thrown == null) {
                    uncount(flight);
                    return false;
                }
                failed(flight, thrown, true); // it may have the request nevertheless: nobody knows
            }
        }
        return true;
    }

    /** What it counts for while it is in flight. */
    static long weightOf(Flight flight) {
        IoOperation operation = flight.operation();
        boolean carries = operation != IoOperation.DISCARD && operation != IoOperation.WRITE_ZEROES;
        return PortRecord.weight(carries ? flight.attempt().length() : 0);
    }

    private static boolean isTimed(Flight flight, Lane lane, ServiceHistory history) {
        IoOperation operation = flight.operation();
        return (operation == IoOperation.READ || operation == IoOperation.WRITE)
                && (history.takeWanted() || lane.timesNext(flight.sentNanos));
    }

    private static Stripe stripeOf(Flight flight) {
        return Objects.requireNonNull(flight.stripe, "a flight without a slot");
    }

    @Override
    public void succeeded(Flight flight, boolean inline) {
        timed(flight, true);
        if (flight.countedBy == null) { // a channel's owner takes it off when it polls
            uncount(flight);
        }
        flight.settle(IoStatus.SUCCESS, Effect.DONE, null);
        finish(flight);
    }

    @Override
    public void failed(Flight flight, PathFailure failure, boolean inline) {
        timed(flight, false);
        uncount(flight);
        flight.noteFailure(failure);
        door.enter(flight);
    }

    private static void uncount(Flight flight) {
        PortRecord port = flight.countedIn;
        if (port != null) {
            flight.countedIn = null;
            port.leave(flight.countedAs);
        }
        ChannelCount count = flight.countedBy;
        if (count != null) {
            flight.countedBy = null;
            count.leaveElsewhere(flight.countedAs);
        }
    }

    private void timed(Flight flight, boolean succeeded) {
        PathTarget target = flight.target;
        if (!flight.timed || target == null) {
            return;
        }
        long now = surroundings.environment().ticker().nanos();
        if (succeeded) {
            target.history().ended(flight.timedSinceNanos, now, flight.timedAmong);
        } else {
            target.history().failed(flight.timedSinceNanos, now, flight.timedAmong);
        }
    }

    /** Ends a settled flight: gives its slot back, and tells. */
    void finish(Flight flight) {
        if (flight.settledWell()) {
            flight.advanceBuffers();
        }
        release(flight);
        tell(flight);
    }

    /** Tells the end where callbacks of such a flight run: never on the control loop, though a path may complete there. */
    void tell(Flight flight) {
        CompletionQueue channel = flight.channel;
        if (channel != null) {
            channel.add(flight);
        } else if (flight.detoured || surroundings.environment().loop().inLoop()) {
            surroundings
                    .environment()
                    .completions()
                    .execute(() -> surroundings.trampolines().tellEnd(flight));
        } else {
            surroundings.trampolines().tellEnd(flight);
        }
    }

    private void release(Flight flight) {
        boolean hadRange = flight.hasRange();
        stripes.release(flight);
        if (hadRange && endReason != null) {
            surroundings
                    .environment()
                    .loop()
                    .execute(() -> control.requests().holding().underWayEnded(flight));
        }
        if ((overflowing || (hadRange && ordering)) && admitting.compareAndSet(false, true)) {
            surroundings.environment().loop().execute(() -> {
                admitting.set(false);
                control.requests().slotGivenBack();
            });
        }
    }

    private void full(Flight flight) {
        if (flight.waitsWhenFull && !table().closed()) {
            door.enter(flight);
        } else if (table().closed()) {
            endUnsent(flight, null, table());
        } else {
            String who = flight.channel == null ? "the device" : "the channel";
            flight.settle(IoStatus.QUEUE_FULL, Effect.NONE, who + " has as many requests as it takes at once");
            finish(flight);
        }
    }

    private void endUnsent(Flight flight, @Nullable IoStatus unfit, PathTable now) {
        if (now.closed() || unfit == null) {
            flight.settle(endedAs, Effect.NONE, endReason);
        } else {
            flight.settle(unfit, Effect.NONE, Fitness.explain(unfit, flight, now.geometry()));
        }
        finish(flight);
    }

    /**
     * Sends it in pieces when it is longer than its paths take, and tells whether it was. A flush that must reach several ports is
     * longer than any path takes, so that nothing else pays for the question; the control loop sends its parts.
     */
    boolean splitIfTooLong(Flight flight, Geometry geometry) {
        long limit = Fitness.pieceLimit(flight.operation(), geometry);
        if (flight.length() <= limit) {
            return false;
        }
        if (flight.operation() == IoOperation.FLUSH) {
            door.enter(flight);
            return true;
        }
        // A change that was sent before may have landed: nothing may come between it and the last of its pieces.
        Doubt replay = flight.target != null && flight.changesRange()
                ? control.requests().holding().replayInPieces(flight)
                : null;
        release(flight);
        Splitter.split(flight, limit, piece -> launch(piece, true), whole -> {
            if (replay != null) {
                control.requests().holding().piecesEnded(replay);
            }
            finish(whole);
        });
        return true;
    }

    /** Sends a flush to the ports of {@code targets}. */
    void flushPorts(Flight whole, Collection<PathTarget> targets) {
        release(whole);
        PortFlush.send(whole, targets, part -> launch(part, true), this::finish);
    }

    /** A time-out of the request's own is kept to the letter; the device's is measured by the coarse clock, which costs nothing. */
    void stampDeadline(Flight flight) {
        long own = flight.timeoutNanos();
        flight.deadlineNanos = own != 0
                ? CoarseClock.after(surroundings.environment().ticker().nanos(), own)
                : CoarseClock.after(
                        surroundings.clock().nanos(),
                        Durations.sum(requestNanos, DeviceSettings.tick().toNanos()));
    }

    @Override
    public void endedLate(Flight flight, @Nullable PathFailure failure) {
        control.tally().late.increment();
        timed(flight, failure == null);
        uncount(flight);
        boolean mayBeFenced = control.keyPerPath() && !flight.operation().harmless();
        if (flight.changesRange() || mayBeFenced) {
            // The slot, with its range, is given back behind the decision whether that range is still in doubt.
            surroundings.environment().loop().execute(() -> {
                control.requests().handedBack(flight, failure);
                attemptOver(flight);
            });
        } else {
            attemptOver(flight);
        }
    }

    private void attemptOver(Flight flight) {
        release(flight);
        if (flight.attemptOver()) {
            flight.passRelease(surroundings.environment().completions());
        }
    }

    @Override
    public void stray(Flight flight) {
        control.tally().stray.increment();
        if (control.tally().stray.sum() % STRAY_EVENTS == 1) {
            PathTarget target = flight.target;
            control.misbehaved(target == null ? "" : target.name(), "ended an attempt that was not under way");
        }
    }

    /** Asks the path, if it can, to have the attempt given up that it had when {@code stamp} was read. */
    void askToAbort(Flight flight, long stamp) {
        PathTarget target = flight.target;
        Lane lane = flight.lane;
        if (target == null || lane == null) {
            return;
        }
        try {
            if (lane.queue() instanceof Abortable abortable) {
                abortable.abort(flight.attempt(), Attempt.tagOf(stamp));
            }
        } catch (Throwable t) {
            control.misbehaved(target.name(), "abort threw " + t);
        }
    }

    WaitingList takeDoor() {
        return door.takeAll();
    }

    void publish(PathTable next) {
        assert surroundings.environment().loop().inLoop() : "a second writer of the path table";
        assert next.version() > table().version() : "a table older than the one that it replaces";
        TABLE.setVolatile(this, next);
    }

    PathTable table() {
        return (PathTable) TABLE.getVolatile(this);
    }

    Stripes stripes() {
        return stripes;
    }

    void overflowing(boolean value) {
        overflowing = value;
    }

    void ordering(boolean value) {
        ordering = value;
    }

    @Override
    Doubts doubts() {
        return doubts;
    }

    void pathLeft(PathRecord record) {
        departures.pathLeft(record);
    }

    void ended(IoStatus as, String reason) {
        endedAs = as;
        endReason = reason;
        doubts.stopSending();
        departures.deviceEnded(this);
    }

    void finished() {
        doubts.close(surroundings.environment().ticker().nanos());
        departures.deviceFinished(this);
    }

    /** The control side; for the control loop. */
    @Override
    DeviceControl control() {
        return control;
    }

    @Override
    public IoChannel openChannel(int depth) {
        return new Channel(this, depth, surroundings.environment().numa());
    }

    @Override
    public DeviceId id() {
        return id;
    }

    @Override
    public Geometry geometry() {
        return table().geometry();
    }

    @Override
    public String describe() {
        return id.toString();
    }

    @Override
    public DeviceSnapshot snapshot() {
        return Snapshots.of(this, table());
    }

    @Override
    public String toString() {
        return id + " (" + table().state() + ")";
    }
}
