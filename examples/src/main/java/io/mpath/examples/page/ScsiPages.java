package io.mpath.examples.page;

import io.mpath.DeviceId;
import io.mpath.path.Verdict;
import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.command.BlockDeviceCharacteristics;
import io.mpath.scsi.command.BlockLimits;
import io.mpath.scsi.command.Capacity;
import io.mpath.scsi.command.Designator;
import io.mpath.scsi.command.DeviceIdentification;
import io.mpath.scsi.command.LogicalBlockProvisioning;
import io.mpath.scsi.command.SenseData;
import io.mpath.scsi.command.StandardInquiry;
import io.mpath.scsi.command.TargetPortGroup;
import io.mpath.scsi.command.TargetPortGroups;
import io.mpath.scsi.command.Treatment;
import io.mpath.scsi.command.UnitSerialNumber;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** SCSI parameter data, with fields named as in the standards. */
final class ScsiPages {
    private ScsiPages() {}

    static PageFields inquiry(ByteBuffer page) {
        StandardInquiry inquiry = StandardInquiry.decode(page);
        return new PageFields()
                .number("peripheral_qualifier", inquiry.peripheralQualifier())
                .number("peripheral_device_type", inquiry.deviceType(), inquiry.isDisk() ? "disk" : "no disk")
                .flag("rmb", inquiry.removable())
                .number("version", inquiry.version())
                .number("tpgs", inquiry.targetPortGroups().ordinal(), word(inquiry.targetPortGroups()))
                .flag("protect", inquiry.protection())
                .flag("multip", inquiry.multiPort())
                .text("t10_vendor_identification", inquiry.vendor())
                .text("product_identification", inquiry.product())
                .text("product_revision_level", inquiry.revision());
    }

    static PageFields serialNumber(ByteBuffer page) {
        return new PageFields()
                .text("product_serial_number", UnitSerialNumber.decode(page).serialNumber());
    }

    static PageFields identification(ByteBuffer page) {
        DeviceIdentification identification = DeviceIdentification.decode(page);
        return new PageFields()
                .parts(
                        "designators",
                        identification.designators().stream()
                                .map(ScsiPages::designator)
                                .toList())
                .text("device_id", identification.deviceId().map(DeviceId::toString));
    }

    private static PageFields designator(Designator designator) {
        return new PageFields()
                .text("association", word(designator.association()))
                .text("type", word(designator.type()))
                .text("code_set", codeSet(designator.codeSet()))
                .text("id", designator.toString());
    }

    private static String codeSet(Designator.CodeSet codeSet) {
        return codeSet == Designator.CodeSet.RESERVED_0 ? word(Designator.CodeSet.RESERVED) : word(codeSet);
    }

    static PageFields limits(ByteBuffer page) {
        BlockLimits limits = BlockLimits.decode(page);
        return new PageFields()
                .flag("wsnz", limits.writeSameNonZero())
                .number("maximum_compare_and_write_length", limits.maxCompareAndWriteBlocks())
                .number("optimal_transfer_length_granularity", limits.optimalGranularityBlocks())
                .number("maximum_transfer_length", limits.maxTransferBlocks())
                .number("optimal_transfer_length", limits.optimalTransferBlocks())
                .number("maximum_unmap_lba_count", limits.maxUnmapBlocks())
                .number("maximum_unmap_block_descriptor_count", limits.maxUnmapDescriptors())
                .number("optimal_unmap_granularity", limits.unmapGranularityBlocks())
                .number("unmap_granularity_alignment", limits.unmapAlignmentBlocks())
                .number("maximum_write_same_length", limits.maxWriteSameBlocks());
    }

    static PageFields characteristics(ByteBuffer page) {
        BlockDeviceCharacteristics characteristics = BlockDeviceCharacteristics.decode(page);
        return new PageFields()
                .number(
                        "medium_rotation_rate",
                        characteristics.rotationRate(),
                        characteristics.solidState() ? "solid state" : "")
                .number("zoned", characteristics.zoned())
                .flag("fuab", characteristics.fuaUpdates());
    }

    static PageFields provisioning(ByteBuffer page) {
        LogicalBlockProvisioning provisioning = LogicalBlockProvisioning.decode(page);
        return new PageFields()
                .number("threshold_exponent", provisioning.thresholdExponent())
                .flag("lbpu", provisioning.unmap())
                .flag("lbpws", provisioning.unmapByWriteSame16())
                .flag("lbpws10", provisioning.unmapByWriteSame10())
                .number("lbprz", provisioning.readsAfterUnmap())
                .flag("anc_sup", provisioning.anchors())
                .number("provisioning_type", provisioning.type());
    }

    static PageFields capacity(ByteBuffer page) {
        Capacity capacity = Capacity.decode16(page);
        long perPhysical = capacity.physicalBlockBytes() / capacity.blockBytes();
        return new PageFields()
                .number("returned_logical_block_address", capacity.blocks() - 1, capacity.bytes() + " bytes")
                .number("logical_block_length", capacity.blockBytes())
                .flag("prot_en", capacity.protectionType() != 0)
                .number("p_type", Math.max(0, capacity.protectionType() - 1))
                .number("logical_blocks_per_physical_block_exponent", Long.numberOfTrailingZeros(perPhysical))
                .flag("lbpme", capacity.provisioned())
                .flag("lbprz", capacity.zeroesAfterUnmap())
                .number("lowest_aligned_logical_block_address", capacity.lowestAlignedBlock());
    }

    static PageFields targetPortGroups(ByteBuffer page) {
        TargetPortGroups groups = TargetPortGroups.decode(page);
        return new PageFields()
                .flag("extended", groups.extended())
                .number("transition_seconds", groups.implicitTransitionSeconds())
                .parts("groups", groups.groups().stream().map(ScsiPages::group).toList());
    }

    private static PageFields group(TargetPortGroup group) {
        return new PageFields()
                .number("id", group.id(), "0x%04x".formatted(group.id()))
                .text("state", group.state().toString())
                .flag("preferred", group.preferred())
                .numbers("ports", group.relativePorts().stream().mapToLong(Integer::longValue))
                .remark(
                        "supported",
                        group.supported().stream().map(AluaState::toString).collect(Collectors.joining(", ")))
                .remark("status", status(group.statusCode()));
    }

    private static String status(int code) {
        return switch (code) {
            case 0 -> "none";
            case 1 -> "changed by SET TARGET PORT GROUPS";
            case 2 -> "changed by the target";
            default -> "reserved or the vendor's: " + code;
        };
    }

    static PageFields sense(ByteBuffer page) {
        SenseData sense = SenseData.decode(page);
        Optional<Treatment> treatment = sense.treatment();
        var fields = new PageFields()
                .text("key", word(sense.key()))
                .number("asc", sense.asc(), "0x%02x".formatted(sense.asc()))
                .number("ascq", sense.ascq(), "0x%02x".formatted(sense.ascq()))
                .text("text", sense.text())
                .text(
                        "verdict",
                        treatment
                                .map(Treatment::verdict)
                                .map(ScsiPages::verdict)
                                .orElse("complete"));
        treatment.ifPresent(what -> fields.remark("certainty", word(what.certainty()))
                .remark("status", word(what.status()))
                .remark("recheck", word(what.recheck())));
        fields.remark("deferred", sense.deferred() ? "yes" : "no");
        sense.information().ifPresent(information -> fields.remark("information", Long.toUnsignedString(information)));
        return fields;
    }

    private static String verdict(Verdict verdict) {
        return switch (verdict) {
            case RETRY -> "retry";
            case FAIL_OVER -> "failover";
            case FAIL -> "fail";
        };
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
