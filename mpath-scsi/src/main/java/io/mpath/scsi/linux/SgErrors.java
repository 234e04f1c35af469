package io.mpath.scsi.linux;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.linux.Errno;
import io.mpath.path.PathFailure;
import io.mpath.scsi.CommandJudge;

/**
 * What an errno of SG_IO says of a command. How a command ended is another thing, and not seen here.
 *
 * <p>Only the checks that the kernel makes before it has a request to send prove that a command was not executed, and only where
 * it did not write how that ended. {@code EINTR} is an interrupted wait for a command that is under way; {@code EIO} may be anything,
 * and {@code EFAULT} may come from copying the data of a command that is done. None of these is ever repeated here.
 */
final class SgErrors {
    private SgErrors() {}

    /**
     * The failure of a command whose ioctl returned {@code result}.
     *
     * @param ended whether the kernel wrote how the command ended
     */
    static PathFailure failure(CommandJudge judge, IoOperation operation, String command, int result, boolean ended) {
        if (result >= 0) {
            return judge.unanswered(operation, command + ": the kernel does not say how it ended");
        }
        if (ended) {
            return judge.unanswered(operation, cause(command, result) + ", after the command had ended");
        }
        return switch (Errno.of(result)) {
            case EINTR ->
                judge.unanswered(
                        operation, command + ": EINTR: the call was interrupted while the command was under way");
            case EINVAL -> judge.refused(operation, IoStatus.MISALIGNED, cause(command, result));
            case EBADF -> judge.refused(operation, IoStatus.INTERNAL_ERROR, cause(command, result));
            case ENOTTY -> judge.refused(operation, IoStatus.UNSUPPORTED, cause(command, result));
            case ENODEV, ENXIO ->
                judge.refused(
                        operation, IoStatus.PATH_ERROR, cause(command, result) + ": it is offline, or was removed");
            case ENOMEM -> judge.refused(operation, IoStatus.PATH_ERROR, cause(command, result));
            case EACCES, EPERM ->
                judge.refused(
                        operation,
                        operation.harmless() ? IoStatus.PATH_ERROR : IoStatus.READ_ONLY,
                        cause(command, result) + ": commands need CAP_SYS_RAWIO");
            default -> judge.unanswered(operation, cause(command, result));
        };
    }

    /**
     * Whether a command whose ioctl returned {@code result} never reached the device.
     *
     * @param ended whether the kernel wrote how the command ended
     */
    static boolean provesNotSent(int result, boolean ended) {
        return !ended
                && result < 0
                && switch (Errno.of(result)) {
                    case EINVAL, EBADF, ENOTTY, ENODEV, ENXIO, ENOMEM, EACCES, EPERM -> true;
                    default -> false;
                };
    }

    /** Whether {@code result} says that the device may be in another state than was known. */
    static boolean tellsOfState(int result) {
        return Errno.ENODEV.is(result) || Errno.ENXIO.is(result);
    }

    private static String cause(String command, int result) {
        return command + ": " + Errno.describe(result);
    }
}
