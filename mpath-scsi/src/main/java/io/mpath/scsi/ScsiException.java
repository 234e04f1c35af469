package io.mpath.scsi;

import io.mpath.MultipathException;
import io.mpath.scsi.command.ScsiResult;

/** A command for housekeeping ended with something other than success. */
public final class ScsiException extends MultipathException {
    private static final long serialVersionUID = 1L;

    private final transient ScsiResult result;

    /**
     * An end.
     *
     * @param where the node and the command, such as {@code /dev/sda: REPORT TARGET PORT GROUPS}
     */
    public ScsiException(String where, ScsiResult result) {
        super(where + ": " + result);
        this.result = result;
    }

    /** How it ended. */
    public ScsiResult result() {
        return result;
    }
}
