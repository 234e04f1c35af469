package io.mpath.linux;

import java.util.Locale;

/**
 * The error numbers that storage calls end with ({@code errno(3)}), the same on x86-64 and aarch64.
 *
 * <p>Their texts say what they mean when a block device returns them (Linux: {@code blk_errors}).
 */
public enum Errno {
    /** Not allowed, or the device was set read-only. */
    EPERM(1, "operation not permitted"),
    /** A number without a name here. Counts as whatever the default is. */
    UNNAMED(0, "unknown error"),
    /** No such file or device node. */
    ENOENT(2, "no such file or directory"),
    /** A signal arrived before anything was transferred. */
    EINTR(4, "interrupted system call"),
    /** The driver's word for any failure that has no number of its own. */
    EIO(5, "input/output error"),
    /** The node leads to no device. */
    ENXIO(6, "no such device or address"),
    /** The descriptor is closed, or not open for this. */
    EBADF(9, "bad file descriptor"),
    /** The call would have blocked. */
    EAGAIN(11, "resource temporarily unavailable"),
    /** The host has no memory for the request. */
    ENOMEM(12, "out of memory"),
    /** The caller's rights do not suffice. */
    EACCES(13, "permission denied"),
    /** An address is not the process's. */
    EFAULT(14, "bad address"),
    /** Held by somebody else, such as a mount. */
    EBUSY(16, "device or resource busy"),
    /** The device has been removed or set offline. */
    ENODEV(19, "no such device"),
    /** A directory. */
    EISDIR(21, "is a directory"),
    /** Misaligned for direct I/O, or a request that does not exist. */
    EINVAL(22, "invalid argument"),
    /** The process has too many open files. */
    EMFILE(24, "too many open files"),
    /** The device knows no such ioctl. */
    ENOTTY(25, "inappropriate ioctl for device"),
    /** The file system's largest file is smaller. */
    EFBIG(27, "file too large"),
    /** No space, or an offset behind the end of a block device. */
    ENOSPC(28, "no space left on device"),
    /** The file system or the medium is read-only. */
    EROFS(30, "read-only file system"),
    /** The kernel knows no such call. */
    ENOSYS(38, "function not implemented"),
    /** The medium failed; files know it as missing data. */
    ENODATA(61, "medium error"),
    /** A command duration limit was exceeded. */
    ETIME(62, "timer expired"),
    /** The path to the device is lost. */
    ENOLINK(67, "link has been severed"),
    /** Another host's reservation forbids it. */
    EBADE(52, "reservation conflict"),
    /** A zone limit, where it is not a size. */
    EOVERFLOW(75, "value too large"),
    /** Protection information did not match. */
    EILSEQ(84, "protection error"),
    /** The device or file system cannot do it. */
    EOPNOTSUPP(95, "operation not supported"),
    /** The connection was reset. */
    ECONNRESET(104, "connection reset by peer"),
    /** What was to be received did not fit any more, and is lost. */
    ENOBUFS(105, "no buffer space available"),
    /** The device is shut down. */
    ESHUTDOWN(108, "cannot send after transport endpoint shutdown"),
    /** The device did not answer in time. */
    ETIMEDOUT(110, "connection timed out"),
    /** The host cannot be reached. */
    EHOSTUNREACH(113, "no route to host"),
    /** The handle is of a file that is gone. */
    ESTALE(116, "stale file handle"),
    /** The target failed the command for good. */
    EREMOTEIO(121, "remote I/O error"),
    /** A quota is used up. */
    EDQUOT(122, "disk quota exceeded"),
    /** There is no medium. */
    ENOMEDIUM(123, "no medium found");

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** The number, positive. */
    public int number() {
        return number;
    }

    /** Whether {@code result}, as {@link Syscalls} returns them, is this error. */
    public boolean is(long result) {
        return result == -number;
    }

    /** The error that {@code result} is, as {@link Syscalls} returns them; {@link #UNNAMED} when it has no name here. */
    public static Errno of(long result) {
        for (Errno errno : values()) {
            if (errno.is(result)) {
                return errno;
            }
        }
        return UNNAMED;
    }

    /** {@code result} in words, as {@code EIO (input/output error)}; numbers without a name here as {@code errno 97}. */
    public static String describe(long result) {
        Errno errno = of(result);
        return errno == UNNAMED
                ? String.format(Locale.ROOT, "errno %d", -result)
                : errno.name() + " (" + errno.text + ")";
    }
}
