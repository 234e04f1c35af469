package io.mpath.examples.cli;

import io.mpath.linux.DeviceInUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Keeps the command from writing to what it must not. Looks at nodes and at what the kernel says of them; opens nothing. */
final class TargetGuard {
    private static final int TYPE_MASK = 0170000;
    private static final int BLOCK_DEVICE = 0060000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int REGULAR_FILE = 0100000;
    private static final Pattern NVME_GENERIC = Pattern.compile("ng(\\d+n\\d+)");

    /** What a node is. */
    enum Kind {
        FILE,
        BLOCK_DEVICE,
        /** The character device beside an NVMe block device. */
        NVME_GENERIC,
        MISSING,
        OTHER
    }

    private final Function<Path, Kind> kinds;
    private final Function<Path, Optional<String>> inUse;

    TargetGuard(Function<Path, Kind> kinds, Function<Path, Optional<String>> inUse) {
        this.kinds = kinds;
        this.inUse = inUse;
    }

    /** On this machine. */
    static TargetGuard system() {
        return new TargetGuard(TargetGuard::kind, DeviceInUse.system()::reason);
    }

    /** What {@code node} is. @throws UsageException when it can be no path */
    Kind require(Path node) {
        Kind kind = kinds.apply(node);
        if (kind == Kind.MISSING) {
            throw new UsageException("there is no " + node + ": create a file with 'truncate -s 64m " + node
                    + "', or name an existing one");
        }
        if (kind == Kind.NVME_GENERIC) {
            throw new UsageException(node + " is no plain path, but " + blockDevice(node) + " beside it may be one");
        }
        if (kind == Kind.OTHER) {
            throw new UsageException(node + " is neither a file nor a block device: name one that is");
        }
        return kind;
    }

    /**
     * Whether {@code node} may be written to. Of an NVMe character device it is the block device beside it that may be in use.
     *
     * @throws UsageException when it may not, saying why
     */
    void requireWritable(Path node, Use use) {
        boolean generic = kinds.apply(node) == Kind.NVME_GENERIC;
        boolean device = generic || require(node) == Kind.BLOCK_DEVICE;
        if (device && !use.destroyData()) {
            throw new UsageException(
                    "writing would destroy what " + node + " holds: add --destroy-data if you mean it");
        }
        Path looked = generic ? blockDevice(node) : node;
        if (generic && kinds.apply(looked) != Kind.BLOCK_DEVICE) {
            return;
        }
        inUse.apply(looked).ifPresent(reason -> {
            throw new UsageException("will not write to " + node + ": " + reason + "; let go of it first");
        });
    }

    private static Path blockDevice(Path generic) {
        String name = real(generic).getFileName().toString();
        return real(generic).resolveSibling(NVME_GENERIC.matcher(name).replaceFirst("nvme$1"));
    }

    private static Path real(Path node) {
        try {
            return node.toRealPath();
        } catch (IOException missing) {
            return node;
        }
    }

    private static Kind kind(Path node) {
        try {
            return switch ((Integer) Files.getAttribute(node, "unix:mode") & TYPE_MASK) {
                case BLOCK_DEVICE -> Kind.BLOCK_DEVICE;
                case REGULAR_FILE -> Kind.FILE;
                case CHARACTER_DEVICE ->
                    NVME_GENERIC.matcher(real(node).getFileName().toString()).matches()
                            ? Kind.NVME_GENERIC
                            : Kind.OTHER;
                default -> Kind.OTHER;
            };
        } catch (IOException e) {
            return Kind.MISSING;
        }
    }
}
