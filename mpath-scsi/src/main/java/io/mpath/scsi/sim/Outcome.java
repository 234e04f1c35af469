package io.mpath.scsi.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a device server makes of a command, before it is put into bytes.
 *
 * @param status the status byte
 * @param sense with CHECK CONDITION: why
 * @param data what goes to the host
 * @param taken how much of the data that came from the host was used
 * @param delayNanos how long the device server takes to say so
 */
record Outcome(int status, @Nullable SimSense sense, byte[] data, int taken, long delayNanos) {
    static final int GOOD = 0x00;
    static final int CHECK_CONDITION = 0x02;
    static final int BUSY = 0x08;
    static final int RESERVATION_CONFLICT = 0x18;
    static final int TASK_ABORTED = 0x40;
    static final int ALL = Integer.MAX_VALUE;

    private static final byte[] NO_DATA = {};

    static final Outcome DONE = data(NO_DATA);

    static Outcome data(byte[] data) {
        return new Outcome(GOOD, null, data, ALL, 0);
    }

    /** No more of {@code data} than the command has room for. */
    static Outcome data(byte[] data, long allocationLength) {
        return data(Arrays.copyOf(data, (int) Math.min(data.length, allocationLength)));
    }

    /** Nothing of it was done. */
    static Outcome check(SimSense sense) {
        return new Outcome(CHECK_CONDITION, sense, NO_DATA, 0, 0);
    }

    /** Nothing of it was done. */
    static Outcome status(int status) {
        return status == GOOD ? DONE : new Outcome(status, null, NO_DATA, 0, 0);
    }

    boolean done() {
        return status == GOOD;
    }

    /** The same with {@code told}. */
    Outcome with(SimSense told) {
        return new Outcome(CHECK_CONDITION, told, data, taken, delayNanos);
    }

    Outcome taking(int bytes) {
        return new Outcome(status, sense, data, bytes, delayNanos);
    }

    Outcome after(long nanos) {
        return new Outcome(status, sense, data, taken, nanos);
    }

    SimReply reply(SimCommand command, boolean descriptorSense) {
        return new SimReply(
                0,
                status,
                sense == null ? NO_DATA : sense.bytes(descriptorSense),
                data,
                Math.min(taken, command.payload().length));
    }
}
