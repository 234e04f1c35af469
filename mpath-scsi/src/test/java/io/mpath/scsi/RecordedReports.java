package io.mpath.scsi;

import io.mpath.AccessState;
import io.mpath.ControlLoop;
import io.mpath.Liveness;
import io.mpath.Ticker;
import io.mpath.Timers;
import io.mpath.path.PathControl;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What a path reports, in words and in order, in virtual time. */
class RecordedReports implements PathControl {
    static final Duration ASSUMED_HOLD = Duration.ofSeconds(60);

    final List<String> reports = new ArrayList<>();
    private final SimWorld world;

    RecordedReports(SimWorld world) {
        this.world = world;
    }

    @Override
    public void ready() {
        reports.add("ready");
    }

    @Override
    public void notReady(String reason) {
        reports.add("not ready");
    }

    @Override
    public void accessState(AccessState state) {
        reports.add(state.toString());
    }

    @Override
    public void preferred(boolean preferred) {}

    @Override
    public void accessStates(Collection<AccessChange> changes) {
        changes.forEach(change -> reports.add(change.path().name() + " " + change.state()));
    }

    @Override
    public void liveness(Liveness liveness) {
        reports.add(liveness.toString());
    }

    @Override
    public void fastFailExpired() {}

    @Override
    public void changed() {
        reports.add("changed");
    }

    @Override
    public void identityInDoubt() {
        reports.add("identity in doubt");
    }

    @Override
    public void gone(String reason) {
        reports.add("gone: " + reason);
    }

    @Override
    public void roomAgain() {}

    @Override
    public void acknowledgedWriteLost(String cause) {
        reports.add("acknowledged write lost: " + cause);
    }

    @Override
    public void reservationsMayHaveChanged() {
        reports.add("reservations may have changed");
    }

    @Override
    public void fenced(long epoch) {
        reports.add("fenced " + epoch);
    }

    @Override
    public long holdNanos() {
        return ASSUMED_HOLD.toNanos();
    }

    @Override
    public CompletableFuture<Void> quiesceDevice() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> resumeDevice() {
        return quiesceDevice();
    }

    @Override
    public ControlLoop loop() {
        return world.environment().loop();
    }

    @Override
    public Timers timers() {
        return world.environment().timers();
    }

    @Override
    public Ticker ticker() {
        return world.environment().ticker();
    }

    @Override
    public Executor blocking() {
        return world.environment().blocking();
    }
}
