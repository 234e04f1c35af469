package io.mpath.linux;

import io.mpath.Geometry;
import io.mpath.MultipathException;
import io.mpath.path.PathPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An open file or block device: what it is, how large, and what it can do.
 *
 * <p>Threading: any thread that is inside the descriptor; {@link #geometry} by one at a time.
 */
final class PlainFile {
    // Long enough that a range is rarely split, short enough that a thread comes back.
    private static final long MAX_FILE_RANGE = 1L << 30;
    private static final int SCRATCH_BYTES = 4096;

    private final Syscalls syscalls;
    private final String name;
    private final Descriptor descriptor;
    private final @Nullable SysfsDisk disk;
    private final boolean openedReadOnly;
    private final PlainOptions options;
    private final TransferMemory scratch;
    private final int blockSize;

    PlainFile(
            Syscalls syscalls,
            String name,
            Descriptor descriptor,
            @Nullable SysfsDisk disk,
            boolean openedReadOnly,
            PlainOptions options) {
        this.syscalls = syscalls;
        this.name = name;
        this.descriptor = descriptor;
        this.disk = disk;
        this.openedReadOnly = openedReadOnly;
        this.options = options;
        scratch = new TransferMemory(syscalls, SCRATCH_BYTES, SCRATCH_BYTES);
        blockSize = disk == null ? options.fileBlockSize() : number("BLKSSZGET", Platform.BLKSSZGET);
    }

    static PlainFile open(Syscalls syscalls, Sysfs sysfs, Path file, PlainOptions options) {
        DeviceNumber.Kind kind = kind(file);
        int flags = kind == DeviceNumber.Kind.BLOCK_DEVICE && options.exclusive() ? Syscalls.O_EXCL : 0;
        boolean readOnly = options.readOnly();
        int opened = openDirect(syscalls, file, flags | (readOnly ? Syscalls.O_RDONLY : Syscalls.O_RDWR), options);
        if (!readOnly && (Errno.EACCES.is(opened) || Errno.EROFS.is(opened) || Errno.EPERM.is(opened))) {
            readOnly = true;
            opened = openDirect(syscalls, file, flags | Syscalls.O_RDONLY, options);
        }
        if (opened < 0) {
            throw new MultipathException(file + " cannot be opened: " + why(opened));
        }
        var descriptor = new Descriptor(syscalls, opened);
        try {
            return identified(syscalls, sysfs, file, descriptor, readOnly, options);
        } catch (RuntimeException | Error e) {
            descriptor.close(() -> {});
            throw e;
        }
    }

    private static int openDirect(Syscalls syscalls, Path file, int flags, PlainOptions options) {
        int opened = syscalls.open(file.toString(), flags | Platform.O_DIRECT);
        return Errno.EINVAL.is(opened) && options.pageCacheAllowed() ? syscalls.open(file.toString(), flags) : opened;
    }

    private static String why(int result) {
        return switch (Errno.of(result)) {
            case EBUSY -> "EBUSY: it is mounted, or held by another that opened it exclusively";
            case EINVAL ->
                "EINVAL: its file system has no direct I/O; for trials, PlainOptions.withPageCacheAllowed goes without";
            default -> Errno.describe(result);
        };
    }

    /** Refused before it is opened: opening a terminal, a tape or a pipe may already do something to it. */
    private static DeviceNumber.Kind kind(Path file) {
        try {
            DeviceNumber.Kind kind = DeviceNumber.kind(file);
            if (kind == DeviceNumber.Kind.OTHER) {
                throw new MultipathException(file + " is neither a file nor a block device");
            }
            return kind;
        } catch (IOException e) {
            throw new MultipathException(file + " cannot be opened: " + e, e);
        }
    }

    private static PlainFile identified(
            Syscalls syscalls, Sysfs sysfs, Path file, Descriptor descriptor, boolean readOnly, PlainOptions options) {
        // What was opened, whatever the name leads to by now.
        Path open = Path.of("/proc/self/fd/" + descriptor.number());
        try {
            SysfsDisk disk = null;
            if (DeviceNumber.kind(open) == DeviceNumber.Kind.BLOCK_DEVICE) {
                DeviceNumber number = DeviceNumber.of(open);
                disk = sysfs.disk(number)
                        .orElseThrow(
                                () -> new MultipathException(file + " is device " + number + ", which sysfs lacks"));
            }
            return new PlainFile(syscalls, file.toString(), descriptor, disk, readOnly, options);
        } catch (IOException e) {
            throw new MultipathException(file + " was opened and cannot be looked at: " + e, e);
        }
    }

    Descriptor descriptor() {
        return descriptor;
    }

    int number() {
        return descriptor.number();
    }

    boolean isBlockDevice() {
        return disk != null;
    }

    boolean readOnly() {
        return openedReadOnly;
    }

    int blockSize() {
        return blockSize;
    }

    int maxTransferBytes() {
        return Math.max(options.maxTransferBytes() / blockSize, 1) * blockSize;
    }

    /** The size now, in bytes, or a negative errno. A block device that has been removed has none. */
    long size() {
        return syscalls.seekEnd(descriptor.number());
    }

    /** Whether the kernel has forgotten the device; a file that is open is never gone. */
    boolean isGone() {
        return disk != null && !disk.exists();
    }

    PathPort port() {
        return disk == null ? new PathPort(name) : disk.port();
    }

    Map<String, String> attributes() {
        return disk == null
                ? Map.of()
                : disk.wwid().map(wwid -> Map.of("wwid", wwid)).orElse(Map.of());
    }

    /** @throws MultipathException when it has no blocks, or does not answer */
    Geometry geometry() {
        long blocks = size() / blockSize;
        if (blocks <= 0) {
            throw new MultipathException(name + " has no block of " + blockSize + " bytes");
        }
        return disk == null ? fileGeometry(blocks * blockSize) : diskGeometry(blocks * blockSize, disk);
    }

    private Geometry fileGeometry(long bytes) {
        long range = openedReadOnly ? 0 : MAX_FILE_RANGE;
        return new Geometry(bytes, blockSize, blockSize, maxTransferBytes(), range, range, 0, true, openedReadOnly);
    }

    private Geometry diskGeometry(long bytes, SysfsDisk disk) {
        return new Geometry(
                bytes,
                blockSize,
                Math.max(number("BLKPBSZGET", Platform.BLKPBSZGET), blockSize),
                maxTransferBytes(),
                range(disk, "discard_max_bytes"),
                range(disk, "write_zeroes_max_bytes"),
                0,
                disk.volatileCache(),
                openedReadOnly || number("BLKROGET", Platform.BLKROGET) != 0);
    }

    /** Where the device has no command of its own the kernel would send zeroes from memory: not what was asked for. */
    private long range(SysfsDisk disk, String limit) {
        return Math.max(disk.limit(limit).orElse(0), 0) / blockSize * blockSize;
    }

    private int number(String what, long request) {
        scratch.buffer().putInt(0, 0);
        int result = syscalls.ioctl(descriptor.number(), request, scratch.address());
        if (result < 0) {
            throw new MultipathException(name + " does not answer " + what + ": " + Errno.describe(result));
        }
        return scratch.buffer().getInt(0);
    }
}
