package io.mpath.scsi.sim;

/**
 * How a command ended.
 *
 * @param hostByte what the host's side gives instead of an answer, by Linux's numbers; 0: the array answered
 * @param status the status byte (SAM-6)
 * @param sense sense data, in the array's format; empty unless the status is CHECK CONDITION
 * @param data what goes to the host
 * @param taken how many of the bytes that the command would transfer to the array were taken
 */
public record SimReply(int hostByte, int status, byte[] sense, byte[] data, int taken) {
    private static final byte[] NOTHING = {};

    static SimReply hostByte(int value) {
        return new SimReply(value, 0, NOTHING, NOTHING, 0);
    }

    /** Whether it brings a unit attention, in either format of sense data. */
    boolean unitAttention() {
        if (status != Outcome.CHECK_CONDITION || sense.length < 3) {
            return false;
        }
        boolean descriptors = (sense[0] & 0x7f) >= 0x72;
        return (sense[descriptors ? 1 : 2] & 0x0f) == SimSense.UNIT_ATTENTION;
    }
}
