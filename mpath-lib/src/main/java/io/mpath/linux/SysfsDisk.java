package io.mpath.linux;

import io.mpath.path.PathPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A block device in sysfs, or a partition of one. Immutable; what it tells is read anew each time.
 *
 * <p>Threading: any thread.
 */
public final class SysfsDisk {
    private static final Pattern SCSI_HOST = Pattern.compile("host\\d+");

    private final Sysfs sysfs;
    private final Path directory;
    private final Path disk;

    SysfsDisk(Sysfs sysfs, Path directory) {
        this.sysfs = sysfs;
        this.directory = directory;
        Path parent = directory.getParent();
        disk = parent != null && Files.exists(directory.resolve("partition")) ? parent : directory;
    }

    /** The kernel's name for it, such as {@code nvme0n1} or {@code sda1}. */
    public String name() {
        return directory.getFileName().toString();
    }

    /** Whether the kernel still has it. */
    public boolean exists() {
        return Files.exists(directory.resolve("dev"));
    }

    /** The whole disk, if this is a partition; else this. */
    public SysfsDisk wholeDisk() {
        return new SysfsDisk(sysfs, disk);
    }

    /** The partitions of a whole disk. */
    public List<SysfsDisk> partitions() {
        return sysfs.names(directory).stream()
                .map(directory::resolve)
                .filter(entry -> Files.exists(entry.resolve("partition")))
                .map(entry -> new SysfsDisk(sysfs, entry))
                .toList();
    }

    /** Its number. */
    public Optional<String> number() {
        return sysfs.text(directory.resolve("dev"));
    }

    /** The devices stacked on it (device mapper, MD). */
    public List<String> holders() {
        return sysfs.names(directory.resolve("holders"));
    }

    /** The identifier that the kernel knows it by, where the driver tells one. */
    public Optional<String> wwid() {
        return sysfs.text(disk.resolve("wwid")).or(() -> sysfs.text(disk.resolve("device/wwid")));
    }

    /** A limit of its request queue, such as {@code discard_max_bytes}. */
    public OptionalLong limit(String name) {
        return sysfs.number(disk.resolve("queue").resolve(name));
    }

    /** Whether its cache loses data with power. */
    public boolean volatileCache() {
        return sysfs.text(disk.resolve("queue/write_cache"))
                .filter("write back"::equals)
                .isPresent();
    }

    /**
     * What it is reached through: the NVMe controller, the SCSI host, else the device itself; and the memory node of the first
     * of its ancestors that is bound to one.
     */
    public PathPort port() {
        Optional<Path> device = sysfs.target(disk.resolve("device"));
        if (device.isEmpty()) {
            return new PathPort(name());
        }
        return new PathPort(portName(device.get()), numaNode(device.get()), PathPort.Timeouts.NONE);
    }

    private static String portName(Path device) {
        for (Path part : device) {
            if (SCSI_HOST.matcher(part.toString()).matches()) {
                return part.toString();
            }
        }
        return device.getFileName().toString();
    }

    private int numaNode(Path device) {
        for (Path at = device; at != null; at = at.getParent()) {
            OptionalLong node = sysfs.number(at.resolve("numa_node"));
            if (node.isPresent() && node.getAsLong() >= 0) {
                return (int) node.getAsLong();
            }
        }
        return PathPort.NO_NODE;
    }
}
