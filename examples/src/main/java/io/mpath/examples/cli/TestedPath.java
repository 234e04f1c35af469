package io.mpath.examples.cli;

import io.mpath.DeviceId;
import io.mpath.DeviceIoException;
import io.mpath.DeviceSettings;
import io.mpath.IoFuture;
import io.mpath.IoStatus;
import io.mpath.MultipathDevice;
import io.mpath.MultipathException;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.Reservable;
import io.mpath.reservation.conformance.Access;
import io.mpath.reservation.conformance.Nexus;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One path, in a registry of its own, so that what is asked of it goes through no other. Its commands of reservations are sent as
 * they are, behind the back of the device, which knows of no registration and so expects none.
 */
final class TestedPath implements AutoCloseable {
    private final Opening candidate;
    private final OpenDevice open;
    private final Reservable path;

    /** Remembers what a registry opens. */
    private static final class Opening implements PathCandidate {
        private final PathCandidate candidate;
        private volatile @Nullable DevicePath opened;

        Opening(PathCandidate candidate) {
            this.candidate = candidate;
        }

        @Override
        public String name() {
            return candidate.name();
        }

        @Override
        public String transport() {
            return candidate.transport();
        }

        @Override
        public Optional<String> notCapable() {
            return candidate.notCapable();
        }

        @Override
        public Optional<String> optOut() {
            return candidate.optOut();
        }

        @Override
        public DevicePath open() {
            DevicePath path = candidate.open();
            opened = path;
            return path;
        }
    }

    private TestedPath(Opening candidate, OpenDevice open, Reservable path) {
        this.candidate = candidate;
        this.open = open;
        this.path = path;
    }

    /** Opens a path. @throws UsageException when it cannot be opened, or has no reservations */
    static TestedPath open(PathCandidate candidate) {
        var opening = new Opening(candidate);
        OpenDevice open = OpenDevice.open(List.of(opening), DeviceSettings.defaults());
        if (opening.opened instanceof Reservable path) {
            return new TestedPath(opening, open, path);
        }
        open.close();
        throw new UsageException(candidate.name() + " has no reservations: name a SCSI disk or a namespace of NVMe");
    }

    DeviceId id() {
        return open.device().id();
    }

    /** @throws UsageException when that one leads elsewhere */
    void requireSameDevice(TestedPath that) {
        if (!id().equals(that.id())) {
            throw new UsageException(candidate.name() + " leads to " + id() + ", and " + that.candidate.name() + " to "
                    + that.id() + ": name paths of one device");
        }
    }

    /**
     * As a way from that host to the device. What it writes is what its first block holds.
     *
     * @throws MultipathException when that cannot be read
     */
    Nexus nexus(String host) {
        MultipathDevice device = open.device();
        ByteBuffer block = ByteBuffer.allocateDirect(device.geometry().logicalBlockSize());
        try {
            device.read(0, block.duplicate()).await();
        } catch (DeviceIoException e) {
            throw new MultipathException(
                    candidate.name() + ": its first block, which is to be written as it is, cannot be read: "
                            + e.getMessage() + "; if it is reserved, take that back first",
                    e);
        }
        return new Nexus(
                candidate.name(),
                host,
                path,
                write -> tried(write ? device.write(0, block.duplicate()) : device.read(0, scratch(block))));
    }

    private static ByteBuffer scratch(ByteBuffer like) {
        return ByteBuffer.allocateDirect(like.capacity());
    }

    private static Access tried(IoFuture io) {
        try {
            io.await();
            return Access.allowed();
        } catch (DeviceIoException e) {
            return e.status() == IoStatus.RESERVATION_CONFLICT
                    ? Access.conflict()
                    : Access.failed(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        open.close();
    }
}
