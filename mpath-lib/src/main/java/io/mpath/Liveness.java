package io.mpath;

/**
 * Whether a port answers at all (Linux: {@code nvme_ctrl_state}, the state of a SCSI transport's remote port).
 *
 * <p>{@link #DEAD} is final, and {@link #DELETING} leads only to it; all other moves are legal, since an adapter may learn of
 * a state only after the one that followed it.
 */
public enum Liveness {
    /** Being connected, for the first time or anew. */
    CONNECTING,
    /** Serving commands. */
    LIVE,
    /** Being reset; {@link #CONNECTING} or {@link #LIVE} follows. */
    RESETTING,
    /** Going away. */
    DELETING,
    /** Gone for good. */
    DEAD;

    /** Whether a port may go from this state to {@code next}. */
    public boolean mayBecome(Liveness next) {
        return switch (this) {
            case CONNECTING, LIVE, RESETTING -> true;
            case DELETING -> next == DELETING || next == DEAD;
            case DEAD -> next == DEAD;
        };
    }

    /** Whether a port in this state may serve again. */
    public boolean mayReturn() {
        return this == CONNECTING || this == LIVE || this == RESETTING;
    }

    /** The name in lower case, as the {@code mpath} command prints it. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
