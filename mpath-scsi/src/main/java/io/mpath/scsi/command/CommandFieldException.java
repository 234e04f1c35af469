package io.mpath.scsi.command;

import io.mpath.MultipathException;

/** A command that cannot be said in SCSI: a field has no room for the value. The message names command, field and range. */
public final class CommandFieldException extends MultipathException {
    private static final long serialVersionUID = 1L;

    /** Made with what cannot be said, and why. */
    public CommandFieldException(String command, String field, String problem) {
        super(command + ": " + field + " " + problem);
    }

    static void check(String command, String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new CommandFieldException(
                    command, field, "is " + value + ", and must be between " + min + " and " + max);
        }
    }
}
