package io.mpath.linux;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;

/**
 * What an errno from a block device says about a request: the inverse of the kernel's {@code blk_errors}, with the question of
 * {@code blk_path_error}: would another path do better?
 *
 * <p>This is all that a plain path learns, and it is little: the kernel folded the device's own status into it. {@code EIO}
 * above all may be anything, so it counts against the path.
 */
final class BlockErrors {
    private BlockErrors() {}

    /**
     * The failure of a request.
     *
     * @param call the system call that failed
     * @param result what it returned, negative
     * @param doneBytes how many bytes, from the start, are known to be done
     */
    static PathFailure failure(IoOperation operation, String call, long result, long doneBytes) {
        String cause = call + ": " + Errno.describe(result);
        IoStatus status = status(operation, result);
        if (status == IoStatus.PATH_ERROR) {
            // Nobody can tell whether a write that failed with the path has reached the medium, or is still on its
            // way there.
            Certainty certainty = operation.harmless() ? Certainty.TERMINATED : Certainty.UNKNOWN;
            return new PathFailure(Verdict.FAIL_OVER, certainty, status, cause, 0, doneBytes, 0);
        }
        boolean refused = doneBytes == 0 && refusedBeforeSubmission(result);
        Certainty certainty = refused ? Certainty.NOT_EXECUTED : Certainty.TERMINATED;
        return new PathFailure(Verdict.FAIL, certainty, status, cause, 0, doneBytes, 0);
    }

    private static IoStatus status(IoOperation operation, long result) {
        return switch (Errno.of(result)) {
            case ENODATA -> IoStatus.MEDIUM_ERROR;
            case EILSEQ -> IoStatus.PROTECTION_ERROR;
            case EREMOTEIO -> IoStatus.TARGET_ERROR;
            case EBADE -> IoStatus.RESERVATION_CONFLICT;
            case ENOSPC, EDQUOT -> IoStatus.NO_SPACE;
            case EFBIG -> IoStatus.OUT_OF_RANGE;
            case EOPNOTSUPP, ENOTTY, ENOSYS -> IoStatus.UNSUPPORTED;
            case EROFS, EPERM -> operation.harmless() ? IoStatus.PATH_ERROR : IoStatus.READ_ONLY;
            case EINVAL -> IoStatus.MISALIGNED;
            case EFAULT, EBADF -> IoStatus.INTERNAL_ERROR;
            // A discard or write-zeroes of a range that is cached by whoever holds the device exclusively.
            case EBUSY -> byRange(operation) ? IoStatus.TARGET_ERROR : IoStatus.PATH_ERROR;
            default -> IoStatus.PATH_ERROR;
        };
    }

    private static boolean byRange(IoOperation operation) {
        return operation == IoOperation.DISCARD || operation == IoOperation.WRITE_ZEROES;
    }

    private static boolean refusedBeforeSubmission(long result) {
        return Errno.EINVAL.is(result)
                || Errno.EBADF.is(result)
                || Errno.EFAULT.is(result)
                || Errno.EROFS.is(result)
                || Errno.EPERM.is(result)
                || Errno.ENOTTY.is(result)
                || Errno.ENOSYS.is(result);
    }
}
