package io.mpath.nvme.command;

/**
 * Write Zeroes (NVM Command Set 1.1 3.3.8).
 *
 * @param range the blocks
 * @param deallocate DEAC: whether the controller should deallocate them, if they then read as zeroes
 * @param forceUnitAccess FUA: whether to complete only when it would survive a loss of power
 */
public record NvmWriteZeroes(BlockRange range, boolean deallocate, boolean forceUnitAccess) implements IoCommand {
    @Override
    public String name() {
        return "Write Zeroes";
    }

    @Override
    public int opcode() {
        return 0x08;
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
        return range.cdw12() | (deallocate ? 1 << 25 : 0) | (forceUnitAccess ? 1 << 30 : 0);
    }
}
