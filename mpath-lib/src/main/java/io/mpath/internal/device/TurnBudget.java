package io.mpath.internal.device;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How many turns of one kind the ports of a registry may have given at once, those that hang included: each holds a thread of those
 * that the library brings for what blocks. Used on the control loop only.
 */
final class TurnBudget {
    /** What ports that hang or do not answer may take together with all others: what is behind it is for ports that answer. */
    static final int MOST_WITH_SILENT = 8;

    /** Who gives turns, and is told when there is one to be had again. */
    interface Giver {
        void serve();
    }

    private final int most;
    private final Set<Giver> waiting = new LinkedHashSet<>();
    private int taken;

    TurnBudget(int most) {
        this.most = most;
    }

    /** Takes one; when there is none, {@code giver} is told when there is again. */
    boolean take(Giver giver, boolean silent) {
        if (taken >= (silent ? MOST_WITH_SILENT : most)) {
            waiting.add(giver);
            return false;
        }
        taken++;
        return true;
    }

    void giveBack() {
        taken--;
        List<Giver> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(Giver::serve); // those that get none wait again
    }

    void forget(Giver giver) {
        waiting.remove(giver);
    }
}
