package io.mpath.scsi.alua;

import java.util.HashMap;
import java.util.Map;

/**
 * The budget of each target, whatever logical units and registries ask for a share of it. One is there as long as a path to its
 * target or a turn uses it: what still hangs of a target whose paths were all closed counts for those that come next.
 *
 * <p>Threading: any thread; guarded by the monitor of this, which is not held while anything else is called.
 */
public final class AluaBudgets {
    private final int most;
    private final Map<String, Shared> budgets = new HashMap<>();

    private static final class Shared {
        final AluaBudget budget;
        int users;

        Shared(AluaBudget budget) {
            this.budget = budget;
        }
    }

    /**
     * Without targets.
     *
     * @param most how many turns at once at each
     */
    public AluaBudgets(int most) {
        if (most < 1) {
            throw new IllegalArgumentException(most + " at once");
        }
        this.most = most;
    }

    /** The budget of the target of that name, used once more until {@link #leave}. */
    public synchronized AluaBudget use(String target) {
        Shared shared = budgets.computeIfAbsent(target, name -> new Shared(new AluaBudget(this, name, most)));
        shared.users++;
        return shared.budget;
    }

    synchronized void use(AluaBudget budget) {
        budgets.computeIfAbsent(budget.target(), name -> new Shared(budget)).users++;
    }

    /** It is used once less. */
    public synchronized void leave(AluaBudget budget) {
        budgets.computeIfPresent(budget.target(), (name, shared) -> --shared.users == 0 ? null : shared);
    }

    /** Whether nobody uses any. */
    public synchronized boolean isEmpty() {
        return budgets.isEmpty();
    }
}
