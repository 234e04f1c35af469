package io.mpath.linux;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongUnaryOperator;

/** The machine's system calls, except where a test says otherwise; writes down the calls that change or read data. */
final class ScriptedCalls implements Syscalls {
    /** One call in place of the kernel's: given its length (or request code), its result. Negative is an errno. */
    LongUnaryOperator open = flags -> KERNEL;

    LongUnaryOperator pread = length -> KERNEL;
    LongUnaryOperator pwrite = length -> KERNEL;
    LongUnaryOperator fdatasync = nothing -> KERNEL;
    LongUnaryOperator fallocate = mode -> KERNEL;
    LongUnaryOperator seekEnd = nothing -> KERNEL;
    LongUnaryOperator ioctl = request -> KERNEL;
    /** What an ioctl that succeeds by script leaves in its argument, by request code. */
    final Map<Long, Integer> answers = new ConcurrentHashMap<>();

    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    boolean dropWrites;
    int processor;

    static final long KERNEL = Long.MAX_VALUE;
    private final Syscalls kernel = Syscalls.system();
    private final Map<Long, ByteBuffer> memory = new ConcurrentHashMap<>();

    /** Answers {@code results} in order, then leaves it to the kernel. */
    static LongUnaryOperator inOrder(long... results) {
        var next = new java.util.concurrent.atomic.AtomicInteger();
        return argument -> {
            int index = next.getAndIncrement();
            return index < results.length ? results[index] : KERNEL;
        };
    }

    @Override
    public int open(String path, int flags) {
        calls.add("open " + Integer.toHexString(flags));
        long result = open.applyAsLong(flags);
        return result == KERNEL ? kernel.open(path, flags) : (int) result;
    }

    @Override
    public int close(int descriptor) {
        calls.add("close");
        return kernel.close(descriptor);
    }

    @Override
    public long pread(int descriptor, long address, long length, long offset) {
        calls.add("pread " + length + " at " + offset);
        long result = pread.applyAsLong(length);
        // A positive script is a short transfer: the kernel does that much.
        return result == KERNEL
                ? kernel.pread(descriptor, address, length, offset)
                : result > 0 ? kernel.pread(descriptor, address, result, offset) : result;
    }

    @Override
    public long pwrite(int descriptor, long address, long length, long offset) {
        calls.add("pwrite " + length + " at " + offset);
        if (dropWrites) {
            return length;
        }
        long result = pwrite.applyAsLong(length);
        return result == KERNEL
                ? kernel.pwrite(descriptor, address, length, offset)
                : result > 0 ? kernel.pwrite(descriptor, address, result, offset) : result;
    }

    @Override
    public int fdatasync(int descriptor) {
        calls.add("fdatasync");
        long result = fdatasync.applyAsLong(0);
        return result == KERNEL ? kernel.fdatasync(descriptor) : (int) result;
    }

    @Override
    public int fallocate(int descriptor, int mode, long offset, long length) {
        calls.add("fallocate " + mode + " " + length + " at " + offset);
        long result = fallocate.applyAsLong(mode);
        return result == KERNEL ? kernel.fallocate(descriptor, mode, offset, length) : (int) result;
    }

    @Override
    public long seekEnd(int descriptor) {
        long result = seekEnd.applyAsLong(0);
        return result == KERNEL ? kernel.seekEnd(descriptor) : result;
    }

    @Override
    public int ioctl(int descriptor, long request, long argument) {
        long result = ioctl.applyAsLong(request);
        if (result == KERNEL) {
            return kernel.ioctl(descriptor, request, argument);
        }
        ByteBuffer at = memory.get(argument);
        if (at != null && answers.containsKey(request)) {
            at.putInt(0, answers.get(request));
        } else if (at != null) {
            calls.add("ioctl " + Long.toHexString(request) + " " + at.getLong(8) + " at " + at.getLong(0));
        }
        return (int) result;
    }

    @Override
    public long read(int descriptor, long address, long length) {
        return kernel.read(descriptor, address, length);
    }

    @Override
    public long write(int descriptor, long address, long length) {
        return kernel.write(descriptor, address, length);
    }

    @Override
    public int eventfd(int initial, int flags) {
        return kernel.eventfd(initial, flags);
    }

    @Override
    public int poll(long address, long count, int timeoutMillis) {
        return kernel.poll(address, count, timeoutMillis);
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return kernel.socket(domain, type, protocol);
    }

    @Override
    public int setsockopt(int descriptor, int level, int option, long address, int length) {
        return kernel.setsockopt(descriptor, level, option, address, length);
    }

    @Override
    public int bind(int descriptor, long address, int length) {
        return kernel.bind(descriptor, address, length);
    }

    @Override
    public long recvfrom(int descriptor, long address, long length, int flags, long source, long sourceLength) {
        return kernel.recvfrom(descriptor, address, length, flags, source, sourceLength);
    }

    @Override
    public int currentProcessor() {
        return processor;
    }

    @Override
    public long address(ByteBuffer direct) {
        long address = kernel.address(direct);
        memory.put(address, direct);
        return address;
    }
}
