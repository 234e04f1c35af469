package io.mpath.nvme.linux;

import io.mpath.MultipathException;
import io.mpath.linux.Descriptor;
import io.mpath.linux.Errno;
import io.mpath.linux.Machine;
import io.mpath.linux.Syscalls;
import io.mpath.nvme.NvmeController;
import io.mpath.nvme.NvmePeers;
import io.mpath.nvme.NvmeSettings;
import io.mpath.path.DevicePath;
import io.mpath.path.PathPort;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the candidates of one life of a controller share: one port, and one controller, which is open while a path through it is.
 *
 * <p>Threading: any thread; {@code users} and {@code driven} are guarded by this object's monitor.
 */
final class ControllerLife {
    private final Machine machine;
    private final SysfsController sysfs;
    private final NvmeSettings settings;
    private final NvmePeers peers;
    private final PathPort port;
    private int users;
    private @Nullable Driven driven;

    private record Driven(LinuxTransport transport, NvmeController controller) {}

    ControllerLife(Machine machine, SysfsController sysfs, NvmeSettings settings, NvmePeers peers) {
        this.machine = machine;
        this.sysfs = sysfs;
        this.settings = settings;
        this.peers = peers;
        this.port = sysfs.port();
    }

    SysfsController sysfs() {
        return sysfs;
    }

    /** @throws MultipathException when the controller or the namespace cannot be opened */
    DevicePath open(String name, LinuxTransport.Way way) {
        Driven open = enter();
        try {
            long nsid = nsid(way.node());
            LinuxTransport transport = open.transport();
            return open.controller()
                    .open(nsid, name, (blockBytes, judge) -> transport.open(way, nsid, blockBytes, judge));
        } catch (RuntimeException | Error e) {
            leave();
            throw e;
        }
    }

    private synchronized Driven enter() {
        if (driven == null) {
            var transport = new LinuxTransport(machine, sysfs, port, this::leave);
            driven = new Driven(transport, new NvmeController(transport, settings, peers));
        }
        users++;
        return driven;
    }

    /** The last one out lets go of the controller: an open descriptor would keep its name from its next life. */
    private void leave() {
        Driven last = null;
        synchronized (this) {
            users--;
            if (users == 0) {
                last = driven;
                driven = null;
            }
        }
        if (last != null) {
            last.controller().close();
        }
    }

    /** A character device does not tell in sysfs; the block device beside it does, or the device itself when it is open. */
    private long nsid(SysfsNamespace node) {
        OptionalLong own = node.nsid();
        if (own.isPresent()) {
            return own.getAsLong();
        }
        OptionalLong sibling = sysfs.namespaces().stream()
                .filter(node::isSiblingOf)
                .flatMapToLong(each -> each.nsid().stream())
                .findFirst();
        return sibling.isPresent() ? sibling.getAsLong() : ask(node);
    }

    private long ask(SysfsNamespace node) {
        Descriptor descriptor = machine.open(node.name(), Syscalls.O_RDONLY, sysfs::exists);
        try {
            int found = new PassthroughIoctl(machine.syscalls()).namespace(descriptor.number());
            if (found < 0) {
                throw new MultipathException(
                        machine.node(node.name()) + " does not say which namespace it is: " + Errno.describe(found));
            }
            return found;
        } finally {
            descriptor.close(() -> {});
        }
    }
}
