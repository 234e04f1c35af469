package io.mpath.scsi.command;

import java.nio.ByteBuffer;

/**
 * READ (10) (SBC-5).
 *
 * @param lba the first logical block
 * @param blocks how many, at least 1 and at most 65,535
 * @param blockBytes the logical block size, in bytes
 * @param forceUnitAccess FUA: whether to read from the medium, and not from a volatile cache
 */
public record Read10(long lba, int blocks, int blockBytes, boolean forceUnitAccess) implements ScsiCommand {
    private static final String NAME = "READ (10)";

    /** Checks that the fields fit. @throws CommandFieldException when one does not, or the data is too long for one buffer */
    public Read10 {
        Blocks.check32(NAME, lba, blocks, 1, Blocks.MAX_16_BITS);
        Blocks.dataBytes(NAME, blocks, blockBytes);
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
        Cdb.begin(cdb, cdbBytes())
                .put(0, (byte) 0x28)
                .put(1, forceUnitAccess ? Cdb.FUA : 0)
                .putInt(2, (int) lba)
                .putShort(7, (short) blocks);
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
