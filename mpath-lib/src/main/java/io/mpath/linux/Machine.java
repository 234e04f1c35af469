package io.mpath.linux;

import io.mpath.MultipathException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What of the machine a transport uses. Immutable; system calls and announcements are asked for when they are first needed, so
 * that looking around in sysfs works without JNA.
 *
 * <p>Threading: any thread.
 */
public final class Machine {
    private final Sysfs sysfs;
    private final Path dev;
    private final Numbers numbers;
    private final Supplier<Syscalls> syscalls;
    private final Supplier<DeviceWatch> watch;
    private final String capability;

    /** Which device a node leads to. */
    @FunctionalInterface
    public interface Numbers {
        /** The number of {@code node}. @throws IOException when it cannot be looked at */
        DeviceNumber of(Path node) throws IOException;
    }

    /**
     * One that is put together.
     *
     * @param dev where the nodes are
     * @param capability what a process needs to send commands, for messages
     */
    public Machine(
            Sysfs sysfs,
            Path dev,
            Numbers numbers,
            Supplier<Syscalls> syscalls,
            Supplier<DeviceWatch> watch,
            String capability) {
        this.sysfs = sysfs;
        this.dev = dev;
        this.numbers = numbers;
        this.syscalls = syscalls;
        this.watch = watch;
        this.capability = capability;
    }

    /** This one; {@code capability} is what a process needs to send commands, for messages. */
    public static Machine system(String capability) {
        return new Machine(
                Sysfs.system(), Path.of("/dev"), DeviceNumber::of, Syscalls::system, DeviceWatch::system, capability);
    }

    /** What the kernel tells of its devices. */
    public Sysfs sysfs() {
        return sysfs;
    }

    /** System calls. @throws MultipathException when JNA is missing */
    public Syscalls syscalls() {
        return syscalls.get();
    }

    /** What tells of devices. @throws MultipathException when JNA is missing */
    public DeviceWatch watch() {
        return watch.get();
    }

    /** The node of a device. */
    public Path node(String name) {
        return dev.resolve(name);
    }

    /** Which device a node leads to. @throws MultipathException when there is no such node */
    public DeviceNumber number(Path node) {
        try {
            return numbers.of(node);
        } catch (IOException e) {
            throw new MultipathException(node + " cannot be looked at: " + e, e);
        }
    }

    /** Whether the node of that name is there, and leads to the device of that number, written as sysfs does. */
    public boolean leads(String name, String number) {
        try {
            return numbers.of(node(name)).toString().equals(number);
        } catch (IOException notYet) {
            return false;
        }
    }

    /**
     * Opens the node of a device.
     *
     * @param still whether the device is still the one that is meant: asked after it was opened, for a name may lead to another
     * @throws MultipathException when that fails, saying what is missing
     */
    public Descriptor open(String name, int flags, BooleanSupplier still) {
        int opened = tryOpen(name, flags);
        if (opened < 0) {
            throw refusal(name, opened);
        }
        return meant(name, opened, still);
    }

    /** {@link Syscalls#open} of the node of a device. */
    public int tryOpen(String name, int flags) {
        return syscalls().open(node(name).toString(), flags);
    }

    /**
     * Takes over what {@link #tryOpen} opened.
     *
     * @throws MultipathException when the device is no more the one that is meant; it is closed then
     */
    public Descriptor meant(String name, int opened, BooleanSupplier still) {
        var descriptor = new Descriptor(syscalls(), opened);
        if (!still.getAsBoolean()) {
            descriptor.close(() -> {});
            throw new MultipathException(node(name) + " cannot be opened: it was removed");
        }
        return descriptor;
    }

    /** What to say of a node whose opening ended with {@code result}. */
    public MultipathException refusal(String name, int result) {
        return new MultipathException(node(name) + " cannot be opened: " + why(result));
    }

    private String why(int result) {
        return switch (Errno.of(result)) {
            case EACCES, EPERM ->
                Errno.describe(result) + ": it needs access to the node, and " + capability
                        + " to send commands; run as root";
            case EBUSY -> "EBUSY: it is mounted, or held by another that opened it exclusively";
            case EAGAIN -> "EAGAIN: the controller is not live";
            case ENOENT, ENXIO, ENODEV -> Errno.describe(result) + ": it was removed";
            default -> Errno.describe(result);
        };
    }
}
