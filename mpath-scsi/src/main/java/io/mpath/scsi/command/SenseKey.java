package io.mpath.scsi.command;

/** The sense keys, in the order of their numbers (SPC-6). */
public enum SenseKey {
    /** Nothing is told. */
    NO_SENSE("no sense"),
    /** Done, after the device mended something itself. */
    RECOVERED_ERROR("recovered error"),
    /** The logical unit cannot be accessed. */
    NOT_READY("not ready"),
    /** The medium, or the data on it, is bad. */
    MEDIUM_ERROR("medium error"),
    /** The device is broken. */
    HARDWARE_ERROR("hardware error"),
    /** The command, or a field of it, is not one for this logical unit. */
    ILLEGAL_REQUEST("illegal request"),
    /** Something happened that whoever sends a command must know first. */
    UNIT_ATTENTION("unit attention"),
    /** The block is protected from being read or written. */
    DATA_PROTECT("data protect"),
    /** Blank medium where data was expected, or the reverse. */
    BLANK_CHECK("blank check"),
    /** The vendor's own. */
    VENDOR_SPECIFIC("vendor specific"),
    /** A copy failed. */
    COPY_ABORTED("copy aborted"),
    /** The device gave the command up. */
    ABORTED_COMMAND("aborted command"),
    /** Reserved, equal in older standards. */
    RESERVED("reserved"),
    /** The end of the medium was reached with data left over. */
    VOLUME_OVERFLOW("volume overflow"),
    /** The data is not what the command said it was. */
    MISCOMPARE("miscompare"),
    /** Completed, with something to tell. */
    COMPLETED("completed");

    private static final SenseKey[] BY_NUMBER = values();

    private final String text;

    SenseKey(String text) {
        this.text = text;
    }

    static SenseKey of(int nibble) {
        return BY_NUMBER[nibble];
    }

    /** The number, 0 to 15. */
    public int number() {
        return ordinal();
    }

    /** The standard's name, in lower case. */
    public String text() {
        return text;
    }
}
