package io.mpath.scsi.command;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * UNMAP (SBC-5): the blocks hold nothing any more that must be kept.
 *
 * @param extents which blocks; the device says in {@link BlockLimits} how many extents and blocks one command may have
 */
public record Unmap(List<Extent> extents) implements ScsiCommand {
    /** As many extents as one command can name. */
    public static final int MAX_EXTENTS = 4095;

    private static final String NAME = "UNMAP";
    private static final int HEADER_BYTES = 8;
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int UNMAP_DATA_LENGTH_BYTES = 2;

    /**
     * Consecutive logical blocks.
     *
     * @param lba the first
     * @param blocks how many, of 32 bits
     */
    public record Extent(long lba, long blocks) {
        /** Checks that the fields fit. @throws CommandFieldException when one does not, or the extent has no end */
        public Extent {
            Blocks.check64(NAME, lba, blocks, 1, Blocks.MAX_32_BITS);
        }
    }

    /** Copies the list. @throws CommandFieldException when it is empty or too long */
    public Unmap {
        extents = List.copyOf(extents);
        CommandFieldException.check(NAME, "extents", extents.size(), 1, MAX_EXTENTS);
    }

    /** Writes the parameter list, which is the command's data, at the buffer's position and moves that behind it. */
    public void encodeParameters(ByteBuffer data) {
        ByteBuffer out = Cdb.begin(data, dataBytes())
                .putShort(0, (short) (dataBytes() - UNMAP_DATA_LENGTH_BYTES))
                .putShort(2, (short) (dataBytes() - HEADER_BYTES));
        int at = HEADER_BYTES;
        for (Extent extent : extents) {
            out.putLong(at, extent.lba()).putInt(at + 8, (int) extent.blocks());
            at += DESCRIPTOR_BYTES;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int cdbBytes() {
        return 10;
    }

    @Override
    public void encode(ByteBuffer cdb) {
        Cdb.begin(cdb, cdbBytes()).put(0, (byte) 0x42).putShort(7, (short) dataBytes());
    }

    @Override
    public Transfer transfer() {
        return Transfer.TO_DEVICE;
    }

    @Override
    public int dataBytes() {
        return HEADER_BYTES + extents.size() * DESCRIPTOR_BYTES;
    }
}
