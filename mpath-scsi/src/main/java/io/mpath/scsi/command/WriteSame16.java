package io.mpath.scsi.command;

import java.nio.ByteBuffer;

/**
 * WRITE SAME (16) (SBC-5): one block of data into many blocks.
 *
 * @param lba the first logical block
 * @param blocks how many, at least 1
 * @param blockBytes the logical block size, in bytes
 * @param unmap UNMAP: whether the device may unmap the blocks where that reads back the same
 */
public record WriteSame16(long lba, long blocks, int blockBytes, boolean unmap) implements ScsiCommand {
    private static final String NAME = "WRITE SAME (16)";
    private static final byte UNMAP = 0x08;

    /** Checks that the fields fit. @throws CommandFieldException when one does not */
    public WriteSame16 {
        Blocks.check64(NAME, lba, blocks, 1, Blocks.MAX_32_BITS);
        Blocks.dataBytes(NAME, 1, blockBytes);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int cdbBytes() {
        return 16;
    }

    @Override
    public void encode(ByteBuffer cdb) {
        Cdb.begin(cdb, cdbBytes())
                .put(0, (byte) 0x93)
                .put(1, unmap ? UNMAP : 0)
                .putLong(2, lba)
                .putInt(10, (int) blocks);
    }

    @Override
    public Transfer transfer() {
        return Transfer.TO_DEVICE;
    }

    @Override
    public int dataBytes() {
        return blockBytes;
    }
}
