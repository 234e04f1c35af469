package io.mpath.nvme.command;

/**
 * Read (NVM Command Set 1.1 3.3.4).
 *
 * @param range the blocks
 * @param blockBytes the logical block size, in bytes
 * @param forceUnitAccess FUA: whether to read what is stored, and not what a volatile cache has
 */
public record NvmRead(BlockRange range, int blockBytes, boolean forceUnitAccess) implements IoCommand {
    /** Checks that the data fits. @throws CommandFieldException when it is longer than can be moved in one piece */
    public NvmRead {
        range.dataBytes(blockBytes);
    }

    @Override
    public String name() {
        return "Read";
    }

    @Override
    public int opcode() {
        return 0x02;
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
        return Transfer.TO_HOST;
    }

    @Override
    public int dataBytes() {
        return range.dataBytes(blockBytes);
    }
}
