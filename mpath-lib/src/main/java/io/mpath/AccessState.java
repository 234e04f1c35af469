package io.mpath;

import java.util.Locale;

/**
 * How a target lets a logical unit be accessed through one path: the ALUA asymmetric access state (SPC-6 5.18.2) or the ANA
 * state (NVMe Base 2.1 8.1.1), in one vocabulary.
 */
public enum AccessState {
    /** Served at full performance: ALUA active/optimized, ANA optimized. */
    OPTIMIZED(true, true),
    /** Served, perhaps slower: ALUA active/non-optimized or LBA dependent, ANA non-optimized. */
    NON_OPTIMIZED(true, true),
    /** Not served now: ALUA standby. */
    STANDBY(false, true),
    /** Not served now: ALUA unavailable, ANA inaccessible. */
    UNAVAILABLE(false, true),
    /** Between two states: ALUA transitioning, ANA change. */
    TRANSITIONING(false, true),
    /** ALUA offline: needs an operator, and may come back. */
    OFFLINE(false, true),
    /** ANA persistent loss: the controller will never serve this namespace again. */
    PERSISTENT_LOSS(false, false),
    /** Not read yet, or could not be read. */
    UNKNOWN(false, true);

    private final boolean usable;
    private final boolean mayReturn;
    private final String text = name().toLowerCase(Locale.ROOT);

    AccessState(boolean usable, boolean mayReturn) {
        this.usable = usable;
        this.mayReturn = mayReturn;
    }

    /** Whether a path in this state may be given I/O. */
    public boolean usable() {
        return usable;
    }

    /** Whether a path in this state may become usable without being found anew. */
    public boolean mayReturn() {
        return mayReturn;
    }

    /** The name in lower case with underscores, as the {@code mpath} command prints it. */
    @Override
    public String toString() {
        return text;
    }
}
