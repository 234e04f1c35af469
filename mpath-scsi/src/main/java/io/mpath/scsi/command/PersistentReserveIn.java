package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;

/**
 * PERSISTENT RESERVE IN (SPC-6): what is registered and reserved. Each action has its own answer: {@link
 * RegisteredKeys}, {@link CurrentReservation}, {@link PersistentReserveCapabilities}, {@link FullStatus}.
 *
 * @param action the service action
 * @param allocationBytes how many bytes to return at most
 */
public record PersistentReserveIn(Action action, int allocationBytes) implements ScsiCommand {
    /** As much as one command can return. */
    public static final int MAX_ALLOCATION_BYTES = Blocks.MAX_16_BITS;

    static final int HEADER_BYTES = 8;
    private static final String NAME = "PERSISTENT RESERVE IN";

    /** The service actions, in the order of their numbers. */
    public enum Action {
        /** The registered keys. */
        READ_KEYS,
        /** The reservation. */
        READ_RESERVATION,
        /** What the logical unit can do. */
        REPORT_CAPABILITIES,
        /** The registrations, one by one; not every logical unit has this. */
        READ_FULL_STATUS
    }

    /** Checks that the fields fit. @throws CommandFieldException when one does not */
    public PersistentReserveIn {
        CommandFieldException.check(NAME, "ALLOCATION LENGTH", allocationBytes, 0, MAX_ALLOCATION_BYTES);
    }

    /**
     * How long the answer is, whatever was received of it: the allocation length that gets all of it. Not for {@link
     * Action#REPORT_CAPABILITIES}, whose length is {@link PersistentReserveCapabilities#DATA_BYTES}.
     *
     * @throws io.mpath.PageFormatException when fewer than eight bytes were received
     */
    public static long lengthOf(ByteBuffer data) {
        return HEADER_BYTES + PageReader.bigEndian(NAME + " data", data).u32(4, "ADDITIONAL LENGTH");
    }

    /** Checks that all of what ADDITIONAL LENGTH tells was received; gives back its end. */
    static int end(PageReader in) {
        long length = in.u32(4, "ADDITIONAL LENGTH");
        in.require(HEADER_BYTES, length, "ADDITIONAL LENGTH");
        return HEADER_BYTES + (int) length;
    }

    /** The name and the action, as {@code PERSISTENT RESERVE IN, READ KEYS}. */
    @Override
    public String name() {
        return NAME + ", " + action.name().replace('_', ' ');
    }

    @Override
    public int cdbBytes() {
        return 10;
    }

    @Override
    public void encode(ByteBuffer cdb) {
        Cdb.begin(cdb, cdbBytes())
                .put(0, (byte) 0x5e)
                .put(1, (byte) action.ordinal())
                .putShort(7, (short) allocationBytes);
    }

    @Override
    public Transfer transfer() {
        return Transfer.TO_HOST;
    }

    @Override
    public int dataBytes() {
        return allocationBytes;
    }
}
