package io.mpath.nvme;

import com.google.common.collect.ImmutableSet;
import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.MultipathException;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.nvme.command.IdentifyNamespace;
import io.mpath.nvme.command.IndependentNamespace;
import io.mpath.nvme.command.LbaFormat;
import io.mpath.nvme.command.NamespaceDescriptors;
import io.mpath.nvme.command.NvmControllerLimits;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A namespace as one controller describes it: who it is, and what it can do.
 *
 * @param nsid its identifier at that controller
 * @param controller the controller's own description
 * @param identify its Identify Namespace data
 * @param independent its command set independent data, where the controller has that
 * @param descriptors its identification descriptors; none of them where the controller is too old to have the list
 * @param limits of the controller's NVM commands, where it reports them
 */
record Namespace(
        long nsid,
        IdentifyController controller,
        IdentifyNamespace identify,
        Optional<IndependentNamespace> independent,
        NamespaceDescriptors descriptors,
        Optional<NvmControllerLimits> limits) {
    private static final int NVM_COMMAND_SET = 0;
    // The smallest memory page of every controller that Linux drives; only the controller's registers tell its own.
    private static final int MEMORY_PAGE_BYTES = 4096;
    private static final int MOST_BLOCKS = 1 << 16;
    private static final long MOST_DEALLOCATED_BLOCKS = 0xffff_ffffL;
    private static final int LARGEST_PHYSICAL_BLOCK = 1 << 16;
    private static final String NONE = "none";

    /**
     * Checks that it can be driven here.
     *
     * @throws MultipathException when it is not attached, of another command set, or formatted with metadata
     */
    Namespace {
        if (!identify.attached()) {
            throw new MultipathException("namespace " + nsid + " is not attached to this controller");
        }
        int csi = descriptors.csi().orElse(NVM_COMMAND_SET);
        if (csi != NVM_COMMAND_SET) {
            throw new MultipathException(
                    "namespace " + nsid + " has I/O command set " + csi + ", and only 0, NVM, is spoken here");
        }
        LbaFormat format = identify.format();
        if (format.metadataBytes() != 0) {
            throw new MultipathException("namespace " + nsid + " is formatted with " + format.metadataBytes()
                    + " bytes of metadata a block: format it without to use it here");
        }
    }

    int blockBytes() {
        return identify.format().blockBytes();
    }

    private Optional<DeviceId> nguid() {
        return descriptors.nguid().or(identify::nguid);
    }

    private Optional<DeviceId> eui64() {
        return descriptors.eui64().or(identify::eui64);
    }

    /**
     * The identity, as Linux prefers: UUID, NGUID, EUI-64. A namespace without any is known by its subsystem's name and its NSID,
     * which no other namespace of that subsystem has; but private ones of several controllers may (NVMe Base 2.1 3.2.1), and are
     * known by their controller besides.
     *
     * @throws MultipathException when the subsystem has no name either
     */
    DeviceId id() {
        return descriptors.uuid().or(this::nguid).or(this::eui64).orElseGet(() -> {
            if (controller.subsystemNqn().isEmpty()) {
                throw new MultipathException("namespace " + nsid
                        + " has no UUID, NGUID or EUI-64, and its subsystem no name: nothing tells it from others");
            }
            return place();
        });
    }

    /** Every identity that it has, none of which another namespace may have; a private NSID is none. */
    Set<DeviceId> identities() {
        ImmutableSet.Builder<DeviceId> all = ImmutableSet.builder();
        descriptors.uuid().ifPresent(all::add);
        nguid().ifPresent(all::add);
        eui64().ifPresent(all::add);
        if (identify.shared() && !controller.subsystemNqn().isEmpty()) {
            all.add(place());
        }
        return all.build();
    }

    private DeviceId place() {
        boolean numberIsItsOwn = identify.shared() || !controller.multipleControllers();
        String within = numberIsItsOwn ? "" : "controller " + controller.controllerId() + '/';
        return DeviceId.named(controller.subsystemNqn() + '/' + within + nsid);
    }

    /** What has to be the same on all paths. An identifier that one path has and another lacks is a difference, too. */
    Map<String, String> attributes() {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("subsystem", controller.subsystemNqn());
        attributes.put("NSID", Long.toString(nsid));
        attributes.put("UUID", text(descriptors.uuid()));
        attributes.put("NGUID", text(nguid()));
        attributes.put("EUI-64", text(eui64()));
        attributes.put("CSI", Integer.toString(descriptors.csi().orElse(NVM_COMMAND_SET)));
        return attributes;
    }

    private static String text(Optional<DeviceId> id) {
        return id.map(DeviceId::toString).orElse(NONE);
    }

    /** Why it has one path only, or empty. */
    Optional<String> onlyPath() {
        if (!controller.multipleControllers()) {
            return Optional.of("its subsystem has a single controller (CMIC)");
        }
        if (!identify.shared()) {
            return Optional.of("namespace " + nsid + " is private to its controller (NMIC)");
        }
        return Optional.empty();
    }

    /** Whether a loss of power may take what was written and not flushed. */
    boolean volatileCache() {
        return controller.volatileWriteCache()
                && !independent
                        .map(IndependentNamespace::volatileWriteCacheNotPresent)
                        .orElse(false);
    }

    /** Size and limits, over a transport with these. Flush covers what one controller completed (NVMe Base 2.1 7.2). */
    Geometry geometry(int maxTransferBytes, boolean fuses, boolean readOnly) {
        int block = blockBytes();
        long transfer = Math.min(maxTransferBytes, (long) MOST_BLOCKS * block);
        transfer = Math.min(
                transfer, controller.maxTransferBytes(MEMORY_PAGE_BYTES).orElse(Integer.MAX_VALUE));
        long compared = Math.min(transfer / block, compareAndWriteBlocks());
        return new Geometry(
                identify.sizeBytes(),
                block,
                physicalBlockBytes(),
                (int) (transfer / block * block),
                deallocatedBytes(),
                writeZeroesBytes(),
                fuses && controller.fusedCompareAndWrite() ? (int) compared * block : 0,
                volatileCache(),
                readOnly || identify.writeProtected(),
                volatileCache());
    }

    private int compareAndWriteBlocks() {
        return identify.ownAtomicUnits() ? identify.nacwuBlocks() : controller.compareAndWriteBlocks();
    }

    private int physicalBlockBytes() {
        long preferred = identify.preferencesReported() ? (long) identify.writeGranularityBlocks() * blockBytes() : 0;
        boolean sound =
                Long.bitCount(preferred) == 1 && preferred >= blockBytes() && preferred <= LARGEST_PHYSICAL_BLOCK;
        return sound ? (int) preferred : blockBytes();
    }

    private long deallocatedBytes() {
        if (!controller.datasetManagement()) {
            return 0;
        }
        long blocks = MOST_DEALLOCATED_BLOCKS;
        if (limits.isPresent()) {
            blocks = Math.min(blocks, orUnlimited(limits.get().deallocateRangeBlocks()));
            blocks = Math.min(blocks, orUnlimited(limits.get().deallocateBlocks()));
        }
        return blocks * blockBytes();
    }

    private static long orUnlimited(long limit) {
        return limit == 0 ? Long.MAX_VALUE : limit;
    }

    /** Write Zeroes moves no data, but a controller that reports no limit of its own limits it like a transfer. */
    private long writeZeroesBytes() {
        if (!controller.writeZeroes()) {
            return 0;
        }
        long bytes = (long) MOST_BLOCKS * blockBytes();
        int size = limits.map(NvmControllerLimits::writeZeroesSize).orElse(0);
        if (size > 0 && size < Integer.SIZE) {
            bytes = Math.min(bytes, (long) MEMORY_PAGE_BYTES << size);
        } else if (limits.isEmpty()) {
            bytes = Math.min(
                    bytes, controller.maxTransferBytes(MEMORY_PAGE_BYTES).orElse(Integer.MAX_VALUE));
        }
        return bytes / blockBytes() * blockBytes();
    }
}
