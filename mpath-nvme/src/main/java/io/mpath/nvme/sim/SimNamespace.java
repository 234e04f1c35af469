package io.mpath.nvme.sim;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.path.PathDescription;
import io.mpath.sim.SimDisk;
import java.util.ArrayList;
import java.util.List;

/**
 * A namespace of an emulated subsystem. What it holds is its {@link #disk}, which can be observed.
 *
 * <p>Threading: any thread; guarded by the subsystem's lock.
 */
public final class SimNamespace {
    private static final int ALL_RESERVATIONS = 0xff;

    private final SimSubsystem subsystem;
    private final long nsid;
    private final int blockBytes;
    private final SimDisk disk;
    private final WriteCache cache = new WriteCache();
    private final ReservationTable reservations = new ReservationTable();
    private final List<SimController> attached = new ArrayList<>();
    private long blocks;
    private int group = 1;
    private boolean shared = true;
    private boolean writeProtected;
    private int rescap = ALL_RESERVATIONS;
    private SimNamespaceIdentity identity;

    SimNamespace(SimSubsystem subsystem, long nsid, long blocks, int blockBytes) {
        this.subsystem = subsystem;
        this.nsid = nsid;
        this.blocks = blocks;
        this.blockBytes = blockBytes;
        this.identity = SimNamespaceIdentity.numbered(subsystem.number() << Integer.SIZE | nsid);
        this.disk = new SimDisk(new PathDescription(
                DeviceId.of(DeviceId.Type.UUID, identity.uuidBytes()), Geometry.of(blocks * blockBytes, blockBytes)));
    }

    /** Its number. */
    public long nsid() {
        return nsid;
    }

    /** The size of a logical block, in bytes. */
    public int blockBytes() {
        return blockBytes;
    }

    /** What it holds, and a record of every command that took effect on it. Its description is not the namespace's. */
    public SimDisk disk() {
        return disk;
    }

    /** How many logical blocks it has. */
    public long blocks() {
        synchronized (subsystem.lock) {
            return blocks;
        }
    }

    /** Changes its size, and tells the controllers' hosts. */
    public void resize(long newBlocks) {
        subsystem.change(() -> {
            blocks = newBlocks;
            disk.resize(newBlocks * blockBytes);
            attached.forEach(controller -> controller.namespaceChanged(nsid));
        });
    }

    /** Who it says that it is. */
    public SimNamespaceIdentity identity() {
        synchronized (subsystem.lock) {
            return identity;
        }
    }

    /** Replaces who it says that it is, as if something else had been put behind its number, and tells the controllers' hosts. */
    public SimNamespace identity(SimNamespaceIdentity value) {
        subsystem.change(() -> {
            identity = value;
            attached.forEach(controller -> controller.namespaceChanged(nsid));
        });
        return this;
    }

    /** Puts it into another ANA group. */
    public SimNamespace group(int value) {
        subsystem.change(() -> {
            int before = group;
            group = value;
            subsystem.groupAppears(value);
            attached.forEach(controller -> controller.membersChanged(before, value));
        });
        return this;
    }

    /** Says that it may be attached to one controller only (NMIC bit 0 clear). */
    public SimNamespace privately() {
        synchronized (subsystem.lock) {
            shared = false;
        }
        return this;
    }

    /**
     * What it can do of reservations (RESCAP): bit 0 persists through a loss of power, bits 1 to 6 the types, bit 7 IEKEY as
     * since NVMe 1.3; 0: it has none. By default all.
     */
    public SimNamespace reservationCapabilities(int value) {
        synchronized (subsystem.lock) {
            rescap = value;
        }
        return this;
    }

    /** Refuses whatever changes it from here on, or not. */
    public void writeProtect(boolean value) {
        synchronized (subsystem.lock) {
            writeProtected = value;
        }
    }

    /** Attaches it to a controller, and tells that one's host. */
    public SimNamespace attach(SimController controller) {
        subsystem.change(() -> attachTo(controller));
        return this;
    }

    /** Detaches it from a controller, and tells that one's host. */
    public SimNamespace detach(SimController controller) {
        subsystem.change(() -> detachFrom(controller));
        return this;
    }

    void attachTo(SimController controller) {
        if (!attached.contains(controller)) {
            attached.add(controller);
            controller.attachmentChanged(nsid, group);
        }
    }

    void detachFrom(SimController controller) {
        if (attached.remove(controller)) {
            controller.attachmentChanged(nsid, group);
        }
    }

    /** The controllers that it is attached to, in the order in which it was attached. */
    public List<SimController> attached() {
        synchronized (subsystem.lock) {
            return List.copyOf(attached);
        }
    }

    boolean attachedTo(SimController controller) {
        return attached.contains(controller);
    }

    ReservationTable reservations() {
        return reservations;
    }

    int rescap() {
        return rescap;
    }

    int group() {
        return group;
    }

    boolean shared() {
        return shared;
    }

    boolean isWriteProtected() {
        return writeProtected;
    }

    long sizeInBlocks() {
        return blocks;
    }

    SimNamespaceIdentity whoItIs() {
        return identity;
    }

    byte[] contents(long block, long count) {
        return disk.contents(block * blockBytes, Math.toIntExact(count * blockBytes));
    }

    /** {@code by} changes blocks: what it caches is lost with its power until a flush, unless it is written {@code through}. */
    void land(SimController by, IoOperation operation, long block, long count, byte[] data, boolean through, long tag) {
        boolean cached = by.caches() && !through;
        for (long at = block; at < block + count && (cached || !cache.isEmpty()); at++) {
            if (cached) {
                cache.dirty(at, by, contents(at, 1));
            } else {
                cache.clean(at);
            }
        }
        disk.land(execution(by, operation, block, count, tag), data);
    }

    byte[] read(SimController by, long block, long count, long tag) {
        return disk.land(execution(by, IoOperation.READ, block, count, tag), new byte[0]);
    }

    void flush(SimController by, long tag) {
        cache.flush(by);
        disk.land(execution(by, IoOperation.FLUSH, 0, 0, tag), new byte[0]);
    }

    void powerLost(SimController by) {
        cache.lose(by, (block, durable) -> disk.land(execution(by, IoOperation.WRITE, block, 1, 0), durable));
    }

    private SimDisk.Execution execution(SimController by, IoOperation operation, long block, long count, long tag) {
        return new SimDisk.Execution(
                by.clock().nanos(), by.name() + '.' + nsid, operation, block * blockBytes, count * blockBytes, tag);
    }

    @Override
    public String toString() {
        return "namespace " + nsid;
    }
}
