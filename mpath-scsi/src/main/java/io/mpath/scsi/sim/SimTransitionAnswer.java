package io.mpath.scsi.sim;

/** What a logical unit says to a command that it cannot carry out before a transition is over. */
public enum SimTransitionAnswer {
    /** Sense data 02/04/0A, as the standard has it. */
    NOT_READY,
    /** Sense data 06/04/0A, as some arrays have it, for as long as the transition takes. */
    UNIT_ATTENTION,
    /** Status BUSY, as the standard has it, too. */
    BUSY
}
