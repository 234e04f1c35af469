package io.mpath.internal.device;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How many checks of a registry are under way, those that hang included: sixteen at most, half of the threads that the library
 * brings for what blocks. Opening and describing paths go on whatever hangs. Used on the control loop only.
 */
final class CheckBudget {
    static final int MOST = 16;

    private final Set<PortChecks> waiting = new LinkedHashSet<>();
    private int taken;

    /** Takes one; when there is none, {@code port} is told when there is again. */
    boolean take(PortChecks port) {
        if (taken == MOST) {
            waiting.add(port);
            return false;
        }
        taken++;
        return true;
    }

    void giveBack() {
        taken--;
        while (taken < MOST && !waiting.isEmpty()) {
            Iterator<PortChecks> first = waiting.iterator();
            PortChecks port = first.next();
            first.remove();
            port.serve();
        }
    }

    void forget(PortChecks port) {
        waiting.remove(port);
    }
}
