package io.mpath.internal.device;

import io.mpath.Environment;
import io.mpath.Timers;
import org.jspecify.annotations.Nullable;

/**
 * The pause of a path that failed a request although everything it reports says that it is usable. Without it, a last path
 * that fails at once would be given the same request again and again, as fast as the machine allows.
 *
 * <p>The pause doubles from 10 ms to 5 s with each failure that follows soon on a return; the many requests that one fault
 * fails together count as one. A check that finds the path to work cuts a
 * pause of a second or more short, but only once until the path has stayed sound: the check may be wrong. Used on the control loop only.
 */
final class Rest {
    private static final long SHORTEST_NANOS = 10_000_000L;
    private static final long LONGEST_NANOS = 5_000_000_000L;
    private static final long WORTH_CUTTING_NANOS = 1_000_000_000L;
    private static final int SOUND_AFTER_PAUSES = 10;

    private final Environment environment;
    private final Runnable changed;
    private String reason = "";
    private long pauseNanos;
    private long returnedAt;
    private long givenSince = Long.MIN_VALUE;
    private boolean cutShort;
    private Timers.@Nullable Timer timer;

    Rest(Environment environment, Runnable changed) {
        this.environment = environment;
        this.changed = changed;
    }

    /** Why the path rests, or empty. */
    String reason() {
        return reason;
    }

    /**
     * Begins a pause for a failure.
     *
     * @param tableVersion of the table by which the failed request was sent
     * @param latestVersion of the present table
     * @return false when the failure belongs to a pause that is over
     */
    boolean begin(String cause, long tableVersion, long latestVersion) {
        if (tableVersion < givenSince) {
            return false;
        }
        long now = environment.ticker().nanos();
        boolean sound = pauseNanos == 0 || now - returnedAt > SOUND_AFTER_PAUSES * pauseNanos;
        pauseNanos = sound ? SHORTEST_NANOS : Math.min(2 * pauseNanos, LONGEST_NANOS);
        cutShort &= !sound;
        reason = "rests after: " + cause;
        givenSince = latestVersion + 1;
        timer = environment.timers().schedule(pauseNanos, this::end);
        return true;
    }

    /** A check says that the path works. */
    void vouchedFor() {
        if (timer != null && pauseNanos >= WORTH_CUTTING_NANOS && !cutShort) {
            cutShort = true;
            end();
        }
    }

    /** Ends the pause, if there is one. */
    void end() {
        if (timer != null) {
            cancel();
            reason = "";
            returnedAt = environment.ticker().nanos();
            changed.run();
        }
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
