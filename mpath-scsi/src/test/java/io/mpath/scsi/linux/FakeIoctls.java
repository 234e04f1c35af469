package io.mpath.scsi.linux;

import io.mpath.linux.Errno;
import io.mpath.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The kernel's side of SG_IO, by the offsets of {@code scsi/sg.h} and not by ours; who answers commands is the test's. Addresses are
 * made up.
 */
final class FakeIoctls implements Syscalls {
    private static final long SG_IO = 0x2285L;
    private static final int FIRST_DESCRIPTOR = 100;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What opening a node ends with instead. */
    final Map<String, Errno> refusals = new ConcurrentHashMap<>();

    final List<Command> commands = new CopyOnWriteArrayList<>();
    final List<String> opened = new CopyOnWriteArrayList<>();
    /** Run when a node has been opened. */
    volatile Runnable whenOpened = () -> {};

    volatile Driver driver = (node, command, data) -> Answer.good();

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

    /** What the ioctl returns, and what it writes where the command came to an end. */
    record Answer(int returned, boolean ended, int status, int host, int driver, ByteBuffer sense, int residual) {
        static Answer good() {
            return new Answer(0, true, 0, 0, 0, NOTHING, 0);
        }

        static Answer residual(int bytes) {
            return new Answer(0, true, 0, 0, 0, NOTHING, bytes);
        }

        static Answer status(int status) {
            return new Answer(0, true, status, 0, 0, NOTHING, 0);
        }

        static Answer host(int host) {
            return new Answer(0, true, 0, host, 0, NOTHING, 0);
        }

        static Answer driver(int driver) {
            return new Answer(0, true, 0, 0, driver, NOTHING, 0);
        }

        /** CHECK CONDITION with sense data of fixed format. */
        static Answer sense(int key, int asc, int ascq) {
            byte[] sense = new byte[18];
            sense[0] = 0x70;
            sense[2] = (byte) key;
            sense[7] = 10;
            sense[12] = (byte) asc;
            sense[13] = (byte) ascq;
            return sense(sense);
        }

        static Answer sense(byte[] sense) {
            return new Answer(0, true, 2, 0, 8, ByteBuffer.wrap(sense), 0);
        }

        /** Refused, or interrupted: nothing of an end is written. */
        static Answer error(Errno errno) {
            return new Answer(-errno.number(), false, 0, 0, 0, NOTHING, 0);
        }

        /** The command ended, and then something else went wrong. */
        static Answer errorAfterTheEnd(Errno errno) {
            return new Answer(-errno.number(), true, 0, 0, 0, NOTHING, 0);
        }
    }

    /** What a driver was given, but its data. */
    record Command(ByteBuffer cdb, int direction, int dataBytes, long timeoutMillis, long address) {
        int opcode() {
            return cdb.get(0) & 0xff;
        }
    }

    FakeIoctls(Path dev) {
        this.dev = dev;
    }

    /** Nodes that are open now. */
    List<String> open() {
        return List.copyOf(descriptors.values());
    }

    /** The operation codes of what was sent. */
    List<Integer> opcodes() {
        return commands.stream().map(Command::opcode).toList();
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
        whenOpened.run();
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
        if (request != SG_IO) {
            return -Errno.ENOTTY.number();
        }
        ByteBuffer header = at(argument, 88);
        byte[] cdb = new byte[header.get(8)];
        boolean wrong = header.getInt(0) != 'S'
                || cdb.length < 6
                || cdb.length > 16
                || header.getShort(10) != 0
                || header.getInt(44) != 0
                || header.getInt(48) != 0
                || header.getLong(56) != 0;
        int bytes = header.getInt(12);
        int direction = header.getInt(4);
        if (wrong || (direction == -1) != (bytes == 0) || direction < -3 || direction > -1) {
            return -Errno.EINVAL.number();
        }
        at(header.getLong(24), cdb.length).get(0, cdb);
        long address = header.getLong(16);
        var command =
                new Command(ByteBuffer.wrap(cdb), direction, bytes, Integer.toUnsignedLong(header.getInt(40)), address);
        commands.add(command);
        Answer answer = execute(node, command, bytes == 0 ? ByteBuffer.allocate(0) : at(address, bytes));
        if (answer.ended()) {
            int room = header.get(9) & 0xff;
            ByteBuffer sense = answer.sense();
            int written = Math.min(room, sense.capacity());
            at(header.getLong(32), room).put(0, sense, 0, written);
            header.put(64, (byte) answer.status())
                    .put(65, (byte) (answer.status() >> 1 & 0x1f))
                    .put(67, (byte) written)
                    .putShort(68, (short) answer.host())
                    .putShort(70, (short) answer.driver())
                    .putInt(72, answer.residual())
                    .putInt(76, 1)
                    .putInt(80, answer.status() != 0 || answer.host() != 0 || answer.driver() != 0 ? 1 : 0);
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
        throw new AssertionError("a system call that a SCSI transport has no use for");
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
