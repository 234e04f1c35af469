package io.mpath.internal.device;

import io.mpath.IoStatus;
import io.mpath.MultipathDevice;
import io.mpath.MultipathException;
import io.mpath.NoPathPolicy;
import io.mpath.internal.Durations;
import io.mpath.internal.io.FrontDoor;
import io.mpath.internal.reservation.KeyPerPathEngine;
import io.mpath.internal.reservation.ReservationControl;
import io.mpath.internal.reservation.ReservationEngine;
import io.mpath.observe.UnfencedRange;
import io.mpath.policy.IoPolicy;
import io.mpath.reservation.Reservations;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator may ask of a device and change about it while I/O runs.
 *
 * <p>Threading: any thread asks; every change is a task of the control loop.
 */
abstract class DeviceAttributes extends FrontDoor implements MultipathDevice {
    private final AtomicReference<@Nullable ReservationControl> reservations = new AtomicReference<>();

    /** The control side; for the control loop. */
    abstract DeviceControl control();

    /** What is in doubt. */
    abstract Doubts doubts();

    @Override
    public CompletableFuture<Void> policy(IoPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return onLoop(() -> control().policy(policy));
    }

    @Override
    public CompletableFuture<Void> noPath(NoPathPolicy policy) {
        Objects.requireNonNull(policy, "no-path policy");
        return onLoop(() -> control().noPath(policy));
    }

    @Override
    public CompletableFuture<Void> delayedRemoval(Duration delay) {
        Durations.nanos("removal delay", delay);
        return onLoop(() -> control().life().removalDelay(delay));
    }

    @Override
    public CompletableFuture<Void> preferPath(String path, boolean preferred) {
        return onLoop(() -> recordNamed(path).preferredByUser(preferred));
    }

    @Override
    public CompletableFuture<Void> marginalPath(String path, boolean marginal) {
        return onLoop(() -> recordNamed(path).health().set(marginal));
    }

    @Override
    public CompletableFuture<Void> removePath(String path) {
        return onLoop(() -> control().remove(recordNamed(path), "removed on request"));
    }

    private PathRecord recordNamed(String path) {
        for (PathRecord record : control().records()) {
            if (record.name().equals(path)) {
                return record;
            }
        }
        throw new MultipathException(id() + " has no path '" + path + "'");
    }

    @Override
    public List<UnfencedRange> unfenced() {
        return doubts().describe(control().now());
    }

    @Override
    public CompletableFuture<Void> assumeFenced() {
        return onLoop(() -> {
            control().requests().holding().assumeFenced();
            control().requests().fenced();
        });
    }

    @Override
    public CompletableFuture<Void> quiesce() {
        return control().quiesce(() -> {});
    }

    @Override
    public CompletableFuture<Void> resume() {
        return control().resume(() -> true);
    }

    @Override
    public Reservations reservations() {
        ReservationControl known = reservations.get();
        if (known != null) {
            return known;
        }
        var device = new DeviceReservations(control());
        ReservationControl made = control().keyPerPath() ? new KeyPerPathEngine(device) : new ReservationEngine(device);
        ReservationControl first = reservations.compareAndExchange(null, made);
        if (first != null) {
            return first;
        }
        control().environment().loop().execute(() -> control().keep(made));
        return made;
    }

    private CompletableFuture<Void> onLoop(Runnable change) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        control().environment().loop().execute(() -> {
            try {
                change.run();
                done.complete(null);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done.thenRunAsync(() -> {}, control().environment().completions());
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return beginClose().thenRunAsync(() -> {}, control().environment().completions());
    }

    private CompletableFuture<Void> beginClose() {
        control().environment().loop().execute(() -> control().life().end(IoStatus.CLOSED, "it was closed"));
        return control().life().finished();
    }

    @Override
    public void close() {
        if (control().environment().loop().inLoop()) {
            throw new IllegalStateException("close waits for the control loop, and this is it: use closeAsync");
        }
        beginClose().join();
    }
}
