package io.mpath.linux;

import io.mpath.MultipathException;
import java.nio.ByteBuffer;

/**
 * The system calls that transports make. Each returns what the kernel returns to the C library: a negative result is an
 * {@link Errno} with its sign changed, so that no second call has to fetch it. Interrupted calls are not repeated here: only the
 * caller knows whether a repetition is harmless.
 *
 * <p>Threading: any thread; most block the calling thread, also the carrier of a virtual one.
 */
public interface Syscalls {
    /** {@link #open} for reading. */
    int O_RDONLY = 0;

    /** {@link #open} for reading and writing. */
    int O_RDWR = 2;

    /** {@link #open} of a block device so that nobody else can mount it, or open it the same way. */
    int O_EXCL = 0x80;

    /** The C library's.
     *
     * @throws MultipathException when JNA is missing, or this is not Linux on x86-64 or aarch64
     */
    static Syscalls system() {
        return CLibrary.instance();
    }

    /** {@code open(2)} of an existing file, always with {@code O_CLOEXEC}; a descriptor or a negative errno. */
    int open(String path, int flags);

    /** {@code close(2)}. The descriptor is free afterwards whatever this returns. */
    int close(int descriptor);

    /** {@code pread(2)} into memory at {@code address}; the number of bytes, 0 at the end, or a negative errno. */
    long pread(int descriptor, long address, long length, long offset);

    /** {@code pwrite(2)} from memory at {@code address}; the number of bytes or a negative errno. */
    long pwrite(int descriptor, long address, long length, long offset);

    /** {@code fdatasync(2)}. */
    int fdatasync(int descriptor);

    /** {@code fallocate(2)}. */
    int fallocate(int descriptor, int mode, long offset, long length);

    /** {@code lseek(2)} to the end: the size of a file in bytes, or a negative errno. */
    long seekEnd(int descriptor);

    /**
     * {@code ioctl(2)} with a pointer argument, or a number.
     *
     * @param request the request code, zero-extended
     * @return zero or more as the request defines it, or a negative errno
     */
    int ioctl(int descriptor, long request, long argument);

    /** {@code read(2)} into memory at {@code address}; the number of bytes or a negative errno. */
    long read(int descriptor, long address, long length);

    /** {@code write(2)} from memory at {@code address}; the number of bytes or a negative errno. */
    long write(int descriptor, long address, long length);

    /** {@code eventfd(2)}: a counter to read from, write to and poll; a descriptor or a negative errno. */
    int eventfd(int initial, int flags);

    /** {@code poll(2)} of {@code count} {@code struct pollfd} at {@code address}; how many are ready, or a negative errno. */
    int poll(long address, long count, int timeoutMillis);

    /** {@code socket(2)}; a descriptor or a negative errno. */
    int socket(int domain, int type, int protocol);

    /** {@code setsockopt(2)} to the value of {@code length} bytes at {@code address}; 0 or a negative errno. */
    int setsockopt(int descriptor, int level, int option, long address, int length);

    /** {@code bind(2)} to the socket address at {@code address}. */
    int bind(int descriptor, long address, int length);

    /**
     * {@code recvfrom(2)} into memory at {@code address}; the number of bytes or a negative errno.
     *
     * @param source where the sender's socket address goes
     * @param sourceLength where the length of that is, an {@code int} that is updated
     */
    long recvfrom(int descriptor, long address, long length, int flags, long source, long sourceLength);

    /** {@code sched_getcpu(3)}: the processor that the caller runs on, or a negative errno. */
    int currentProcessor();

    /** Where the memory of a direct buffer starts, whatever its position. Valid while the buffer is reachable. */
    long address(ByteBuffer direct);
}
