package io.mpath.scsi.command;

/** Checks of the blocks that a command names. */
final class Blocks {
    static final long MAX_32_BITS = 0xffff_ffffL;
    static final int MAX_16_BITS = 0xffff;

    private Blocks() {}

    /** With a range that ends within 63 bits. */
    static void check64(String command, long lba, long blocks, long minBlocks, long maxBlocks) {
        CommandFieldException.check(command, "TRANSFER LENGTH", blocks, minBlocks, maxBlocks);
        CommandFieldException.check(command, "LOGICAL BLOCK ADDRESS", lba, 0, Long.MAX_VALUE - blocks);
    }

    static void check32(String command, long lba, long blocks, long minBlocks, long maxBlocks) {
        CommandFieldException.check(command, "TRANSFER LENGTH", blocks, minBlocks, maxBlocks);
        CommandFieldException.check(command, "LOGICAL BLOCK ADDRESS", lba, 0, MAX_32_BITS);
    }

    /** The length of the data in those blocks, in bytes. */
    static int dataBytes(String command, long blocks, int blockBytes) {
        CommandFieldException.check(command, "block size", blockBytes, 1, Integer.MAX_VALUE / blocks);
        return Math.toIntExact(blocks * blockBytes);
    }
}
