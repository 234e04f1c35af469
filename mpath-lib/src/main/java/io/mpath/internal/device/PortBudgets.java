package io.mpath.internal.device;

/**
 * What the ports of one registry share of the threads for what blocks.
 *
 * @param checks how many paths are checked at once
 * @param descriptions how many paths are described anew at once
 */
record PortBudgets(TurnBudget checks, TurnBudget descriptions) {
    /** Half of the threads that the library brings: opening and describing paths go on whatever check hangs. */
    static final int MOST_CHECKS = 16;

    /** Fewer than half of them: the others are for checks and what adapters ask. */
    static final int MOST_DESCRIPTIONS = 12;

    PortBudgets() {
        this(new TurnBudget(MOST_CHECKS), new TurnBudget(MOST_DESCRIPTIONS));
    }
}
