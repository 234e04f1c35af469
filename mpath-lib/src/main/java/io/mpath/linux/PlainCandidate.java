package io.mpath.linux;

import io.mpath.DeviceId;
import io.mpath.MultipathException;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathPort;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file or block device as one path to a device whose identity the user states: reads and writes are the kernel's, with
 * direct I/O so that no page cache stands between the path and its device.
 *
 * <p>An I/O error counts against the path unless the kernel says that the medium, the target or a reservation was the cause; a
 * write that failed with its path may have taken effect. The path then checks itself by reading the first block. A device that
 * was removed does not come back through the same path: offer it again. Discard and write-zeroes are offered where the device
 * or file system does them itself; compare-and-write never.
 *
 * <p>What the kernel below retries by itself is outside what this library promises: of a write that the kernel replayed
 * nothing is known here. Where NVMe or SCSI commands can be sent, their own transports tell more.
 *
 * <p>Threading: immutable.
 */
public final class PlainCandidate implements PathCandidate {
    private final Path file;
    private final DeviceId id;
    private final String name;
    private final @Nullable PathPort port;
    private final PlainOptions options;
    private final @Nullable Syscalls syscalls;
    private final Sysfs sysfs;

    private PlainCandidate(
            Path file,
            DeviceId id,
            String name,
            @Nullable PathPort port,
            PlainOptions options,
            @Nullable Syscalls syscalls,
            Sysfs sysfs) {
        this.file = Objects.requireNonNull(file, "file");
        this.id = Objects.requireNonNull(id, "id");
        this.name = Objects.requireNonNull(name, "name");
        this.port = port;
        this.options = Objects.requireNonNull(options, "options");
        this.syscalls = syscalls;
        this.sysfs = sysfs;
    }

    /** {@code file}, leading to the device {@code id}, named by its own name. */
    public static PlainCandidate of(Path file, DeviceId id) {
        return new PlainCandidate(file, id, file.toString(), null, PlainOptions.defaults(), null, Sysfs.system());
    }

    /** This under another name: two paths over one file need two names. */
    public PlainCandidate named(String value) {
        return new PlainCandidate(file, id, value, port, options, syscalls, sysfs);
    }

    /** This through a port that it shares with other paths; by default a port of its own, named as sysfs knows it. */
    public PlainCandidate through(PathPort value) {
        return new PlainCandidate(file, id, name, Objects.requireNonNull(value, "port"), options, syscalls, sysfs);
    }

    /** This opened in another way. */
    public PlainCandidate with(PlainOptions value) {
        return new PlainCandidate(file, id, name, port, value, syscalls, sysfs);
    }

    PlainCandidate on(Syscalls otherSyscalls, Sysfs otherSysfs) {
        return new PlainCandidate(file, id, name, port, options, otherSyscalls, otherSysfs);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String transport() {
        return "plain";
    }

    /**
     * Opens it.
     *
     * @throws MultipathException when it is no file or block device, cannot be opened, is held by another where exclusive
     *     access was asked for, or has no direct I/O; also when JNA is missing
     */
    @Override
    public DevicePath open() {
        Syscalls calls = syscalls == null ? Syscalls.system() : syscalls;
        PlainFile opened = PlainFile.open(calls, sysfs, file, options);
        return new PlainPath(name, id, opened, port == null ? opened.port() : port, calls, options);
    }
}
