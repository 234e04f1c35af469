package io.mpath.nvme.linux;

import io.mpath.MultipathException;
import io.mpath.linux.Descriptor;
import io.mpath.linux.DeviceNumber;
import io.mpath.linux.DeviceWatch;
import io.mpath.linux.Errno;
import io.mpath.linux.Syscalls;
import io.mpath.linux.Sysfs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What of the machine is used here. Immutable; system calls and announcements are asked for when they are first needed, so that
 * looking around in sysfs works without JNA.
 *
 * <p>Threading: any thread.
 */
final class Machine {
    private final Sysfs sysfs;
    private final Path dev;
    private final Numbers numbers;
    private final Supplier<Syscalls> syscalls;
    private final Supplier<DeviceWatch> watch;

    /** Which device a node leads to. */
    @FunctionalInterface
    interface Numbers {
        DeviceNumber of(Path node) throws IOException;
    }

    Machine(Sysfs sysfs, Path dev, Numbers numbers, Supplier<Syscalls> syscalls, Supplier<DeviceWatch> watch) {
        this.sysfs = sysfs;
        this.dev = dev;
        this.numbers = numbers;
        this.syscalls = syscalls;
        this.watch = watch;
    }

    static Machine system() {
        return new Machine(Sysfs.system(), Path.of("/dev"), DeviceNumber::of, Syscalls::system, DeviceWatch::system);
    }

    Sysfs sysfs() {
        return sysfs;
    }

    Syscalls syscalls() {
        return syscalls.get();
    }

    DeviceWatch watch() {
        return watch.get();
    }

    /** The node of a device. */
    Path node(String name) {
        return dev.resolve(name);
    }

    /** @throws MultipathException when there is no such node */
    DeviceNumber number(Path node) {
        try {
            return numbers.of(node);
        } catch (IOException e) {
            throw new MultipathException(node + " cannot be looked at: " + e, e);
        }
    }

    /**
     * Opens the node of a device.
     *
     * @param still whether the device is still the one that is meant: asked after it was opened, for a name may lead to another
     * @throws MultipathException when that fails, saying what is missing
     */
    Descriptor open(String name, int flags, BooleanSupplier still) {
        int opened = tryOpen(name, flags);
        if (opened < 0) {
            throw refusal(name, opened);
        }
        return meant(name, opened, still);
    }

    int tryOpen(String name, int flags) {
        return syscalls().open(node(name).toString(), flags);
    }

    Descriptor meant(String name, int opened, BooleanSupplier still) {
        var descriptor = new Descriptor(syscalls(), opened);
        if (!still.getAsBoolean()) {
            descriptor.close(() -> {});
            throw new MultipathException(node(name) + " cannot be opened: it was removed");
        }
        return descriptor;
    }

    MultipathException refusal(String name, int result) {
        return new MultipathException(node(name) + " cannot be opened: " + why(result));
    }

    private static String why(int result) {
        return switch (Errno.of(result)) {
            case EACCES, EPERM ->
                Errno.describe(result)
                        + ": it needs access to the node, and CAP_SYS_ADMIN to send commands; run as root";
            case EBUSY -> "EBUSY: it is mounted, or held by another that opened it exclusively";
            case EAGAIN -> "EAGAIN: the controller is not live";
            case ENOENT, ENXIO, ENODEV -> Errno.describe(result) + ": it was removed";
            default -> Errno.describe(result);
        };
    }
}
