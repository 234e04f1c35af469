package io.mpath.nvme.command;

/**
 * Flush (NVMe Base 2.1 7.2): what this controller completed before is to survive a loss of power. What went through another
 * controller is that one's to flush.
 *
 * @param nsid the namespace, or {@link NamespaceIds#ALL} where VWC allows it
 */
public record NvmFlush(long nsid) implements IoCommand {
    /** Checks that the namespace can be one. @throws CommandFieldException when it cannot */
    public NvmFlush {
        CommandFieldException.check("Flush", "NSID", nsid, 1, NamespaceIds.ALL);
    }

    @Override
    public String name() {
        return "Flush";
    }

    @Override
    public int opcode() {
        return 0x00;
    }
}
