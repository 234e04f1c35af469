package io.mpath.scsi.command;

import java.nio.ByteBuffer;

/**
 * SYNCHRONIZE CACHE (10) (SBC-5): what was written before survives a loss of power once it is done.
 *
 * @param lba the first logical block
 * @param blocks how many; 0 for all from there to the end
 */
public record SynchronizeCache10(long lba, int blocks) implements ScsiCommand {
    private static final String NAME = "SYNCHRONIZE CACHE (10)";

    /** Checks that the fields fit. @throws CommandFieldException when one does not */
    public SynchronizeCache10 {
        Blocks.check32(NAME, lba, blocks, 0, Blocks.MAX_16_BITS);
    }

    /** Of the whole logical unit. */
    public static SynchronizeCache10 all() {
        return new SynchronizeCache10(0, 0);
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
        Cdb.begin(cdb, cdbBytes()).put(0, (byte) 0x35).putInt(2, (int) lba).putShort(7, (short) blocks);
    }
}
