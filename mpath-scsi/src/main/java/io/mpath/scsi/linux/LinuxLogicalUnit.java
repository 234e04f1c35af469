package io.mpath.scsi.linux;

import io.mpath.linux.BlockingThreads;
import io.mpath.linux.LostMemory;
import io.mpath.path.PathFailure;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.scsi.CommandJudge;
import io.mpath.scsi.LogicalUnitTransport;
import org.jspecify.annotations.Nullable;

/**
 * The way for I/O through a disk's block device: a thread for each command that is under way.
 *
 * <p>Threading: any thread.
 */
final class LinuxLogicalUnit implements LogicalUnitTransport {
    /** Longer commands than this keep the memory of a path's threads too large for what they gain. */
    private static final int MOST_TRANSFER_BYTES = 1 << 20;

    /** Every host adapter that Linux drives takes this much. */
    private static final int USUAL_TRANSFER_BYTES = 128 << 10;

    private final int maxTransferBytes;
    private final @Nullable String readOnly;
    private final BlockingThreads threads;

    /**
     * @param descriptor open until this was closed
     * @param stateInDoubt run when the kernel refuses a command because of the state of the disk
     */
    LinuxLogicalUnit(
            SgIo sg,
            SysfsUnit unit,
            ScsiOptions options,
            int descriptor,
            @Nullable String readOnly,
            int blockBytes,
            CommandJudge judge,
            Runnable stateInDoubt) {
        this.readOnly = readOnly;
        this.maxTransferBytes = maxTransferBytes(unit, blockBytes);
        var requests = new LogicalUnitIo(sg, judge, stateInDoubt, descriptor, blockBytes, maxTransferBytes, readOnly);
        threads = new BlockingThreads(
                unit.disk().orElseGet(unit::address),
                options.threads(),
                options.maxWaiting(),
                () -> sg.memory(maxTransferBytes),
                requests::execute,
                memory -> LostMemory.keep(memory, judge.keepNanos()),
                judge::roomAgain);
    }

    private static int maxTransferBytes(SysfsUnit unit, int blockBytes) {
        long bytes = unit.maxTransferBytes().orElse(USUAL_TRANSFER_BYTES);
        return (int) Math.max(Math.min(bytes, MOST_TRANSFER_BYTES) / blockBytes, 1) * blockBytes;
    }

    @Override
    public int maxTransferBytes() {
        return maxTransferBytes;
    }

    @Override
    public @Nullable String readOnly() {
        return readOnly;
    }

    @Override
    public PathQueue openQueue(QueueKind kind) {
        return threads.queue(kind);
    }

    @Override
    public void failWaiting(PathFailure failure) {
        threads.failWaiting(failure);
    }

    @Override
    public void close(Runnable closed) {
        threads.close(closed);
    }
}
