package io.mpath.nvme.command;

/**
 * Consecutive logical blocks, as NVM commands name them.
 *
 * @param nsid the namespace
 * @param startBlock SLBA
 * @param blocks how many, 1 to 65,536 (NLB is this less one)
 */
public record BlockRange(long nsid, long startBlock, int blocks) {
    /** As many blocks as one command names. */
    public static final int MAX_BLOCKS = 1 << 16;

    /** Checks that the fields fit. @throws CommandFieldException when one does not, or the range has no end */
    public BlockRange {
        checkNamespace("NVM command", nsid);
        CommandFieldException.check("NVM command", "blocks", blocks, 1, MAX_BLOCKS);
        CommandFieldException.check("NVM command", "SLBA", startBlock, 0, Long.MAX_VALUE - blocks);
    }

    /** A namespace that exists alone: not 0, and not all of them. */
    static void checkNamespace(String command, long nsid) {
        CommandFieldException.check(command, "NSID", nsid, 1, NamespaceIds.ALL - 1);
    }

    int cdw10() {
        return (int) startBlock;
    }

    int cdw11() {
        return (int) (startBlock >>> 32);
    }

    int cdw12() {
        return blocks - 1;
    }

    /** The length of the data in these blocks, in bytes. */
    int dataBytes(int blockBytes) {
        CommandFieldException.check(
                "NVM command", "block size", blockBytes, 1 << LbaFormat.MIN_DATA_SHIFT, Integer.MAX_VALUE / blocks);
        return blocks * blockBytes;
    }
}
