package io.mpath.linux;

import io.mpath.MultipathException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Why writing to a block device would destroy something: it, a partition of it, or the disk that it is a partition of, is
 * mounted, used as swap, or has devices stacked on it. What other mount namespaces have mounted is not seen here; an exclusive
 * open ({@link PlainOptions#withExclusive}) fails for those too, so a careful program does both.
 *
 * <p>Threading: immutable; any thread. Reads files; needs no JNA.
 */
public final class DeviceInUse {
    private final Sysfs sysfs;
    private final Path mountinfo;
    private final Path swaps;

    /** With what stands in for {@code /sys}, {@code /proc/self/mountinfo} and {@code /proc/swaps}. */
    public DeviceInUse(Sysfs sysfs, Path mountinfo, Path swaps) {
        this.sysfs = sysfs;
        this.mountinfo = mountinfo;
        this.swaps = swaps;
    }

    /** This machine's. */
    public static DeviceInUse system() {
        return new DeviceInUse(Sysfs.system(), Path.of("/proc/self/mountinfo"), Path.of("/proc/swaps"));
    }

    /**
     * Why the device must not be written to, for a human to read; or empty. A file is in use when it is swap.
     *
     * @throws MultipathException when that cannot be found out
     */
    public Optional<String> reason(Path node) {
        try {
            if (DeviceNumber.kind(node) == DeviceNumber.Kind.BLOCK_DEVICE) {
                return reason(DeviceNumber.of(node));
            }
            return swapped(node.toRealPath().toString());
        } catch (IOException e) {
            throw new MultipathException("cannot find out whether " + node + " is in use: " + e, e);
        }
    }

    /** {@link #reason(Path)}, by number. */
    public Optional<String> reason(DeviceNumber number) {
        SysfsDisk disk = sysfs.disk(number)
                .orElseThrow(() -> new MultipathException(
                        "cannot find out whether device " + number + " is in use: sysfs does not have it"));
        try {
            for (SysfsDisk part : family(disk)) {
                Optional<String> reason = ownReason(part);
                if (reason.isPresent()) {
                    return reason;
                }
            }
        } catch (IOException e) {
            throw new MultipathException("cannot find out whether " + disk.name() + " is in use: " + e, e);
        }
        return Optional.empty();
    }

    private static List<SysfsDisk> family(SysfsDisk disk) {
        List<SysfsDisk> family = new ArrayList<>();
        family.add(disk);
        family.addAll(disk.partitions());
        if (!disk.wholeDisk().name().equals(disk.name())) {
            family.add(disk.wholeDisk());
        }
        return family;
    }

    private Optional<String> ownReason(SysfsDisk part) throws IOException {
        if (!part.holders().isEmpty()) {
            return Optional.of("/dev/" + part.name() + " is held by " + String.join(", ", part.holders()));
        }
        Optional<String> swapped = swapped("/dev/" + part.name());
        return swapped.isPresent() ? swapped : mounted(part);
    }

    private Optional<String> mounted(SysfsDisk part) throws IOException {
        for (String line : Files.readAllLines(mountinfo)) {
            // proc(5): id parent major:minor root mount-point options [optional fields] - type source options
            String[] fields = line.split(" ", -1);
            int separator = List.of(fields).indexOf("-");
            if (separator < 0 || fields.length < separator + 3) {
                continue;
            }
            boolean byNumber = part.number().filter(fields[2]::equals).isPresent();
            // File systems over several devices (btrfs) show a number of their own, and one of the devices as source.
            if (byNumber || sameNode(unescaped(fields[separator + 2]), part)) {
                return Optional.of("/dev/" + part.name() + " is mounted on " + unescaped(fields[4]));
            }
        }
        return Optional.empty();
    }

    private Optional<String> swapped(String device) throws IOException {
        List<String> lines = Files.readAllLines(swaps);
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            String file = unescaped(line.split("\\s", 2)[0]);
            if (realPath(file).equals(device)) {
                return Optional.of(device + " is used as swap");
            }
        }
        return Optional.empty();
    }

    private static boolean sameNode(String source, SysfsDisk part) {
        return realPath(source).equals("/dev/" + part.name());
    }

    /** The kernel names devices by links too, such as {@code /dev/mapper/…}. */
    private static String realPath(String file) {
        try {
            return file.startsWith("/") ? Path.of(file).toRealPath().toString() : file;
        } catch (IOException e) {
            return file;
        }
    }

    /** White space and backslashes appear as three octal digits ({@code seq_path}). */
    private static String unescaped(String field) {
        StringBuilder plain = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && field.substring(i).matches("\\\\[0-7]{3}.*")) {
                plain.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
