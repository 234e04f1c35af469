package io.mpath.nvme.command;

/**
 * Compare (NVM Command Set 1.1 3.3.1).
 *
 * @param range the blocks
 * @param blockBytes the logical block size, in bytes
 * @param forceUnitAccess FUA: whether to compare with what is stored, and not with what a volatile cache has
 */
public record NvmCompare(BlockRange range, int blockBytes, boolean forceUnitAccess) implements IoCommand {
    /** Checks that the data fits. @throws CommandFieldException when it is longer than can be moved in one piece */
    public NvmCompare {
        range.dataBytes(blockBytes);
    }

    @Override
    public String name() {
        return "Compare";
    }

    @Override
    public int opcode() {
        return 0x05;
    }

    @Override
    public long nsid() {
        return range.nsid();
    }

    @Override
    public int cdw10() {
        return range.cdw10();
    }

    @Override
    public int cdw11() {
        return range.cdw11();
    }

    @Override
    public int cdw12() {
        return range.cdw12() | (forceUnitAccess ? 1 << 30 : 0);
    }

    @Override
    public Transfer transfer() {
        return Transfer.TO_CONTROLLER;
    }

    @Override
    public int dataBytes() {
        return range.dataBytes(blockBytes);
    }
}
