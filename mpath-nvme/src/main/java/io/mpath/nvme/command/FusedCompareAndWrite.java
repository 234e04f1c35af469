package io.mpath.nvme.command;

import java.nio.ByteBuffer;

/**
 * Compare and Write as one operation (NVMe Base 2.1 3.4.2): the write is done if the compare found what it expected, and
 * nothing comes between. Linux takes no fused commands through its ioctls.
 *
 * @param compare the first command
 * @param write the second command, over the same blocks
 */
public record FusedCompareAndWrite(NvmCompare compare, NvmWrite write) {
    /** Checks that the two belong together. @throws CommandFieldException when they are over different blocks */
    public FusedCompareAndWrite {
        if (!compare.range().equals(write.range()) || compare.blockBytes() != write.blockBytes()) {
            throw new CommandFieldException(
                    "Compare and Write", "range", "of the two commands differs: " + compare + ", " + write);
        }
    }

    /** A pair over {@code range}. */
    public static FusedCompareAndWrite over(BlockRange range, int blockBytes, boolean forceUnitAccess) {
        return new FusedCompareAndWrite(
                new NvmCompare(range, blockBytes, false), new NvmWrite(range, blockBytes, forceUnitAccess));
    }

    /** Writes both entries, one behind the other, at the buffer's position and moves that behind them. */
    public void encode(ByteBuffer entries, int compareId, int writeId) {
        compare.encode(entries, compareId, Fuse.FIRST);
        write.encode(entries, writeId, Fuse.SECOND);
    }
}
