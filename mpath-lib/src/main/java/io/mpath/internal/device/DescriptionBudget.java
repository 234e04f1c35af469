package io.mpath.internal.device;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How many paths of a registry are described anew at once: twelve at most, fewer than half of the threads that the library brings for what
 * blocks, whose others are for checks and what adapters ask. Used on the control loop only.
 */
final class DescriptionBudget {
    static final int MOST = 12;

    /** What ports that did not answer may take together with all others: what is behind it is for ports that answer. */
    static final int MOST_WITH_SILENT = 8;

    private final Set<PortDescriptions> waiting = new LinkedHashSet<>();
    private int taken;

    /** Takes one; when there is none, {@code port} is told when there is again. */
    boolean take(PortDescriptions port, boolean silent) {
        if (taken >= (silent ? MOST_WITH_SILENT : MOST)) {
            waiting.add(port);
            return false;
        }
        taken++;
        return true;
    }

    void giveBack() {
        taken--;
        List<PortDescriptions> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(PortDescriptions::serve); // those that get none wait again
    }

    void forget(PortDescriptions port) {
        waiting.remove(port);
    }
}
