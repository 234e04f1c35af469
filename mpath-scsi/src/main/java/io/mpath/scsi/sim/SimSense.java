package io.mpath.scsi.sim;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Sense data (SPC-6 4.4), before it is put into one of its two formats.
 *
 * @param key SENSE KEY
 * @param asc ADDITIONAL SENSE CODE
 * @param ascq ADDITIONAL SENSE CODE QUALIFIER
 * @param information INFORMATION, if valid
 * @param deferred whether it is about an earlier command
 */
public record SimSense(int key, int asc, int ascq, OptionalLong information, boolean deferred) {
    static final int NOT_READY = 0x02;
    static final int UNIT_ATTENTION = 0x06;

    static final SimSense NONE = of(0x00, 0x00, 0x00);
    static final SimSense TRANSITION = of(NOT_READY, 0x04, 0x0a);
    static final SimSense STANDBY = of(NOT_READY, 0x04, 0x0b);
    static final SimSense UNAVAILABLE = of(NOT_READY, 0x04, 0x0c);
    static final SimSense OFFLINE = of(NOT_READY, 0x04, 0x12);
    static final SimSense UNRECOVERED_READ_ERROR = of(0x03, 0x11, 0x00);
    static final SimSense WRITE_ERROR = of(0x03, 0x0c, 0x00);
    static final SimSense PARAMETER_LIST_LENGTH = of(0x05, 0x1a, 0x00);
    static final SimSense INVALID_OPCODE = of(0x05, 0x20, 0x00);
    static final SimSense OUT_OF_RANGE = of(0x05, 0x21, 0x00);
    static final SimSense INVALID_FIELD_IN_CDB = of(0x05, 0x24, 0x00);
    static final SimSense NO_SUCH_UNIT = of(0x05, 0x25, 0x00);
    static final SimSense INVALID_FIELD_IN_PARAMETERS = of(0x05, 0x26, 0x00);
    static final SimSense INVALID_RELEASE = of(0x05, 0x26, 0x04);
    static final SimSense NO_ROOM_FOR_REGISTRATION = of(0x05, 0x55, 0x04);
    static final SimSense WRITE_PROTECTED = of(0x07, 0x27, 0x00);
    static final SimSense MISCOMPARE = of(0x0e, 0x1d, 0x00);

    static final SimSense POWER_ON = of(UNIT_ATTENTION, 0x29, 0x00);
    static final SimSense NEXUS_LOSS = of(UNIT_ATTENTION, 0x29, 0x07);
    static final SimSense RESERVATIONS_PREEMPTED = of(UNIT_ATTENTION, 0x2a, 0x03);
    static final SimSense RESERVATIONS_RELEASED = of(UNIT_ATTENTION, 0x2a, 0x04);
    static final SimSense REGISTRATIONS_PREEMPTED = of(UNIT_ATTENTION, 0x2a, 0x05);
    static final SimSense ACCESS_STATE_CHANGED = of(UNIT_ATTENTION, 0x2a, 0x06);
    static final SimSense IMPLICIT_TRANSITION_FAILED = of(UNIT_ATTENTION, 0x2a, 0x07);
    static final SimSense CAPACITY_CHANGED = of(UNIT_ATTENTION, 0x2a, 0x09);
    static final SimSense INQUIRY_CHANGED = of(UNIT_ATTENTION, 0x3f, 0x03);
    static final SimSense LUNS_CHANGED = of(UNIT_ATTENTION, 0x3f, 0x0e);

    private static final int FIXED_BYTES = 18;
    private static final int DESCRIPTOR_HEADER_BYTES = 8;
    private static final int INFORMATION_BYTES = 12;
    private static final long MOST_IN_FIXED = 0xffff_ffffL;

    /** Of the command that it comes with, without further information. */
    public static SimSense of(int key, int asc, int ascq) {
        return new SimSense(key, asc, ascq, OptionalLong.empty(), false);
    }

    /** With INFORMATION: for most errors the first logical block that failed. */
    public SimSense at(long value) {
        return new SimSense(key, asc, ascq, OptionalLong.of(value), deferred);
    }

    /** About an earlier command; the one that it comes with is not carried out. */
    public SimSense forEarlierCommand() {
        return new SimSense(key, asc, ascq, information, true);
    }

    boolean isReset() {
        return key == UNIT_ATTENTION && asc == 0x29;
    }

    byte[] bytes(boolean descriptorFormat) {
        return descriptorFormat ? descriptors() : fixed();
    }

    /** Response code 70h or 71h. INFORMATION has room for 32 bits, and is not valid where it is longer. */
    private byte[] fixed() {
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES);
        boolean valid = information.isPresent() && information.getAsLong() >>> Integer.SIZE == 0;
        out.put(0, (byte) ((valid ? 0x80 : 0) | (deferred ? 0x71 : 0x70))).put(2, (byte) key);
        if (valid) {
            out.putInt(3, (int) (information.getAsLong() & MOST_IN_FIXED));
        }
        return out.put(7, (byte) (FIXED_BYTES - 8))
                .put(12, (byte) asc)
                .put(13, (byte) ascq)
                .array();
    }

    /** Response code 72h or 73h. */
    private byte[] descriptors() {
        int length = DESCRIPTOR_HEADER_BYTES + (information.isPresent() ? INFORMATION_BYTES : 0);
        ByteBuffer out = ByteBuffer.allocate(length)
                .put(0, (byte) (deferred ? 0x73 : 0x72))
                .put(1, (byte) key)
                .put(2, (byte) asc)
                .put(3, (byte) ascq)
                .put(7, (byte) (length - DESCRIPTOR_HEADER_BYTES));
        if (information.isPresent()) {
            out.put(9, (byte) (INFORMATION_BYTES - 2)).put(10, (byte) 0x80).putLong(12, information.getAsLong());
        }
        return out.array();
    }
}
