package io.mpath.nvme;

import io.mpath.IoOperation;
import io.mpath.nvme.command.BlockRange;
import io.mpath.nvme.command.DatasetManagement;
import io.mpath.nvme.command.FusedCompareAndWrite;
import io.mpath.nvme.command.IoCommand;
import io.mpath.nvme.command.NvmFlush;
import io.mpath.nvme.command.NvmRead;
import io.mpath.nvme.command.NvmWrite;
import io.mpath.nvme.command.NvmWriteZeroes;
import io.mpath.path.PathIo;
import java.util.List;

/** Requests as commands of the NVM command set: bytes become logical blocks here, and nowhere else. */
public final class NvmCommands {
    private NvmCommands() {}

    /**
     * The command for a read, write, flush, discard or write-zeroes within the limits of its path.
     *
     * @throws IllegalArgumentException for another operation
     */
    public static IoCommand of(PathIo io, long nsid, int blockBytes) {
        return switch (io.operation()) {
            case READ -> new NvmRead(range(io.offset(), io.length(), nsid, blockBytes), blockBytes, false);
            case WRITE ->
                new NvmWrite(range(io.offset(), io.length(), nsid, blockBytes), blockBytes, io.forceUnitAccess());
            case WRITE_ZEROES ->
                new NvmWriteZeroes(range(io.offset(), io.length(), nsid, blockBytes), false, io.forceUnitAccess());
            case FLUSH -> new NvmFlush(nsid);
            case DISCARD ->
                new DatasetManagement(
                        nsid, List.of(new DatasetManagement.Range(io.offset() / blockBytes, io.length() / blockBytes)));
            case COMPARE_AND_WRITE, PASSTHROUGH ->
                throw new IllegalArgumentException(io.operation() + " is no single command of the NVM command set");
        };
    }

    /** The pair for a compare-and-write within the limits of its path. */
    public static FusedCompareAndWrite compareAndWrite(PathIo io, long nsid, int blockBytes) {
        return FusedCompareAndWrite.over(
                range(io.offset(), io.length(), nsid, blockBytes), blockBytes, io.forceUnitAccess());
    }

    /** Whether a flush has to follow before {@code io} may be completed: there is no deallocation that forces unit access. */
    public static boolean flushFollows(PathIo io) {
        return io.forceUnitAccess() && io.operation() == IoOperation.DISCARD;
    }

    private static BlockRange range(long offset, long length, long nsid, int blockBytes) {
        return new BlockRange(nsid, offset / blockBytes, (int) (length / blockBytes));
    }
}
