package io.mpath.linux;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.path.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Requests as system calls on one open file or block device.
 *
 * <p>An interrupted call ({@code EINTR}) is repeated when it only reads or flushes. An interrupted write is reported as a path
 * error with an unknown outcome: on FUSE and some network file systems the interrupted attempt may still be under way below, and
 * repeating it would let it land after a later write. On block devices and local file systems these calls cannot be interrupted.
 *
 * <p>Threading: immutable; used by the path's threads at once, each with its own memory.
 */
final class PlainIo {
    private final Syscalls syscalls;
    private final PlainFile file;

    PlainIo(Syscalls syscalls, PlainFile file) {
        this.syscalls = syscalls;
        this.file = file;
    }

    /** Carries out {@code io}: null when it succeeded. */
    @Nullable
    PathFailure execute(PathIo io, TransferMemory memory) {
        IoOperation operation = io.operation();
        if (!operation.harmless() && file.readOnly()) {
            return refused(IoStatus.READ_ONLY, "opened read-only");
        }
        return switch (operation) {
            case READ -> read(io, memory);
            case WRITE -> write(io, memory);
            case FLUSH -> flush(operation);
            case DISCARD, WRITE_ZEROES -> changeRange(io, memory);
            case COMPARE_AND_WRITE, PASSTHROUGH -> refused(IoStatus.UNSUPPORTED, "a plain path cannot do " + operation);
        };
    }

    /** What a request to read the first block would end with: the check of the path. */
    @Nullable
    PathFailure readFirstBlock(TransferMemory memory) {
        return fill(memory, 0, file.blockSize());
    }

    private @Nullable PathFailure read(PathIo io, TransferMemory memory) {
        if (io.length() > memory.capacity()) {
            return tooLong(io, memory);
        }
        PathFailure failure = fill(memory, io.offset(), io.length());
        if (failure == null) {
            memory.scatter(io);
        }
        return failure;
    }

    private @Nullable PathFailure fill(TransferMemory memory, long offset, long length) {
        long done = 0;
        while (done < length) {
            long n = syscalls.pread(file.number(), memory.address() + done, length - done, offset + done);
            if (n < 0 && !Errno.EINTR.is(n)) {
                return BlockErrors.failure(IoOperation.READ, "pread", n, 0);
            }
            if (n == 0 || (n > 0 && n % file.blockSize() != 0)) {
                return behindEnd(offset + length, 0);
            }
            done += Math.max(n, 0);
        }
        return null;
    }

    private @Nullable PathFailure write(PathIo io, TransferMemory memory) {
        long length = io.length();
        if (length > memory.capacity()) {
            return tooLong(io, memory);
        }
        memory.gather(io);
        long done = 0;
        while (done < length) {
            long n = syscalls.pwrite(file.number(), memory.address() + done, length - done, io.offset() + done);
            // A piece of a block is written again with its block: direct I/O cannot start in the middle of one.
            long blocks = n / file.blockSize() * file.blockSize();
            if (blocks <= 0) {
                // What is not durable must not count as done where durability is asked for: a replay resumes behind it.
                return changeFailed(io, "pwrite", n < 0 ? n : -Errno.EIO.number(), io.forceUnitAccess() ? 0 : done);
            }
            done += blocks;
        }
        return io.forceUnitAccess() ? flush(IoOperation.WRITE) : null;
    }

    private @Nullable PathFailure flush(IoOperation operation) {
        long result = syscalls.fdatasync(file.number());
        while (Errno.EINTR.is(result)) {
            result = syscalls.fdatasync(file.number());
        }
        return result < 0 ? BlockErrors.failure(operation, "fdatasync", result, 0) : null;
    }

    private @Nullable PathFailure changeRange(PathIo io, TransferMemory memory) {
        boolean zeroes = io.operation() == IoOperation.WRITE_ZEROES;
        long result;
        if (file.isBlockDevice()) {
            memory.buffer().putLong(0, io.offset()).putLong(Long.BYTES, io.length());
            long request = zeroes ? Platform.BLKZEROOUT : Platform.BLKDISCARD;
            result = syscalls.ioctl(file.number(), request, memory.address());
        } else {
            int mode = zeroes ? Platform.FALLOC_FL_ZERO_RANGE : Platform.FALLOC_FL_PUNCH_HOLE;
            result = syscalls.fallocate(file.number(), mode | Platform.FALLOC_FL_KEEP_SIZE, io.offset(), io.length());
        }
        if (result < 0) {
            return changeFailed(io, io.operation().toString(), result, 0);
        }
        return io.forceUnitAccess() ? flush(io.operation()) : null;
    }

    private PathFailure changeFailed(PathIo io, String call, long result, long done) {
        boolean mayBeBehindEnd = Errno.ENOSPC.is(result) || Errno.EINVAL.is(result);
        if (file.isBlockDevice() && mayBeBehindEnd && io.offset() + io.length() > file.size()) {
            return behindEnd(io.offset() + io.length(), done);
        }
        return BlockErrors.failure(io.operation(), call, result, done);
    }

    /**
     * A removed block device that is still open has no blocks: it answers a read with end-of-file and a write with {@code
     * ENOSPC}, as if the request were at fault.
     */
    private PathFailure behindEnd(long end, long done) {
        long size = file.size();
        if (file.isBlockDevice() && size <= 0) {
            return new PathFailure(
                    Verdict.FAIL_OVER,
                    Certainty.TERMINATED,
                    IoStatus.PATH_ERROR,
                    "the device has been removed: it has no blocks",
                    0,
                    done,
                    0);
        }
        String cause = "ends at " + size + ", before " + end;
        return new PathFailure(Verdict.FAIL, Certainty.TERMINATED, IoStatus.OUT_OF_RANGE, cause, 0, done, 0);
    }

    private static PathFailure tooLong(PathIo io, TransferMemory memory) {
        return refused(
                IoStatus.INTERNAL_ERROR,
                io.length() + " bytes do not fit in the " + memory.capacity() + " of a transfer");
    }

    private static PathFailure refused(IoStatus status, String cause) {
        return new PathFailure(Verdict.FAIL, Certainty.NOT_EXECUTED, status, cause, 0, 0, 0);
    }
}
