package io.mpath.linux;

import io.mpath.path.PathIo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Native memory that the kernel reads and writes in the callers' place: always aligned for direct I/O, and still there for a
 * request that hangs in the kernel when its caller has long been answered. Freed with this object.
 *
 * <p>Threading: used by one thread at a time.
 */
public final class TransferMemory {
    private static final int PAGE = 4096;

    private final ByteBuffer buffer;
    private final long address;

    /** Zeroed memory of at least {@code bytes}, aligned to a page and to {@code alignment}, a power of two. */
    public TransferMemory(Syscalls syscalls, int bytes, int alignment) {
        LostMemory.MACHINE.letGo();
        int unit = Math.max(alignment, PAGE);
        int rounded = Math.toIntExact(((long) bytes + unit - 1) / unit * unit);
        buffer = ByteBuffer.allocateDirect(Math.addExact(rounded, unit))
                .alignedSlice(unit)
                .slice(0, rounded)
                .order(ByteOrder.nativeOrder());
        address = syscalls.address(buffer);
    }

    /** The memory; used by absolute index, in the machine's byte order. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Where it starts, for a system call. */
    public long address() {
        return address;
    }

    /** Its length in bytes. */
    public int capacity() {
        return buffer.capacity();
    }

    /** Gathers the data of a write from the caller's buffers to the start of this. */
    public void gather(PathIo io) {
        int at = 0;
        for (int index = 0; index < io.bufferCount(); index++) {
            int length = io.bufferLength(index);
            buffer.put(at, io.buffer(index), io.bufferOffset(index), length);
            at += length;
        }
    }

    /** Scatters the data of a read from the start of this to the caller's buffers. */
    public void scatter(PathIo io) {
        int at = 0;
        for (int index = 0; index < io.bufferCount(); index++) {
            int length = io.bufferLength(index);
            io.buffer(index).put(io.bufferOffset(index), buffer, at, length);
            at += length;
        }
    }
}
