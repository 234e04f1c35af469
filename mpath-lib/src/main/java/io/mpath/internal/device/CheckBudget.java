package io.mpath.internal.device;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How many checks of a registry are under way, those that hang included: sixteen at most, half of the threads that the library
 * brings for what blocks. Opening and describing paths go on whatever hangs. Used on the control loop only.
 */
final class CheckBudget {
    static final int MOST = 16;

    /** What ports with a check that hangs may take together with all others: what is behind it is for ports that answer. */
    static final int MOST_WITH_HUNG = 8;

    private final Set<PortChecks> waiting = new LinkedHashSet<>();
    private int taken;

    /** Takes one; when there is none, {@code port} is told when there is again. */
    boolean take(PortChecks port, boolean hasHung) {
        if (taken >= (hasHung ? MOST_WITH_HUNG : MOST)) {
            waiting.add(port);
            return false;
        }
        taken++;
        return true;
    }

    void giveBack() {
        taken--;
        List<PortChecks> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(PortChecks::serve); // those that get none wait again
    }

    void forget(PortChecks port) {
        waiting.remove(port);
    }
}
