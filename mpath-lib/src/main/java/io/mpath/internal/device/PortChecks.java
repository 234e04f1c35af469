package io.mpath.internal.device;

import io.mpath.Environment;
import io.mpath.Timers;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is among the paths of one port to be checked: one at a time, and no sooner than 10 ms after the one before, so
 * 10,000 paths take 100 s to go round and their target sees a hundred commands a second. Those in trouble come first.
 *
 * <p>A check that takes longer than ten seconds loses its turn and hangs on by itself. A port with three of those gives no
 * turn before one of them has ended: each may hold a thread. Used on the control loop only.
 */
final class PortChecks implements TurnBudget.Giver {
    static final long SPACING_NANOS = 10_000_000L;
    static final long TIMEOUT_NANOS = 10_000_000_000L;
    static final int MOST_HUNG = 3;

    private final Environment environment;
    private final TurnBudget budget;
    private final Queue<PathCheck> prompt = new ArrayDeque<>(1);
    private final Queue<PathCheck> routine = new ArrayDeque<>(1);
    private @Nullable CheckRun turn;
    private Timers.@Nullable Timer timer;
    private long lastStart;
    private int hung;

    PortChecks(Environment environment, TurnBudget budget) {
        this.environment = environment;
        this.budget = budget;
        this.lastStart = environment.ticker().nanos() - SPACING_NANOS;
    }

    /** Lets {@code check} have its turn when it comes. */
    void add(PathCheck check, boolean inTrouble) {
        (inTrouble ? prompt : routine).add(check);
        serve();
    }

    /** Gives turns, as far as that is possible now. */
    @Override
    public void serve() {
        while (turn == null && hung < MOST_HUNG && !(prompt.isEmpty() && routine.isEmpty())) {
            long wait = SPACING_NANOS - (environment.ticker().nanos() - lastStart);
            if (wait > 0) {
                serveIn(wait);
                return;
            }
            if (!budget.take(this, hung > 0)) {
                return;
            }
            PathCheck next = prompt.isEmpty() ? routine.remove() : prompt.remove();
            CheckRun run = next.begin(this);
            if (run == null) {
                budget.giveBack();
            } else {
                start(run);
            }
        }
    }

    private void serveIn(long nanos) {
        if (timer == null) {
            timer = environment.timers().schedule(nanos, () -> {
                timer = null;
                serve();
            });
        }
    }

    private void start(CheckRun run) {
        turn = run;
        lastStart = environment.ticker().nanos();
        cancelTimer();
        watch(run);
        environment.blocking().execute(run);
    }

    private void watch(CheckRun run) {
        timer = environment.timers().schedule(TIMEOUT_NANOS, () -> {
            timer = null;
            if (!run.begun()) {
                watch(run); // it waits for a thread: nothing is known against its path
                return;
            }
            turn = null;
            hung++;
            run.hang();
            serve();
        });
    }

    /** The check has ended, late perhaps. */
    void over(CheckRun run) {
        if (run == turn) {
            turn = null;
            cancelTimer();
        } else if (run.hung()) {
            hung--;
        }
        budget.giveBack();
        serve();
    }

    /** The port has no path any more. What is under way ends as it ends. */
    void cancel() {
        prompt.clear();
        routine.clear();
        turn = null;
        cancelTimer();
        budget.forget(this);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
