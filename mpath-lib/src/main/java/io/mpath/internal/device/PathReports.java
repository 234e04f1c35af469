package io.mpath.internal.device;

import io.mpath.AccessState;
import io.mpath.Liveness;
import io.mpath.internal.loop.EnvironmentControl;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.DevicePath;
import io.mpath.path.PathControl;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a path reports, carried to the control loop. Any thread; see {@link PathControl}. */
final class PathReports extends EnvironmentControl {
    private final PathRecord record;
    private final Function<DevicePath, @Nullable PathRecord> registry;

    /** For {@code record}; {@code registry} finds the records of other devices' paths. */
    PathReports(PathRecord record, Function<DevicePath, @Nullable PathRecord> registry) {
        super(record.device().environment());
        this.record = record;
        this.registry = registry;
    }

    private DeviceControl device() {
        return record.device();
    }

    private void report(Runnable change) {
        device().surroundings().reports().make(() -> {
            if (!record.removed()) {
                change.run();
            }
        });
    }

    /** A report that counts even when its path was removed meanwhile: it concerns others, or what that path lost. */
    private void reportForOthers(Runnable change) {
        device().surroundings().reports().make(change);
    }

    @Override
    public void ready() {
        report(record::ready);
    }

    @Override
    public void notReady(String reason) {
        String why = reason.isEmpty() ? "not ready" : reason;
        report(() -> record.notReady(why));
    }

    @Override
    public void accessState(AccessState state) {
        report(() -> record.access(state));
    }

    @Override
    public void preferred(boolean preferred) {
        report(() -> record.preferredByTarget(preferred));
    }

    @Override
    public void accessStates(Collection<AccessChange> changes) {
        List<AccessChange> copy = List.copyOf(changes);
        reportForOthers(() -> BulkChange.apply(copy, registry));
    }

    @Override
    public void liveness(Liveness liveness) {
        reportForOthers(() -> record.port().report(liveness));
    }

    @Override
    public void fastFailExpired() {
        reportForOthers(() -> record.port().fastFail());
    }

    @Override
    public void changed() {
        report(() -> record.description().ask());
    }

    @Override
    public void identityInDoubt() {
        report(record::identityInDoubt);
    }

    @Override
    public void gone(String reason) {
        report(() -> device().remove(record, reason));
    }

    @Override
    public void acknowledgedWriteLost(String cause) {
        reportForOthers(() -> device().emit(
                        new MultipathEvent.AcknowledgedWriteLost(device().now(), device().id(), record.name(), cause)));
    }

    @Override
    public void reservationsMayHaveChanged() {
        report(device()::reservationsMayHaveChanged);
    }

    @Override
    public void roomAgain() {
        report(() -> device().requests().roomAgain(record));
    }

    @Override
    public void fenced(long epoch) {
        if (epoch <= 0 || epoch == Long.MAX_VALUE) {
            device().misbehaved(record.name(), "reported a fence of epoch " + epoch);
            return;
        }
        reportForOthers(() -> {
            record.target().fence().report(epoch);
            device().requests().fenced();
            device().reservationsFenced();
        });
    }

    @Override
    public long holdNanos() {
        return device().requests().holding().assumedNanos();
    }

    @Override
    public CompletableFuture<Void> quiesceDevice() {
        return device().quiesce(record::heldStill);
    }

    @Override
    public CompletableFuture<Void> resumeDevice() {
        return device().resume(record::letGo);
    }
}
