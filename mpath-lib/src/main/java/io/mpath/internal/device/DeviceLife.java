package io.mpath.internal.device;

import io.mpath.DeviceSettings;
import io.mpath.IoStatus;
import io.mpath.Timers;
import io.mpath.internal.Durations;
import io.mpath.internal.io.Flight;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.DevicePath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How a device ends: by being closed, or some time after its last path went. Either way it answers every request, in bounded
 * time. Used on the control loop only.
 */
final class DeviceLife {
    private static final long LOOK_NANOS = 1_000_000L;
    private static final int MOST_LOOKS = 1000;

    private final DeviceControl control;
    private final DeviceHead head;
    private final long closeNanos;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();

    private Duration removalDelay;
    private boolean empty;
    private long emptySince;
    private String emptyReason = "";
    private Timers.@Nullable Timer removal;

    private @Nullable IoStatus endedAs;
    private String endReason = "";
    private int pathsOpen;
    private int looks;
    private Timers.@Nullable Timer deadline;

    DeviceLife(DeviceControl control, DeviceHead head, DeviceSettings settings) {
        this.control = control;
        this.head = head;
        this.closeNanos = Durations.nanos("close time-out", settings.closeTimeout());
        this.removalDelay = settings.delayedRemoval();
    }

    void pathJoined() {
        empty = false;
        cancelRemoval();
    }

    void pathLeft(PathRecord record) {
        head.pathLeft(record);
    }

    void lastPathLeft(String reason) {
        if (ended()) {
            return;
        }
        empty = true;
        emptySince = control.now();
        emptyReason = reason;
        if (removalDelayNanos() > 0) {
            control.emit(new MultipathEvent.RemovalDelayed(emptySince, control.id(), removalDelayNanos()));
        }
        awaitRemoval();
    }

    void removalDelay(Duration delay) {
        if (!delay.equals(removalDelay)) {
            control.emit(new MultipathEvent.AttributeChanged(
                    control.now(), control.id(), "delayed-removal", removalDelay.toString(), delay.toString()));
        }
        removalDelay = delay;
        if (empty && !ended()) {
            awaitRemoval();
        }
        control.pathsChanged();
    }

    private void awaitRemoval() {
        cancelRemoval();
        long left = removalDelayNanos() - (control.now() - emptySince);
        if (left <= 0) {
            end(IoStatus.DEVICE_GONE, "the last path is gone: " + emptyReason);
        } else {
            removal = control.environment().timers().schedule(left, () -> {
                removal = null;
                end(IoStatus.DEVICE_GONE, "no path came back within " + removalDelay + ": " + emptyReason);
            });
        }
    }

    private void cancelRemoval() {
        if (removal != null) {
            removal.cancel();
            removal = null;
        }
    }

    boolean removalPending() {
        return removal != null;
    }

    long removalDelayNanos() {
        return Durations.nanos("removal delay", removalDelay);
    }

    boolean ended() {
        return endedAs != null;
    }

    IoStatus endedAs() {
        return endedAs == null ? IoStatus.CLOSED : endedAs;
    }

    String endReason() {
        return endReason;
    }

    /** Completes, on the control loop, when every request was answered. */
    CompletableFuture<Void> finished() {
        return finished;
    }

    void end(IoStatus as, String reason) {
        if (ended()) {
            return;
        }
        endedAs = as;
        endReason = reason;
        cancelRemoval();
        head.ended(as, reason);
        control.emit(new MultipathEvent.DeviceRemoved(control.now(), control.id(), reason));
        List<PathRecord> open = new ArrayList<>(control.records());
        control.records().clear();
        for (PathRecord record : open) {
            record.retire();
            head.pathLeft(record);
        }
        control.answerAll();
        deadline = control.environment().timers().schedule(closeNanos, this::giveUp);
        for (PathRecord record : open) {
            close(record.path());
        }
        look();
    }

    /** Closes a path; the device has not ended before it is. */
    void close(DevicePath path) {
        pathsOpen++;
        AtomicBoolean told = new AtomicBoolean();
        control.closePath(path, () -> {
            if (told.compareAndSet(false, true)) {
                control.environment().loop().execute(this::pathClosed);
            }
        });
    }

    private void pathClosed() {
        pathsOpen--;
        if (ended()) {
            look();
        }
    }

    private void look() {
        if (finished.isDone() || pathsOpen > 0) {
            return;
        }
        if (launched().isEmpty()) {
            finish();
        } else {
            control.environment().timers().schedule(LOOK_NANOS, this::look);
        }
    }

    private List<Flight> launched() {
        List<Flight> launched = new ArrayList<>();
        head.stripes().scan(flight -> {
            if (flight.stage() == Flight.Stage.LAUNCHED) {
                launched.add(flight);
            }
        });
        return launched;
    }

    /** The time to close is over: what is still with a path is answered without it. */
    private void giveUp() {
        if (finished.isDone()) {
            return;
        }
        for (Flight flight : launched()) {
            long stamp = flight.attempt().stamp();
            control.requests().abandon(flight, stamp, endedAs(), "a path still had it when the time to close was over");
        }
        // One whose attempt ended just then is on its way here. Only a path that never returns from submit keeps one.
        if (launched().isEmpty() || looks++ == MOST_LOOKS) {
            finish();
        } else {
            control.environment().timers().schedule(LOOK_NANOS, this::giveUp);
        }
    }

    private void finish() {
        if (deadline != null) {
            deadline.cancel();
        }
        control.finished();
        head.finished();
        finished.complete(null);
    }
}
