package io.mpath.nvme;

import io.mpath.MultipathException;
import io.mpath.nvme.command.NvmeStatus;

/** A controller answered an admin command with a status other than success. */
public final class NvmeStatusException extends MultipathException {
    private static final long serialVersionUID = 1L;

    private final transient NvmeStatus status;

    /**
     * An answer.
     *
     * @param where the controller and the command, such as {@code nvme0: Get Log Page}
     */
    public NvmeStatusException(String where, NvmeStatus status) {
        super(where + ": " + status);
        this.status = status;
    }

    /** What it answered. */
    public NvmeStatus status() {
        return status;
    }
}
