package io.mpath.nvme.linux;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.linux.Errno;
import io.mpath.nvme.CommandEnd;
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
        CommandEnd end = end(operation.harmless(), command, result);
        return end instanceof CommandEnd.NotSent refused
                ? judge.refused(operation, refused.status(), refused.cause())
                : judge.unanswered(operation, end.cause());
    }

    /**
     * The end of a command whose ioctl returned {@code result}, negative.
     *
     * @param harmless whether it changes nothing
     */
    static CommandEnd end(boolean harmless, String command, int result) {
        Errno errno = Errno.of(result);
        return switch (errno) {
            case EINTR ->
                new CommandEnd.Unanswered(command + ": EINTR: cancelled by the host while it was with the controller");
            // These come from the checks that the kernel makes before it has a request to send.
            case EINVAL -> new CommandEnd.NotSent(IoStatus.MISALIGNED, cause(command, result));
            case EFAULT, EBADF -> new CommandEnd.NotSent(IoStatus.INTERNAL_ERROR, cause(command, result));
            case ENOTTY -> new CommandEnd.NotSent(IoStatus.UNSUPPORTED, cause(command, result));
            case EACCES, EPERM ->
                new CommandEnd.NotSent(
                        harmless ? IoStatus.PATH_ERROR : IoStatus.READ_ONLY,
                        cause(command, result) + ": commands need CAP_SYS_ADMIN");
            // The queue takes no requests any more: said when one is asked for, and never of one that it had (Linux:
            // blk_queue_enter).
            // A read that is refused so is no answer of the controller, and proves nothing for the path.
            case ENODEV, ENXIO ->
                harmless
                        ? new CommandEnd.Unanswered(cause(command, result))
                        : new CommandEnd.NotSent(IoStatus.PATH_ERROR, cause(command, result));
            default -> new CommandEnd.Unanswered(cause(command, result));
        };
    }

    private static String cause(String command, int result) {
        return command + ": " + Errno.describe(result);
    }
}
