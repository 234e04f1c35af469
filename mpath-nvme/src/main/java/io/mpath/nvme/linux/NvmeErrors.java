package io.mpath.nvme.linux;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.linux.Errno;
import io.mpath.nvme.CommandJudge;
import io.mpath.path.PathFailure;

/**
 * What an errno of a passthrough ioctl says of a command. The status of a completion is another thing, and not seen here.
 *
 * <p>{@code EINTR} is no interrupted call: it is a command that the host cancelled when it was with the controller
 * ({@code NVME_REQ_CANCELLED}), which may execute it yet. It is never repeated here.
 */
final class NvmeErrors {
    private NvmeErrors() {}

    /** The failure of a command whose ioctl returned {@code result}, negative. */
    static PathFailure failure(CommandJudge judge, IoOperation operation, String command, int result) {
        Errno errno = Errno.of(result);
        return switch (errno) {
            case EINTR ->
                judge.unanswered(
                        operation, command + ": EINTR: cancelled by the host while it was with the controller");
            // These come from the checks that the kernel makes before it has a request to send.
            case EINVAL -> judge.refused(operation, IoStatus.MISALIGNED, cause(command, result));
            case EFAULT, EBADF -> judge.refused(operation, IoStatus.INTERNAL_ERROR, cause(command, result));
            case ENOTTY -> judge.refused(operation, IoStatus.UNSUPPORTED, cause(command, result));
            case EACCES, EPERM ->
                judge.refused(
                        operation,
                        operation.harmless() ? IoStatus.PATH_ERROR : IoStatus.READ_ONLY,
                        cause(command, result) + ": commands need CAP_SYS_ADMIN");
            // The queue takes no requests any more: said when one is asked for, and never of one that it had (Linux:
            // blk_queue_enter).
            // A read that is refused so is no answer of the controller, and proves nothing for the path.
            case ENODEV, ENXIO ->
                operation.harmless()
                        ? judge.unanswered(operation, cause(command, result))
                        : judge.refused(operation, IoStatus.PATH_ERROR, cause(command, result));
            default -> judge.unanswered(operation, cause(command, result));
        };
    }

    private static String cause(String command, int result) {
        return command + ": " + Errno.describe(result);
    }
}
