package io.mpath.nvme.command;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Dataset Management (NVM Command Set 1.1 3.3.3) that deallocates.
 *
 * @param nsid the namespace
 * @param ranges what to deallocate, 1 to 256 ranges (NR is their number less one)
 */
public record DatasetManagement(long nsid, List<Range> ranges) implements IoCommand {
    /** As many ranges as one command names. */
    public static final int MAX_RANGES = 256;

    private static final int RANGE_BYTES = 16;
    private static final int DEALLOCATE = 1 << 2;

    /**
     * Consecutive logical blocks.
     *
     * @param startBlock SLBA
     * @param blocks how many, of 32 bits
     */
    public record Range(long startBlock, long blocks) {
        /** Checks that the fields fit. @throws CommandFieldException when one does not, or the range has no end */
        public Range {
            CommandFieldException.check("Dataset Management", "length", blocks, 1, 0xffff_ffffL);
            CommandFieldException.check("Dataset Management", "SLBA", startBlock, 0, Long.MAX_VALUE - blocks);
        }
    }

    /** Keeps its own list. @throws CommandFieldException when it has no range, or too many, or the namespace cannot be one */
    public DatasetManagement {
        ranges = List.copyOf(ranges);
        BlockRange.checkNamespace("Dataset Management", nsid);
        CommandFieldException.check("Dataset Management", "ranges", ranges.size(), 1, MAX_RANGES);
    }

    /** Writes the ranges as the command's data, and moves the position behind them. */
    public void encodeRanges(ByteBuffer data) {
        int start = data.position();
        ByteBuffer out = data.slice(start, dataBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (Range range : ranges) {
            out.putInt(0).putInt((int) range.blocks()).putLong(range.startBlock());
        }
        data.position(start + dataBytes());
    }

    @Override
    public String name() {
        return "Dataset Management";
    }

    @Override
    public int opcode() {
        return 0x09;
    }

    @Override
    public int cdw10() {
        return ranges.size() - 1;
    }

    @Override
    public int cdw11() {
        return DEALLOCATE;
    }

    @Override
    public Transfer transfer() {
        return Transfer.TO_CONTROLLER;
    }

    @Override
    public int dataBytes() {
        return ranges.size() * RANGE_BYTES;
    }
}
