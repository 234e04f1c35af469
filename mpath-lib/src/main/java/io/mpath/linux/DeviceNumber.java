package io.mpath.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The number of a device, printed {@code major:minor} as in sysfs and mountinfo.
 *
 * @param major the driver's
 * @param minor the driver's own number for it
 */
public record DeviceNumber(int major, int minor) {
    private static final int TYPE_MASK = 0170000;
    private static final int BLOCK_DEVICE = 0060000;
    private static final int REGULAR_FILE = 0100000;

    /** What a file name leads to. */
    enum Kind {
        BLOCK_DEVICE,
        REGULAR_FILE,
        OTHER
    }

    static Kind kind(Path file) throws IOException {
        return switch ((Integer) Files.getAttribute(file, "unix:mode") & TYPE_MASK) {
            case BLOCK_DEVICE -> Kind.BLOCK_DEVICE;
            case REGULAR_FILE -> Kind.REGULAR_FILE;
            default -> Kind.OTHER;
        };
    }

    /** The number of the device that a node leads to. @throws IOException when it cannot be looked at */
    public static DeviceNumber of(Path node) throws IOException {
        return decode((Long) Files.getAttribute(node, "unix:rdev"));
    }

    /** Takes a {@code dev_t} of the C library apart ({@code makedev(3)}). */
    static DeviceNumber decode(long device) {
        int major = (int) (((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL));
        int minor = (int) ((device & 0xff) | ((device >>> 12) & ~0xffL));
        return new DeviceNumber(major, minor);
    }

    @Override
    public String toString() {
        return major + ":" + minor;
    }
}
