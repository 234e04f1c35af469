package io.mpath.scsi.command;

import java.nio.ByteBuffer;

/**
 * READ (16) (SBC-5).
 *
 * @param lba the first logical block
 * @param blocks how many, at least 1
 * @param blockBytes the logical block size, in bytes
 * @param forceUnitAccess FUA: whether to read from the medium, and not from a volatile cache
 */
public record Read16(long lba, long blocks, int blockBytes, boolean forceUnitAccess) implements ScsiCommand {
    private static final String NAME = "READ (16)";

    /** Checks that the fields fit. @throws CommandFieldException when one does not, or the data is too long for one buffer */
    public Read16 {
        Blocks.check64(NAME, lba, blocks, 1, Blocks.MAX_32_BITS);
        Blocks.dataBytes(NAME, blocks, blockBytes);
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
                .put(0, (byte) 0x88)
                .put(1, forceUnitAccess ? Cdb.FUA : 0)
                .putLong(2, lba)
                .putInt(10, (int) blocks);
    }

    @Override
    public Transfer transfer() {
        return Transfer.TO_HOST;
    }

    @Override
    public int dataBytes() {
        return Blocks.dataBytes(NAME, blocks, blockBytes);
    }
}
