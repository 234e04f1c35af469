package io.mpath.scsi.command;

import java.nio.ByteBuffer;

/**
 * SYNCHRONIZE CACHE (16) (SBC-5): what was written before survives a loss of power once it is done.
 *
 * @param lba the first logical block
 * @param blocks how many; 0 for all from there to the end
 */
public record SynchronizeCache16(long lba, long blocks) implements ScsiCommand {
    private static final String NAME = "SYNCHRONIZE CACHE (16)";

    /** Checks that the fields fit. @throws CommandFieldException when one does not */
    public SynchronizeCache16 {
        Blocks.check64(NAME, lba, blocks, 0, Blocks.MAX_32_BITS);
    }

    /** Of the whole logical unit. */
    public static SynchronizeCache16 all() {
        return new SynchronizeCache16(0, 0);
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
        Cdb.begin(cdb, cdbBytes()).put(0, (byte) 0x91).putLong(2, lba).putInt(10, (int) blocks);
    }
}
