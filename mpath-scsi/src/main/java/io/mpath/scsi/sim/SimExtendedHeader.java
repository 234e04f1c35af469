package io.mpath.scsi.sim;

/** What a logical unit does when REPORT TARGET PORT GROUPS asks for the extended header (PARAMETER DATA FORMAT 001b). */
public enum SimExtendedHeader {
    /** It returns it. */
    RETURNED,
    /** It returns it, and does not count its last four bytes in RETURN DATA LENGTH, as Linux LIO does. */
    RETURNED_UNCOUNTED,
    /** It returns the short one, as Linux scsi_debug does. */
    IGNORED,
    /** It refuses the command: 05/24/00. */
    REFUSED
}
