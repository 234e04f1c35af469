package io.mpath.nvme.ana;

import io.mpath.nvme.command.AnaLog;
import io.mpath.nvme.command.AnaLogHeader;

/**
 * One controller's ANA log, as the monitor reads it.
 *
 * <p>Threading: one call at a time, on threads that may block.
 */
public interface AnaSource {
    /** Reads all of it. @throws MultipathException when it cannot be read, or is none */
    AnaLog read();

    /** Looks at its header, cheaply. @throws MultipathException as {@link #read} */
    AnaLogHeader header();
}
