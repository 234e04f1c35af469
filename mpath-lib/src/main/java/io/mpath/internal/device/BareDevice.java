package io.mpath.internal.device;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.Effect;
import io.mpath.Environment;
import io.mpath.Geometry;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.internal.Durations;
import io.mpath.internal.device.BareDescription.Gate;
import io.mpath.internal.io.Attempt;
import io.mpath.internal.io.Fitness;
import io.mpath.internal.io.Flight;
import io.mpath.internal.io.FlightOwner;
import io.mpath.internal.io.FrontDoor;
import io.mpath.internal.io.Splitter;
import io.mpath.internal.loop.EnvironmentControl;
import io.mpath.path.Certainty;
import io.mpath.path.DevicePath;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One path as a device: requests go to it as they are and end as it ends them. No table, no slots, no counters, no deadlines
 * but the path's own. What comes while the path is asked for its identity waits for the answer; while it leads elsewhere, or
 * does not say where, requests end without being sent. The size is what the path said last.
 *
 * <p>Threading: any thread submits, the path's threads complete. {@code parked} and {@code held} belong to the control loop. A submitter that read
 * an older standing sends what was submitted at about the time of the report.
 */
final class BareDevice extends FrontDoor implements FlightOwner {
    private enum Stage {
        ATTACHING,
        OPEN,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(BareDevice.class);

    private final DevicePath path;
    private final PathQueue queue;
    private final DeviceId id;
    private final Surroundings surroundings;
    private final Neighbours neighbours;
    private final long ioNanos;
    private final long closeNanos;
    private final long holdNanos;
    private final Consumer<BareDevice> whenClosed;
    private final WaitingList parked = new WaitingList();
    private final WaitingList held = new WaitingList();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicBoolean told = new AtomicBoolean();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.ATTACHING);
    private final BareDescription description;

    /** @param whenClosed told once, by any thread; a {@link #close} returns behind it */
    BareDevice(
            DevicePath path,
            PathDescription described,
            DeviceSettings settings,
            Surroundings surroundings,
            Neighbours neighbours,
            Consumer<BareDevice> whenClosed) {
        this.path = path;
        this.id = described.id();
        this.surroundings = surroundings;
        this.neighbours = neighbours;
        this.whenClosed = whenClosed;
        this.ioNanos = Durations.nanos("I/O time-out", settings.ioTimeout());
        this.closeNanos = Durations.nanos("close time-out", settings.closeTimeout());
        this.holdNanos = Durations.nanos("hold", settings.hold());
        this.description =
                new BareDescription(path, describe(), described, surroundings.environment(), this::identified);
        this.queue = path.openQueue(QueueKind.SHARED);
        surroundings.environment().loop().execute(this::attach);
    }

    private void attach() {
        try {
            path.attach(new Reports());
        } catch (Throwable t) {
            LOG.warn("{}: its path threw when it was attached", this, t);
        }
        stage.compareAndSet(Stage.ATTACHING, Stage.OPEN);
    }

    @Override
    protected void launch(Flight flight, boolean waits) {
        long own = flight.timeoutNanos();
        flight.begin(this, own == 0 ? ioNanos : Math.min(own, ioNanos));
        if (stage.get() == Stage.ATTACHING) {
            surroundings.environment().loop().execute(() -> start(flight, waits)); // behind the attaching
        } else {
            start(flight, waits);
        }
    }

    private void start(Flight flight, boolean waits) {
        BareDescription.Standing standing = description.standing();
        if (standing.gate() == Gate.HELD && !closing()) {
            flight.waitsWhenFull = waits;
            surroundings.environment().loop().execute(() -> hold(flight));
            return;
        }
        if (standing.gate() == Gate.SHUT && !closing()) {
            end(flight, IoStatus.NO_PATH, Effect.NONE, standing.why());
            return;
        }
        Geometry now = standing.geometry();
        IoStatus unfit = closing() ? IoStatus.CLOSED : Fitness.unfit(flight, now);
        if (unfit != null) {
            end(flight, unfit, Effect.NONE, Fitness.explain(unfit, flight, now));
            return;
        }
        long limit = Fitness.pieceLimit(flight.operation(), now);
        if (flight.length() > limit) {
            Splitter.split(flight, limit, piece -> launch(piece, true), this::finish);
        } else if (!send(flight)) {
            if (waits) {
                surroundings.environment().loop().execute(() -> park(flight));
            } else {
                end(flight, IoStatus.QUEUE_FULL, Effect.NONE, "the path has no room");
            }
        }
    }

    /** Hands the flight to the path; false when that has no room. */
    private boolean send(Flight flight) {
        Attempt attempt = flight.attempt();
        long tag = attempt.arm();
        boolean taken = false;
        PathFailure thrown = null;
        try {
            taken = queue.submit(attempt);
        } catch (Throwable t) {
            thrown = PathFailure.failOver(Certainty.UNKNOWN, "its submit threw " + t);
        }
        switch (attempt.settle(tag, taken)) {
            case TAKEN -> {}
            case RETURNED -> {
                if (thrown == null) {
                    return false;
                }
                failed(flight, thrown, true);
            }
            case ENDED_INLINE -> {
                PathFailure failure = attempt.inlineFailure();
                if (failure == null) {
                    succeeded(flight, true);
                } else {
                    failed(flight, failure, true);
                }
            }
        }
        return true;
    }

    /** On the control loop, where the path's word that it has room arrives too, and cannot come in between. */
    private void park(Flight flight) {
        parked.add(flight);
        serve();
    }

    private void serve() {
        for (Flight flight = parked.poll(); flight != null; flight = parked.poll()) {
            BareDescription.Standing standing = description.standing();
            if (closing()) {
                end(flight, IoStatus.CLOSED, Effect.NONE, "the device was closed");
            } else if (standing.gate() == Gate.SHUT) {
                end(flight, IoStatus.NO_PATH, Effect.NONE, standing.why());
            } else if (standing.gate() == Gate.HELD || !send(flight)) {
                parked.putBack(flight);
                return;
            }
        }
    }

    private void hold(Flight flight) {
        held.add(flight);
        letGo();
    }

    /** The path said where it leads, or did not. */
    private void identified() {
        serve();
        letGo();
    }

    /** What was held begins anew, in its order. */
    private void letGo() {
        while (!held.isEmpty() && (closing() || description.standing().gate() != Gate.HELD)) {
            Flight flight = Objects.requireNonNull(held.poll());
            start(flight, flight.waitsWhenFull);
        }
    }

    @Override
    public void succeeded(Flight flight, boolean inline) {
        end(flight, IoStatus.SUCCESS, Effect.DONE, "");
    }

    @Override
    public void failed(Flight flight, PathFailure failure, boolean inline) {
        Effect residue = Judgement.residue(flight, failure);
        boolean refused = closing() && failure.certainty() == Certainty.NOT_EXECUTED;
        IoStatus status = refused ? IoStatus.CLOSED : failure.status();
        end(flight, Judgement.ending(status, residue), residue, failure.cause());
    }

    private void end(Flight flight, IoStatus status, Effect effect, String why) {
        flight.settle(status, effect, why);
        finish(flight);
    }

    private void finish(Flight flight) {
        if (flight.settledWell()) {
            flight.advanceBuffers();
        }
        Environment environment = surroundings.environment();
        if (environment.loop().inLoop()) {
            environment.completions().execute(() -> surroundings.trampolines().tellEnd(flight));
        } else {
            surroundings.trampolines().tellEnd(flight);
        }
    }

    @Override
    public void endedLate(Flight flight, @Nullable PathFailure failure) {
        throw new IllegalStateException("a bare device abandons nothing");
    }

    @Override
    public void stray(Flight flight) {
        LOG.warn("{}: its path ended an attempt that was not under way", this);
    }

    @Override
    public DeviceId id() {
        return id;
    }

    @Override
    public Geometry geometry() {
        return description.standing().geometry();
    }

    @Override
    public String describe() {
        return id + " (bare " + path.name() + ")";
    }

    boolean isOf(String pathName) {
        return path.name().equals(pathName);
    }

    boolean closing() {
        return stage.get() == Stage.CLOSED;
    }

    void beginClose() {
        if (stage.getAndSet(Stage.CLOSED) != Stage.CLOSED) {
            surroundings.environment().loop().execute(this::closePath);
        }
    }

    private void closePath() {
        description.close();
        identified();
        surroundings.environment().timers().schedule(closeNanos, this::closed);
        try {
            path.close(this::closed);
        } catch (Throwable t) {
            LOG.warn("{}: its path threw when it was closed", this, t);
            closed();
        }
    }

    /** The path is closed, or the time to close is over. */
    private void closed() {
        if (told.compareAndSet(false, true)) {
            whenClosed.accept(this);
            closed.complete(null);
        }
    }

    @Override
    public void close() {
        if (surroundings.environment().loop().inLoop()) {
            throw new IllegalStateException("close waits for the control loop, and this is it");
        }
        beginClose();
        closed.join();
    }

    @Override
    public String toString() {
        return describe();
    }

    /**
     * A bare device has no state that a report could change, but for its identity and its size. What its path reports of its port and of other
     * paths counts for those: a transport may let any of its paths speak for all.
     */
    private final class Reports extends EnvironmentControl {
        Reports() {
            super(surroundings.environment());
        }

        @Override
        public void ready() {}

        @Override
        public void notReady(String reason) {}

        @Override
        public void accessState(AccessState state) {}

        @Override
        public void preferred(boolean preferred) {}

        @Override
        public void accessStates(Collection<AccessChange> changes) {
            List<AccessChange> copy = List.copyOf(changes);
            surroundings.reports().make(() -> BulkChange.apply(copy, neighbours.paths()));
        }

        @Override
        public void liveness(Liveness liveness) {
            reportOfPort(port -> port.report(liveness));
        }

        private void reportOfPort(Consumer<PortState> change) {
            surroundings.reports().make(() -> {
                PortState port = neighbours.ports().apply(path.port());
                if (port != null) {
                    change.accept(port);
                }
            });
        }

        @Override
        public void fastFailExpired() {
            reportOfPort(PortState::fastFail);
        }

        @Override
        public void changed() {
            description.changed();
        }

        @Override
        public void identityInDoubt() {
            description.doubt();
        }

        @Override
        public void gone(String reason) {
            LOG.warn("{}: its path is gone: {}", BareDevice.this, reason);
        }

        @Override
        public void roomAgain() {
            loop().execute(BareDevice.this::serve);
        }

        @Override
        public void acknowledgedWriteLost(String cause) {}

        @Override
        public void reservationsMayHaveChanged() {}

        @Override
        public void fenced(long epoch) {}

        @Override
        public long holdNanos() {
            return holdNanos;
        }

        @Override
        public CompletableFuture<Void> quiesceDevice() {
            return CompletableFuture.failedFuture(new MultipathException("a bare device cannot be held still"));
        }

        @Override
        public CompletableFuture<Void> resumeDevice() {
            return quiesceDevice();
        }
    }
}
