package io.mpath.scsi.sim;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.path.PathDescription;
import io.mpath.sim.SimDisk;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * A logical unit of an emulated array. What it holds is its {@link #disk}, which can be observed. By default it is thinly
 * provisioned, has UNMAP, WRITE SAME and COMPARE AND WRITE, and no volatile cache.
 *
 * <p>Threading: any thread; guarded by the array's lock.
 */
public final class SimLogicalUnit {
    private final SimScsiArray array;
    private final long lun;
    private final int blockBytes;
    private final SimDisk disk;
    private final SimCounts counts = new SimCounts();
    private final AccessStates access = new AccessStates();
    private final UnitAbilities abilities;
    private final WriteCache cache = new WriteCache();
    private final SimReservations reservations = new SimReservations(this);
    private final TreeSet<Long> badBlocks = new TreeSet<>();
    private final Set<SimTargetPort> hiddenFrom = new HashSet<>();
    private long blocks;
    private SimUnitIdentity identity;
    private boolean writeProtected;
    private boolean cached;

    SimLogicalUnit(SimScsiArray array, long lun, long blocks, int blockBytes) {
        this.array = array;
        this.lun = lun;
        this.blocks = blocks;
        this.blockBytes = blockBytes;
        this.abilities = new UnitAbilities(blockBytes);
        long number = (array.name().hashCode() & 0x7fff_ffffL) << Integer.SIZE | lun;
        this.identity = SimUnitIdentity.numbered(number);
        this.disk = new SimDisk(new PathDescription(
                DeviceId.of(
                        DeviceId.Type.NAA,
                        ByteBuffer.allocate(Long.BYTES)
                                .putLong(0x3L << 60 | number)
                                .array()),
                Geometry.of(blocks * blockBytes, blockBytes)));
    }

    /** Its number. */
    public long lun() {
        return lun;
    }

    /** The size of a logical block, in bytes. */
    public int blockBytes() {
        return blockBytes;
    }

    /** What it holds, and a record of every command that took effect on it. Its description is not the logical unit's. */
    public SimDisk disk() {
        return disk;
    }

    /** What has arrived for it. */
    public SimCounts counts() {
        return counts;
    }

    /** Who is registered with it, and what is reserved. */
    public SimReservations reservations() {
        return reservations;
    }

    /** How many logical blocks it has. */
    public long blocks() {
        synchronized (array.lock) {
            return blocks;
        }
    }

    /** Changes its size: 2A/09 for every nexus. */
    public void resize(long newBlocks) {
        synchronized (array.lock) {
            blocks = newBlocks;
            disk.resize(newBlocks * blockBytes);
            establish(SimSense.CAPACITY_CHANGED);
        }
    }

    /** Who it says that it is. */
    public SimUnitIdentity identity() {
        synchronized (array.lock) {
            return identity;
        }
    }

    /** Replaces who it says that it is, as if something else had been put behind its number: 3F/03 for every nexus. */
    public SimLogicalUnit identity(SimUnitIdentity value) {
        synchronized (array.lock) {
            identity = value;
            establish(SimSense.INQUIRY_CHANGED);
        }
        return this;
    }

    /** {@link #identity(SimUnitIdentity)} without telling anybody. */
    public SimLogicalUnit identityInSilence(SimUnitIdentity value) {
        synchronized (array.lock) {
            identity = value;
        }
        return this;
    }

    /** Withdraws it from a port: 3F/0E by the port's other logical units. */
    public SimLogicalUnit withdrawFrom(SimTargetPort port) {
        synchronized (array.lock) {
            hiddenFrom.add(port);
            array.lunsChangedAt(port);
        }
        return this;
    }

    /** Makes it accessible through a port again. */
    public SimLogicalUnit restoreTo(SimTargetPort port) {
        synchronized (array.lock) {
            hiddenFrom.remove(port);
            array.lunsChangedAt(port);
        }
        return this;
    }

    /** Moves a group to another access state, at once: 2A/06 for every nexus. */
    public void alua(int group, SimAluaState state) {
        synchronized (array.lock) {
            access.of(group).move(state, AccessStates.IMPLICITLY);
            establish(SimSense.ACCESS_STATE_CHANGED);
        }
    }

    /** Moves a group to another access state; it is in transition for {@code duration}. 2A/06 for every nexus at the end of it. */
    public void transition(int group, SimAluaState to, Duration duration) {
        synchronized (array.lock) {
            int number = access.of(group).begin();
            array.clock()
                    .later(
                            duration.toNanos(),
                            () -> array.change(() -> {
                                if (access.of(group).isIn(number)) {
                                    access.of(group).move(to, AccessStates.IMPLICITLY);
                                    establish(SimSense.ACCESS_STATE_CHANGED);
                                }
                            }));
        }
    }

    /** Ends a transition without success: the group is in the state that it was in before. 2A/07 for every nexus. */
    public void failTransition(int group) {
        synchronized (array.lock) {
            AccessStates.GroupState state = access.of(group);
            state.move(state.before(), state.statusCode());
            establish(SimSense.IMPLICIT_TRANSITION_FAILED);
        }
    }

    /** The access state of a group. */
    public SimAluaState alua(int group) {
        synchronized (array.lock) {
            return access.of(group).state();
        }
    }

    /** Whether a group is the preferred one (PREF). */
    public SimLogicalUnit preferred(int group, boolean value) {
        synchronized (array.lock) {
            access.of(group).prefer(value);
        }
        return this;
    }

    /** Establishes a unit attention for every nexus. */
    public void attention(SimSense sense) {
        synchronized (array.lock) {
            establish(sense);
        }
    }

    /**
     * Loses its power, what is in its volatile cache, and registrations that were not made to outlive that: 29/00 for
     * every nexus, in the place of all before.
     */
    public void losePower() {
        synchronized (array.lock) {
            cache.lose((block, durable) -> disk.land(execution("power loss", IoOperation.WRITE, block, 1, 0), durable));
            reservations.powerLost();
            establish(SimSense.POWER_ON);
        }
    }

    /** Has a volatile write cache. */
    public SimLogicalUnit withVolatileCache() {
        synchronized (array.lock) {
            cached = true;
        }
        return this;
    }

    /** Whether whatever changes it is refused: 07/27/00. */
    public void writeProtect(boolean value) {
        synchronized (array.lock) {
            writeProtected = value;
        }
    }

    /** Blocks that can neither be read nor written from here on: 03/11/00 and 03/0C/00. */
    public void badBlocks(long first, long count) {
        synchronized (array.lock) {
            for (long block = first; block < first + count; block++) {
                badBlocks.add(block);
            }
        }
    }

    /** Whatever was bad is good again. */
    public void mend() {
        synchronized (array.lock) {
            badBlocks.clear();
        }
    }

    /** MAXIMUM TRANSFER LENGTH, in blocks; 0: not told, and not kept. By default 1 MiB. */
    public SimLogicalUnit maxTransfer(long maxBlocks) {
        synchronized (array.lock) {
            abilities.maxTransferBlocks = maxBlocks;
        }
        return this;
    }

    /** MAXIMUM COMPARE AND WRITE LENGTH, in blocks, 255 at most; 0: it has no COMPARE AND WRITE. By default 1. */
    public SimLogicalUnit maxCompareAndWrite(int maxBlocks) {
        synchronized (array.lock) {
            abilities.maxCompareBlocks = maxBlocks;
        }
        return this;
    }

    /** Has no UNMAP, and is fully provisioned. */
    public SimLogicalUnit withoutUnmap() {
        synchronized (array.lock) {
            abilities.unmaps = false;
        }
        return this;
    }

    /** Has no WRITE SAME. */
    public SimLogicalUnit withoutWriteSame() {
        synchronized (array.lock) {
            abilities.writesSame = false;
        }
        return this;
    }

    /** LOGICAL BLOCKS PER PHYSICAL BLOCK EXPONENT. By default 0. */
    public SimLogicalUnit physicalBlock(int exponent) {
        synchronized (array.lock) {
            abilities.physicalBlockExponent = exponent;
        }
        return this;
    }

    /** MEDIUM ROTATION RATE: 1 does not rotate. By default 1. */
    public SimLogicalUnit rotation(int rate) {
        synchronized (array.lock) {
            abilities.rotation = rate;
        }
        return this;
    }

    // Under the lock from here on.

    SimScsiArray array() {
        return array;
    }

    boolean accessibleThrough(SimTargetPort port) {
        return hiddenFrom.isEmpty() || !hiddenFrom.contains(port);
    }

    void establish(SimSense sense) {
        array.nexuses().forEach(nexus -> establish(nexus, sense));
    }

    void establish(SimNexus nexus, SimSense sense) {
        nexus.attentionsOf(lun).establish(sense, array.roomForAttentions());
    }

    AccessStates access() {
        return access;
    }

    UnitAbilities abilities() {
        return abilities;
    }

    SimUnitIdentity whoItIs() {
        return identity;
    }

    long sizeInBlocks() {
        return blocks;
    }

    boolean isWriteProtected() {
        return writeProtected;
    }

    boolean isCached() {
        return cached;
    }

    /** The first bad block of a range, or -1. */
    long firstBad(long block, long count) {
        Long bad = badBlocks.ceiling(block);
        return bad != null && bad - block < count ? bad : -1;
    }

    byte[] contents(long block, long count) {
        return disk.contents(block * blockBytes, Math.toIntExact(count * blockBytes));
    }

    /** Blocks are changed: what is cached is lost with the power until it is synchronized, unless it is written {@code through}. */
    void land(String by, IoOperation operation, long block, long count, byte[] data, boolean through, long tag) {
        if (cached) {
            for (long at = block; at < block + count; at++) {
                if (through) {
                    cache.clean(at);
                } else {
                    cache.dirty(at, contents(at, 1));
                }
            }
        }
        disk.land(execution(by, operation, block, count, tag), data);
    }

    byte[] read(String by, long block, long count, long tag) {
        return disk.land(execution(by, IoOperation.READ, block, count, tag), new byte[0]);
    }

    void synchronize(String by, long block, long count, long tag) {
        cache.synchronize(block, count);
        disk.land(execution(by, IoOperation.FLUSH, 0, 0, tag), new byte[0]);
    }

    private SimDisk.Execution execution(String by, IoOperation operation, long block, long count, long tag) {
        return new SimDisk.Execution(array.clock().nanos(), by, operation, block * blockBytes, count * blockBytes, tag);
    }

    @Override
    public String toString() {
        return "logical unit " + lun;
    }
}
