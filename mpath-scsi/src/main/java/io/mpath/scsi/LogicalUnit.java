package io.mpath.scsi;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.MultipathException;
import io.mpath.scsi.command.BlockLimits;
import io.mpath.scsi.command.Capacity;
import io.mpath.scsi.command.DeviceIdentification;
import io.mpath.scsi.command.LogicalBlockProvisioning;
import io.mpath.scsi.command.StandardInquiry;
import io.mpath.scsi.command.UnitSerialNumber;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A logical unit as it describes itself through one nexus: who it is, through which port it was asked, and what it can do.
 *
 * @param identity which of its identities it is known by here, or empty when it has none
 * @param inquiry its standard INQUIRY data
 * @param identification its Device Identification page
 * @param serialNumber its Unit Serial Number page, where it has one
 * @param capacity its size
 * @param sizeIsASiblings whether the size was read through another port, because this one would not tell it now
 * @param limits its Block Limits page, where it has one
 * @param provisioning its Logical Block Provisioning page, where it has one
 * @param unreadable which of these pages it says that it has, but cannot be read, and why; they count as absent
 */
record LogicalUnit(
        Optional<DeviceId> identity,
        StandardInquiry inquiry,
        DeviceIdentification identification,
        Optional<UnitSerialNumber> serialNumber,
        Capacity capacity,
        boolean sizeIsASiblings,
        Optional<BlockLimits> limits,
        Optional<LogicalBlockProvisioning> provisioning,
        List<String> unreadable) {
    private static final int LARGEST_PHYSICAL_BLOCK = 1 << 16;
    private static final long MOST_BLOCKS = 0xffff_ffffL;

    /**
     * Copies the list, and checks that it can be driven here.
     *
     * @throws MultipathException when it is no disk, is formatted with protection information, or has no identity
     */
    LogicalUnit {
        unreadable = List.copyOf(unreadable);
        if (!inquiry.isDisk()) {
            throw new MultipathException("it is no disk: peripheral device type " + inquiry.deviceType()
                    + ", qualifier " + inquiry.peripheralQualifier());
        }
        if (capacity.protectionType() > 0) {
            throw new MultipathException("it is formatted with protection information of type "
                    + capacity.protectionType() + ", which is not spoken here");
        }
        if (identity.isEmpty()) {
            throw new MultipathException(
                    "its VPD page 0x83 has no designator of the logical unit: nothing tells it from others");
        }
    }

    /** The identity. */
    DeviceId id() {
        return identity.orElseThrow();
    }

    /**
     * What has to be the same on all paths: equal identifiers with other of these are a collision. Text that is blank says nothing: so
     * a unit fills what it cannot tell yet, as that is kept on a medium which is not there before it is ready (SPC-6).
     */
    Map<String, String> attributes() {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("vendor", inquiry.vendor());
        attributes.put("product", inquiry.product());
        serialNumber.ifPresent(serial -> attributes.put("serial number", serial.serialNumber()));
        attributes.values().removeIf(String::isBlank);
        return attributes;
    }

    /**
     * Why nothing tells the access state of this path, or empty where its target port group does. The group of a port is what
     * page 83h says of it and nothing else: relative port identifiers need not tell ports apart (LIO gives 0 to all), and group 0
     * is a group like any other (Linux: {@code alua_check_vpd}).
     */
    Optional<String> lacksAlua() {
        if (inquiry.targetPortGroups() == StandardInquiry.Tpgs.NONE) {
            return Optional.of("it has no asymmetric access (TPGS 0), as ALUA is called");
        }
        return targetPortGroup().isPresent()
                ? Optional.empty()
                : Optional.of(
                        "its VPD page 0x83 names no target port group for this port, so that its asymmetric access (ALUA) tells"
                                + " nothing of this path");
    }

    /** Whether SET TARGET PORT GROUPS changes its access states. */
    boolean hasExplicitAlua() {
        return inquiry.targetPortGroups() == StandardInquiry.Tpgs.EXPLICIT
                || inquiry.targetPortGroups() == StandardInquiry.Tpgs.IMPLICIT_AND_EXPLICIT;
    }

    OptionalInt targetPortGroup() {
        return identification.targetPortGroup();
    }

    int relativeTargetPort() {
        return identification.relativeTargetPort().orElse(0);
    }

    /** Size and limits, over a transport with these. A disk that does not say so is taken to have a volatile cache. */
    Geometry geometry(int maxTransferBytes, boolean readOnly) {
        int block = capacity.blockBytes();
        long transfer =
                Math.min(maxTransferBytes, bytes(limits.map(BlockLimits::maxTransferBlocks), Integer.MAX_VALUE));
        return new Geometry(
                capacity.bytes(),
                block,
                physicalBlockBytes(),
                (int) (transfer / block * block),
                unmapBytes(),
                bytes(limits.map(BlockLimits::maxWriteSameBlocks), 0),
                (int) Math.min(
                        transfer / 2 / block * block, bytes(limits.map(of -> (long) of.maxCompareAndWriteBlocks()), 0)),
                true,
                readOnly);
    }

    private int physicalBlockBytes() {
        long bytes = capacity.physicalBlockBytes();
        return bytes <= LARGEST_PHYSICAL_BLOCK ? (int) bytes : capacity.blockBytes();
    }

    private long unmapBytes() {
        boolean unmaps = provisioning.map(LogicalBlockProvisioning::unmap).orElse(false);
        return unmaps ? bytes(limits.map(BlockLimits::maxUnmapBlocks), 0) : 0;
    }

    /** As bytes; a limit of 0 blocks, or none, is {@code otherwise}. */
    private long bytes(Optional<Long> blocks, long otherwise) {
        long limit = Math.min(blocks.orElse(0L), MOST_BLOCKS);
        return limit == 0 ? otherwise : limit * capacity.blockBytes();
    }
}
