package io.mpath.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.mpath.MultipathException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;

/**
 * The C library through JNA's direct mapping with arguments of primitive types only: a {@code Pointer}, a {@code Structure} or
 * a {@code LastErrorException} would each cost more than the system call.
 *
 * <p>{@code ioctl} and {@code open} take variable arguments in C. On the two architectures served here those travel in the
 * same registers as fixed ones.
 */
final class CLibrary implements Syscalls {
    private static final int O_CLOEXEC = 0x80000;
    private static final int SEEK_END = 2;

    private CLibrary() {}

    static Syscalls instance() {
        try {
            Class.forName("com.sun.jna.Native", false, CLibrary.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new MultipathException(
                    "system calls need JNA: add net.java.dev.jna:jna to the class path, or the module com.sun.jna to the module"
                            + " path with --add-modules com.sun.jna",
                    e);
        }
        if (!Platform.SUPPORTED) {
            throw new MultipathException("system calls are made on Linux on amd64 and aarch64 only, and this is "
                    + System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
        }
        try {
            return Bound.INSTANCE;
        } catch (LinkageError e) {
            throw new MultipathException(
                    "JNA could not load its native part (native access denied, or no directory to unpack it to that allows"
                            + " executing; see jna.tmpdir)",
                    e);
        }
    }

    /** Bound on first use, so that this class loads where JNA does not. */
    private static final class Bound {
        static final CLibrary INSTANCE = new CLibrary();
        static final Charset FILE_NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

        static {
            Native.register(Bound.class, NativeLibrary.getProcess());
        }

        static native int open(byte[] path, int flags);

        static native int close(int descriptor);

        static native long pread(int descriptor, long address, long length, long offset);

        static native long pwrite(int descriptor, long address, long length, long offset);

        static native int fdatasync(int descriptor);

        static native int fallocate(int descriptor, int mode, long offset, long length);

        static native long lseek(int descriptor, long offset, int whence);

        static native int ioctl(int descriptor, long request, long argument);

        static native long read(int descriptor, long address, long length);

        static native long write(int descriptor, long address, long length);

        static native int eventfd(int initial, int flags);

        static native int poll(long address, long count, int timeoutMillis);

        static native int socket(int domain, int type, int protocol);

        static native int setsockopt(int descriptor, int level, int option, long address, int length);

        static native int bind(int descriptor, long address, int length);

        static native long recvfrom(
                int descriptor, long address, long length, int flags, long source, long sourceLength);

        static native int sched_getcpu();
    }

    /** To be called right after the call that returned {@code result}: JNA keeps one errno per thread. */
    private static int result(int result) {
        return result == -1 ? -Native.getLastError() : result;
    }

    private static long result(long result) {
        return result == -1 ? -Native.getLastError() : result;
    }

    @Override
    public int open(String path, int flags) {
        byte[] name = path.getBytes(Bound.FILE_NAMES);
        return result(Bound.open(Arrays.copyOf(name, name.length + 1), flags | O_CLOEXEC));
    }

    @Override
    public int close(int descriptor) {
        return result(Bound.close(descriptor));
    }

    @Override
    public long pread(int descriptor, long address, long length, long offset) {
        return result(Bound.pread(descriptor, address, length, offset));
    }

    @Override
    public long pwrite(int descriptor, long address, long length, long offset) {
        return result(Bound.pwrite(descriptor, address, length, offset));
    }

    @Override
    public int fdatasync(int descriptor) {
        return result(Bound.fdatasync(descriptor));
    }

    @Override
    public int fallocate(int descriptor, int mode, long offset, long length) {
        return result(Bound.fallocate(descriptor, mode, offset, length));
    }

    @Override
    public long seekEnd(int descriptor) {
        return result(Bound.lseek(descriptor, 0, SEEK_END));
    }

    @Override
    public int ioctl(int descriptor, long request, long argument) {
        return result(Bound.ioctl(descriptor, request, argument));
    }

    @Override
    public long read(int descriptor, long address, long length) {
        return result(Bound.read(descriptor, address, length));
    }

    @Override
    public long write(int descriptor, long address, long length) {
        return result(Bound.write(descriptor, address, length));
    }

    @Override
    public int eventfd(int initial, int flags) {
        return result(Bound.eventfd(initial, flags));
    }

    @Override
    public int poll(long address, long count, int timeoutMillis) {
        return result(Bound.poll(address, count, timeoutMillis));
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return result(Bound.socket(domain, type, protocol));
    }

    @Override
    public int setsockopt(int descriptor, int level, int option, long address, int length) {
        return result(Bound.setsockopt(descriptor, level, option, address, length));
    }

    @Override
    public int bind(int descriptor, long address, int length) {
        return result(Bound.bind(descriptor, address, length));
    }

    @Override
    public long recvfrom(int descriptor, long address, long length, int flags, long source, long sourceLength) {
        return result(Bound.recvfrom(descriptor, address, length, flags, source, sourceLength));
    }

    @Override
    public int currentProcessor() {
        return result(Bound.sched_getcpu());
    }

    @Override
    public long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }
}
