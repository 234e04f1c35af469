package io.mpath.nvme;

import io.mpath.IoStatus;
import io.mpath.nvme.command.NvmeStatus;

/** How a command ended that {@link NamespaceTransport#carryOut} was given. */
public sealed interface CommandEnd {
    /** For an operator: what came of it, and why. */
    String cause();

    /** It was completed with {@code status}, by the controller or by the host in its place. */
    record Completed(NvmeStatus status) implements CommandEnd {
        @Override
        public String cause() {
            return status.toString();
        }
    }

    /** It was handed back without a completion. What it changes may have been changed, and may still be. */
    record Unanswered(String cause) implements CommandEnd {}

    /**
     * It was refused on this side of the controller, and never reached it.
     *
     * @param status what a request would be failed with
     * @param cause why
     */
    record NotSent(IoStatus status, String cause) implements CommandEnd {}
}
