package io.mpath.nvme.linux;

import io.mpath.linux.Errno;
import io.mpath.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The kernel's side of the NVMe ioctls, by the offsets of {@code linux/nvme_ioctl.h} and not by ours; who answers commands is the
 * test's. Addresses are made up.
 */
final class FakeIoctls implements Syscalls {
    static final long ADMIN64 = 0xc050_4e47L;
    static final long IO64 = 0xc050_4e48L;
    private static final long ID = 0x4e40L;
    private static final int FIRST_DESCRIPTOR = 100;

    /** What each node leads to. */
    final Map<String, Long> namespaces = new ConcurrentHashMap<>();

    /** What opening a node ends with instead. */
    final Map<String, Errno> refusals = new ConcurrentHashMap<>();

    final List<Command> commands = new CopyOnWriteArrayList<>();
    final List<String> opened = new CopyOnWriteArrayList<>();
    volatile Driver driver = (node, command, data) -> new Answer(0, 0);

    private final Path dev;
    private final Map<Integer, String> descriptors = new ConcurrentHashMap<>();
    private final AtomicInteger lastDescriptor = new AtomicInteger(FIRST_DESCRIPTOR);
    private final AtomicLong nextAddress = new AtomicLong(1 << 20);
    private final ConcurrentSkipListMap<Long, ByteBuffer> memory = new ConcurrentSkipListMap<>();

    /** Carries out a command. */
    @FunctionalInterface
    interface Driver {
        Answer execute(String node, Command command, ByteBuffer data) throws InterruptedException;
    }

    /** What the ioctl returns, and dwords 0 and 1 of the completion where there is one. */
    record Answer(int returned, long result) {
        static Answer status(int status) {
            return new Answer(status, 0);
        }

        static Answer error(Errno errno) {
            return new Answer(-errno.number(), 0);
        }
    }

    /** What a driver was given, but its data. */
    record Command(
            long request,
            int opcode,
            long nsid,
            List<Integer> dwords,
            int dataBytes,
            long timeoutMillis,
            long address) {
        boolean admin() {
            return request == ADMIN64;
        }

        /** As a submission queue entry. */
        ByteBuffer entry() {
            ByteBuffer entry = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
            entry.put(0, (byte) opcode).putInt(4, (int) nsid);
            for (int i = 0; i < dwords.size(); i++) {
                entry.putInt(40 + 4 * i, dwords.get(i));
            }
            return entry;
        }
    }

    FakeIoctls(Path dev) {
        this.dev = dev;
    }

    /** Nodes that are open now. */
    List<String> open() {
        return List.copyOf(descriptors.values());
    }

    @Override
    public int open(String path, int flags) {
        String name = Path.of(path).getFileName().toString();
        Errno refusal = refusals.get(flags == O_RDONLY ? name + " read-only" : name);
        if (refusal != null) {
            return -refusal.number();
        }
        if (!Files.exists(dev.resolve(name))) {
            return -Errno.ENOENT.number();
        }
        opened.add(name + ((flags & O_RDWR) != 0 ? " rw" : " ro") + ((flags & O_EXCL) != 0 ? " exclusive" : ""));
        int descriptor = lastDescriptor.incrementAndGet();
        descriptors.put(descriptor, name);
        return descriptor;
    }

    @Override
    public int close(int descriptor) {
        return descriptors.remove(descriptor) == null ? -Errno.EBADF.number() : 0;
    }

    @Override
    public int ioctl(int descriptor, long request, long argument) {
        String node = descriptors.get(descriptor);
        if (node == null) {
            return -Errno.EBADF.number();
        }
        if (request == ID) {
            return Math.toIntExact(namespaces.get(node));
        }
        if (request != ADMIN64 && request != IO64) {
            return -Errno.ENOTTY.number();
        }
        ByteBuffer structure = at(argument, 80);
        long address = structure.getLong(24);
        int bytes = structure.getInt(36);
        List<Integer> dwords = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            dwords.add(structure.getInt(40 + 4 * i));
        }
        var command = new Command(
                request,
                structure.get(0) & 0xff,
                Integer.toUnsignedLong(structure.getInt(4)),
                List.copyOf(dwords),
                bytes,
                Integer.toUnsignedLong(structure.getInt(64)),
                address);
        boolean reserved = structure.get(1) != 0
                || structure.getShort(2) != 0
                || structure.getLong(8) != 0
                || structure.getLong(16) != 0
                || structure.getInt(32) != 0
                || structure.getInt(68) != 0;
        if (reserved || (address == 0) != (bytes == 0)) {
            return -Errno.EINVAL.number();
        }
        commands.add(command);
        Answer answer = execute(node, command, bytes == 0 ? ByteBuffer.allocate(0) : at(address, bytes));
        if (answer.returned() >= 0) {
            structure.putLong(72, answer.result());
        }
        return answer.returned();
    }

    private Answer execute(String node, Command command, ByteBuffer data) {
        try {
            return driver.execute(node, command, data);
        } catch (InterruptedException e) {
            throw new AssertionError("a thread inside an ioctl is never interrupted", e);
        }
    }

    private ByteBuffer at(long address, int bytes) {
        Map.Entry<Long, ByteBuffer> found = Objects.requireNonNull(memory.floorEntry(address), "no such address");
        int offset = Math.toIntExact(address - found.getKey());
        return found.getValue().duplicate().clear().slice(offset, bytes).order(ByteOrder.nativeOrder());
    }

    @Override
    public long address(ByteBuffer direct) {
        long address = nextAddress.getAndAdd(direct.capacity() + 4096L);
        memory.put(address, direct);
        return address;
    }

    private static int unexpected() {
        throw new AssertionError("a system call that an NVMe transport has no use for");
    }

    @Override
    public long pread(int descriptor, long address, long length, long offset) {
        return unexpected();
    }

    @Override
    public long pwrite(int descriptor, long address, long length, long offset) {
        return unexpected();
    }

    @Override
    public int fdatasync(int descriptor) {
        return unexpected();
    }

    @Override
    public int fallocate(int descriptor, int mode, long offset, long length) {
        return unexpected();
    }

    @Override
    public long seekEnd(int descriptor) {
        return unexpected();
    }

    @Override
    public long read(int descriptor, long address, long length) {
        return unexpected();
    }

    @Override
    public long write(int descriptor, long address, long length) {
        return unexpected();
    }

    @Override
    public int eventfd(int initial, int flags) {
        return unexpected();
    }

    @Override
    public int poll(long address, long count, int timeoutMillis) {
        return unexpected();
    }

    @Override
    public int socket(int domain, int type, int protocol) {
        return unexpected();
    }

    @Override
    public int setsockopt(int descriptor, int level, int option, long address, int length) {
        return unexpected();
    }

    @Override
    public int bind(int descriptor, long address, int length) {
        return unexpected();
    }

    @Override
    public long recvfrom(int descriptor, long address, long length, int flags, long source, long sourceLength) {
        return unexpected();
    }

    @Override
    public int currentProcessor() {
        return unexpected();
    }
}
