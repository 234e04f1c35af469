package io.mpath.scsi;

import io.mpath.MultipathException;

/** A command was refused on this side of the device, and never reached it: it changed nothing, and will not. */
public final class CommandNotSentException extends MultipathException {
    private static final long serialVersionUID = 1L;

    /** Made with what refused it. */
    public CommandNotSentException(String message) {
        super(message);
    }
}
