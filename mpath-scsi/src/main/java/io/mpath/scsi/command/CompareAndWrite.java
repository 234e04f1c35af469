package io.mpath.scsi.command;

import java.nio.ByteBuffer;

/**
 * COMPARE AND WRITE (SBC-5): its data is first what is expected, then what is to be written in its place.
 *
 * @param lba the first logical block
 * @param blocks how many, 1 to 255
 * @param blockBytes the logical block size, in bytes
 * @param forceUnitAccess FUA: whether to complete only when it would survive a loss of power
 */
public record CompareAndWrite(long lba, int blocks, int blockBytes, boolean forceUnitAccess) implements ScsiCommand {
    private static final String NAME = "COMPARE AND WRITE";

    /** Checks that the fields fit. @throws CommandFieldException when one does not, or the data is too long for one buffer */
    public CompareAndWrite {
        Blocks.check64(NAME, lba, blocks, 1, 0xff);
        Blocks.dataBytes(NAME, 2L * blocks, blockBytes);
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
                .put(0, (byte) 0x89)
                .put(1, forceUnitAccess ? Cdb.FUA : 0)
                .putLong(2, lba)
                .put(13, (byte) blocks);
    }

    @Override
    public Transfer transfer() {
        return Transfer.TO_DEVICE;
    }

    @Override
    public int dataBytes() {
        return Blocks.dataBytes(NAME, 2L * blocks, blockBytes);
    }
}
