package io.mpath.scsi;

import io.mpath.IoOperation;
import io.mpath.path.PathIo;
import io.mpath.scsi.command.CompareAndWrite;
import io.mpath.scsi.command.Read10;
import io.mpath.scsi.command.Read16;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.SynchronizeCache10;
import io.mpath.scsi.command.SynchronizeCache16;
import io.mpath.scsi.command.Unmap;
import io.mpath.scsi.command.Write10;
import io.mpath.scsi.command.Write16;
import io.mpath.scsi.command.WriteSame16;
import java.util.List;

/**
 * Requests as commands of the block command set: bytes become logical blocks here, and nowhere else. The ten-byte commands where
 * they reach, since every disk has them (Linux {@code use_10_for_rw}).
 */
public final class BlockCommands {
    private static final long MOST_LBA_10 = 0xffff_ffffL;
    private static final long MOST_BLOCKS_10 = 0xffff;

    private BlockCommands() {}

    /**
     * The command for a request within the limits of its path, passthrough excepted. The data of a write-zeroes is one block of
     * zeroes, that of a discard its parameter list, that of a compare-and-write both of its halves.
     *
     * @throws IllegalArgumentException for a passthrough
     */
    public static ScsiCommand of(PathIo io, int blockBytes) {
        return of(io, blockBytes, io.forceUnitAccess());
    }

    /** The same, where {@code forced} says whether a change bears the bit that forces unit access; there are disks that refuse it. */
    public static ScsiCommand of(PathIo io, int blockBytes, boolean forced) {
        long lba = io.offset() / blockBytes;
        long blocks = io.length() / blockBytes;
        boolean ten = lba + blocks <= MOST_LBA_10 && blocks <= MOST_BLOCKS_10;
        return switch (io.operation()) {
            case READ ->
                ten ? new Read10(lba, (int) blocks, blockBytes, false) : new Read16(lba, blocks, blockBytes, false);
            case WRITE ->
                ten ? new Write10(lba, (int) blocks, blockBytes, forced) : new Write16(lba, blocks, blockBytes, forced);
            case FLUSH -> ten ? SynchronizeCache10.all() : SynchronizeCache16.all();
            case DISCARD -> new Unmap(List.of(new Unmap.Extent(lba, blocks)));
            case WRITE_ZEROES -> new WriteSame16(lba, blocks, blockBytes, false);
            case COMPARE_AND_WRITE -> new CompareAndWrite(lba, (int) blocks, blockBytes, forced);
            case PASSTHROUGH ->
                throw new IllegalArgumentException("a passthrough is no command of the block command set");
        };
    }

    /** Whether a flush has to follow before {@code io} may be completed: these have no bit that forces unit access. */
    public static boolean flushFollows(PathIo io) {
        return io.forceUnitAccess()
                && (io.operation() == IoOperation.DISCARD || io.operation() == IoOperation.WRITE_ZEROES);
    }
}
