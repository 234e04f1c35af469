package io.mpath.internal.device;

import io.mpath.observe.MultipathEvent;
import io.mpath.path.Checkable;
import org.jspecify.annotations.Nullable;

/**
 * When one path is checked, and what came of it. In turn every so often, unless I/O has proved meanwhile that it works; and
 * promptly after it failed or came back. While a path is in trouble the pauses between its checks double from 1 s to 30 s.
 *
 * <p>A path that is away is left to its adapter, which will say when it is back. Used on the control loop only.
 */
final class PathCheck {
    private static final long SHORTEST_PAUSE_NANOS = 1_000_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 30_000_000_000L;
    private static final long SETTLED_NANOS = 30_000_000_000L;
    private static final int JITTER_STEPS = 1 << 10;

    private final PathRecord record;
    private final Checkable path;
    private String problem = "";
    private long dueAt;
    private boolean inTrouble;
    private boolean queued;
    private boolean queuedInFront;
    private boolean underWay;
    private int troubles;
    private long troubledAt;
    private long pauseNanos;
    private long proven;
    private long made;
    private long failed;

    PathCheck(PathRecord record, Checkable path) {
        this.record = record;
        this.path = path;
        long now = record.device().now();
        this.troubledAt = now - SETTLED_NANOS;
        long interval = interval();
        // Paths that join together are spread over the whole interval.
        this.dueAt = CoarseClock.after(now, interval == Long.MAX_VALUE ? interval : jitter(interval));
    }

    private long interval() {
        return record.isMarginal()
                ? record.health().probeNanos()
                : record.device().health().checkNanos();
    }

    private long jitter(long nanos) {
        return nanos / JITTER_STEPS * record.device().environment().entropy().nextInt(JITTER_STEPS);
    }

    /** What the last check found to be wrong, or empty. */
    String problem() {
        return problem;
    }

    long made() {
        return made;
    }

    long failed() {
        return failed;
    }

    /** The path failed, or came back: a check is due, and one that began before this cannot say that it works. */
    void trouble() {
        long now = record.device().now();
        troubles++;
        if (!inTrouble) {
            inTrouble = true;
            pauseNanos = now - troubledAt >= SETTLED_NANOS ? 0 : longer(pauseNanos);
            dueAt = now + pauseNanos;
        }
        troubledAt = now;
        look(now);
    }

    /** The path is marginal from here on: it is checked more often, whatever I/O it still gets. */
    void probe() {
        if (!inTrouble) {
            awaitNextTurn(record.device().now());
        }
    }

    private static long longer(long pause) {
        return pause == 0 ? SHORTEST_PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    }

    /** Has it checked if that is due. */
    void look(long now) {
        if (underWay
                || (queued && (queuedInFront || !inTrouble))
                || !CoarseClock.passed(dueAt, now)
                || !mayBeChecked()) {
            return;
        }
        if (!inTrouble && !record.isMarginal() && provenByIo()) {
            awaitNextTurn(now);
            return;
        }
        queued = true;
        queuedInFront = inTrouble;
        record.port().checks().add(this, inTrouble);
    }

    private boolean mayBeChecked() {
        return record.present() && !record.device().heldStill();
    }

    private boolean provenByIo() {
        long before = proven;
        proven = record.device().health().successes(record);
        return proven > before;
    }

    private void awaitNextTurn(long now) {
        long interval = interval();
        dueAt = interval == Long.MAX_VALUE
                ? interval
                : CoarseClock.after(now, interval - interval / 4 + jitter(interval / 2));
    }

    /** Its turn has come: what is to be run, or null when it has been checked in front, or must not be any more. */
    @Nullable
    CheckRun begin(PortChecks port) {
        boolean wanted = queued && mayBeChecked();
        queued = false;
        if (!wanted) {
            return null;
        }
        underWay = true;
        inTrouble = false;
        return new CheckRun(this, port, path, record.device().environment().loop(), troubles);
    }

    /** A check has answered. That it works says nothing if the path failed after it had begun. */
    void found(boolean works, String finding, int troublesBefore) {
        made++;
        if (record.removed()) {
            return;
        }
        long now = record.device().now();
        if (!inTrouble) {
            awaitNextTurn(now);
        }
        if (!works) {
            failed++;
            doesNotWork(finding.isEmpty() ? "it does not work" : finding, now);
        } else if (troublesBefore == troubles) {
            problem("");
            record.vouchedFor();
        }
    }

    private void doesNotWork(String finding, long now) {
        inTrouble = true;
        troubledAt = now;
        pauseNanos = longer(pauseNanos);
        dueAt = now + pauseNanos;
        boolean worked = problem.isEmpty();
        problem("check: " + finding);
        if (worked) {
            record.flapped(problem);
        }
    }

    private void problem(String found) {
        if (!problem.equals(found)) {
            problem = found;
            record.stateChanged();
        }
    }

    /** The check has ended, and its thread is back. */
    void over() {
        underWay = false;
        look(record.device().now());
    }

    /** The check takes too long, and is waited for no more. */
    void overdue() {
        if (!record.removed()) {
            DeviceControl device = record.device();
            device.emit(new MultipathEvent.PathCheckOverdue(
                    device.now(), device.id(), record.name(), PortChecks.TIMEOUT_NANOS));
            record.checkHangs();
        }
    }

    void threw(Throwable thrown) {
        record.device().misbehaved(record.name(), "check threw " + thrown);
    }
}
