package io.mpath.linux;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** System calls of which each fails as unknown to the kernel, but for {@link #address}; a test overrides those that it plays. */
class UnknownCalls implements Syscalls {
    private static final int UNKNOWN = -Errno.ENOSYS.number();

    private final Syscalls kernel = Syscalls.system();
    private final Map<Long, ByteBuffer> memory = new ConcurrentHashMap<>();

    /** The buffer that starts at {@code address}. */
    final ByteBuffer memoryAt(long address) {
        return Objects.requireNonNull(memory.get(address), "no buffer starts there");
    }

    /** The number at {@code address}, in whichever buffer that is. */
    final int intAt(long address) {
        return memory.entrySet().stream()
                .filter(each -> address - each.getKey() >= 0
                        && address - each.getKey() < each.getValue().capacity())
                .mapToInt(each -> each.getValue().getInt((int) (address - each.getKey())))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public long address(ByteBuffer direct) {
        long address = kernel.address(direct);
        memory.put(address, direct);
        return address;
    }

    @Override
    public int open(String path, int flags) {
        return UNKNOWN;
    }

    @Override
    public int close(int descriptor) {
        return UNKNOWN;
    }

    @Override
    public long pread(int descriptor, long address, long length, long offset) {
        return UNKNOWN;
    }

    @Override
    public long pwrite(int descriptor, long address, long length, long offset) {
        return UNKNOWN;
    }

    @Override
    public int fdatasync(int descriptor) {
        return UNKNOWN;
    }

    @Override
    public int fallocate(int descriptor, int mode, long offset, long length) {
        return UNKNOWN;
    }

    @Override
    public long seekEnd(int descriptor) {
        return UNKNOWN;
    }

    @Override
    public int ioctl(int descriptor, long request, long argument) {
        return UNKNOWN;
    }

    @Override
    public long read(int descriptor, long address, long length) {
        return UNKNOWN;
    }

    @Override
    public long write(int descriptor, long address, long length) {
        return UNKNOWN;
    }

    @Override
    public int eventfd(int initial, int flags) {
        return UNKNOWN;
    }

    @Override
    public int poll(long address, long count, int timeoutMillis) {
        return UNKNOWN;
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return UNKNOWN;
    }

    @Override
    public int setsockopt(int descriptor, int level, int option, long address, int length) {
        return UNKNOWN;
    }

    @Override
    public int bind(int descriptor, long address, int length) {
        return UNKNOWN;
    }

    @Override
    public long recvfrom(int descriptor, long address, long length, int flags, long source, long sourceLength) {
        return UNKNOWN;
    }

    @Override
    public int currentProcessor() {
        return UNKNOWN;
    }
}
