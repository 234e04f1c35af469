package io.mpath.internal.device;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Whose turn it is among the paths of one port to be described anew. Those that must not be used before they have answered come first.
 *
 * <p>One is asked at a time, and with each answer one more at once, up to eight; after one that did not answer, or when nobody waits any
 * more, one again. So 10,000 paths that come back are asked by eight threads, and a port that is dead holds one, however many paths
 * lead through it. Used on the control loop only.
 */
final class PortDescriptions implements TurnBudget.Giver {
    static final int MOST = 8;

    private final TurnBudget budget;
    private final Queue<Description> prompt = new ArrayDeque<>(1);
    private final Queue<Description> routine = new ArrayDeque<>(1);
    private int underWay;
    private int window = 1;
    private boolean silent;

    PortDescriptions(TurnBudget budget) {
        this.budget = budget;
    }

    /** Lets {@code description} have its turn when it comes. */
    void add(Description description, boolean keptOut) {
        (keptOut ? prompt : routine).add(description);
        serve();
    }

    /** Gives turns, as far as that is possible now. */
    @Override
    public void serve() {
        while (underWay < window && dropTheUnwanted() && budget.take(this, silent)) {
            underWay++;
            (prompt.isEmpty() ? routine : prompt).remove().begin();
        }
    }

    /** Whether there is one left. */
    private boolean dropTheUnwanted() {
        dropFrom(prompt);
        dropFrom(routine);
        return !(prompt.isEmpty() && routine.isEmpty());
    }

    private static void dropFrom(Queue<Description> queue) {
        for (Description first = queue.peek(); first != null && !first.waiting(); first = queue.peek()) {
            queue.remove();
        }
    }

    /** One that had its turn has been asked. */
    void over(boolean answered) {
        underWay--;
        silent = !answered;
        window = answered ? Math.min(window + 1, MOST) : 1;
        budget.giveBack();
        serve();
        if (underWay == 0 && !dropTheUnwanted()) {
            window = 1;
        }
    }

    /** The port has no path any more. What is under way ends as it ends. */
    void cancel() {
        prompt.clear();
        routine.clear();
        budget.forget(this);
    }
}
