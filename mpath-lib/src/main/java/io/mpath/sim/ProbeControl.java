package io.mpath.sim;

import io.mpath.AccessState;
import io.mpath.Environment;
import io.mpath.Liveness;
import io.mpath.internal.loop.EnvironmentControl;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Listens to the reports that {@link DevicePathContract} has to know of. */
class ProbeControl extends EnvironmentControl {
    private final AtomicInteger rooms = new AtomicInteger();
    private volatile boolean ready;

    ProbeControl(Environment environment) {
        super(environment);
    }

    boolean isReady() {
        return ready;
    }

    int rooms() {
        return rooms.get();
    }

    @Override
    public void ready() {
        ready = true;
    }

    @Override
    public void notReady(String reason) {
        ready = false;
    }

    @Override
    public void accessState(AccessState state) {}

    @Override
    public void preferred(boolean preferred) {}

    @Override
    public void accessStates(Collection<AccessChange> changes) {}

    @Override
    public void liveness(Liveness liveness) {}

    @Override
    public void fastFailExpired() {}

    @Override
    public void changed() {}

    @Override
    public void identityInDoubt() {}

    @Override
    public void gone(String reason) {}

    @Override
    public void roomAgain() {
        rooms.incrementAndGet();
    }

    @Override
    public void acknowledgedWriteLost(String cause) {}

    @Override
    public void reservationsMayHaveChanged() {}

    @Override
    public void fenced(long epoch) {}

    @Override
    public long holdNanos() {
        return 0;
    }

    @Override
    public CompletableFuture<Void> quiesceDevice() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> resumeDevice() {
        return CompletableFuture.completedFuture(null);
    }
}
