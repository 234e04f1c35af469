package io.mpath.scsi.command;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/** Every decoder of bytes from a device, with pages that it accepts. */
enum PageDecoder {
    SENSE,
    INQUIRY,
    VPD_00,
    VPD_80,
    VPD_83,
    VPD_B0,
    VPD_B1,
    VPD_B2,
    VPD_LENGTH,
    RTPG,
    RTPG_LENGTH,
    READ_CAPACITY_10,
    READ_CAPACITY_16,
    REPORT_LUNS,
    REPORT_LUNS_LENGTH,
    READ_KEYS,
    READ_RESERVATION,
    REPORT_CAPABILITIES,
    READ_FULL_STATUS,
    RESERVE_IN_LENGTH;

    Object decode(ByteBuffer page) {
        return switch (this) {
            case SENSE -> SenseData.decode(page);
            case INQUIRY -> StandardInquiry.decode(page);
            case VPD_00 -> SupportedVpdPages.decode(page);
            case VPD_80 -> UnitSerialNumber.decode(page);
            case VPD_83 -> identity(DeviceIdentification.decode(page));
            case VPD_B0 -> BlockLimits.decode(page);
            case VPD_B1 -> BlockDeviceCharacteristics.decode(page);
            case VPD_B2 -> LogicalBlockProvisioning.decode(page);
            case VPD_LENGTH -> VpdPage.lengthOf(page);
            case RTPG -> TargetPortGroups.decode(page);
            case RTPG_LENGTH -> TargetPortGroups.lengthOf(page);
            case READ_CAPACITY_10 -> Capacity.decode10(page);
            case READ_CAPACITY_16 -> Capacity.decode16(page);
            case REPORT_LUNS -> ReportedLuns.decode(page);
            case REPORT_LUNS_LENGTH -> ReportedLuns.lengthOf(page);
            case READ_KEYS -> RegisteredKeys.decode(page);
            case READ_RESERVATION -> CurrentReservation.decode(page);
            case REPORT_CAPABILITIES -> PersistentReserveCapabilities.decode(page);
            case READ_FULL_STATUS -> status(FullStatus.decode(page));
            case RESERVE_IN_LENGTH -> PersistentReserveIn.lengthOf(page);
        };
    }

    /** The page and all that is made of it later, which must not throw either. */
    private static Object identity(DeviceIdentification page) {
        return List.of(
                page,
                page.deviceId(),
                page.uniqueIds(),
                page.targetPortGroup(),
                page.relativeTargetPort(),
                page.designators().toString());
    }

    private static Object status(FullStatus status) {
        return List.of(status, status.type(), status.holderKey());
    }

    /** Copies, to be damaged as one likes. */
    List<byte[]> pages() {
        return accepted().map(ByteBuffer::array).toList();
    }

    private Stream<ByteBuffer> accepted() {
        return switch (this) {
            case SENSE ->
                Stream.of(
                        Vectors.bytes("f0 00 23 00 01 02 03 0a 00 00 00 2a 11 04 00 c0 12 34"),
                        Vectors.bytes("72 03 11 04 00 00 00 24" + "00 0a 80 00 01 00 00 00 00 00 00 05"
                                + "01 0a 00 00 00 00 00 00 00 00 00 2a" + "02 06 00 00 c0 12 34 00" + "05 02 00 20"));
            case INQUIRY -> vectors("inquiry");
            case VPD_00 -> vectors("vpd0x00");
            case VPD_80 -> vectors("vpd0x80");
            case VPD_83, VPD_LENGTH -> vectors("vpd0x83");
            case VPD_B0 -> vectors("vpd0xb0");
            case VPD_B1 -> vectors("vpd0xb1");
            case VPD_B2 -> vectors("vpd0xb2");
            case RTPG, RTPG_LENGTH ->
                Stream.of(
                        Vectors.page("lio-tpg16.rtpg"),
                        Vectors.page("lio-tpg16.rtpg-ext"),
                        Vectors.page("scsi-debug.rtpg"));
            case READ_CAPACITY_10 -> Stream.of(Vectors.bytes("0001ffff 00000200"));
            case READ_CAPACITY_16 -> vectors("readcap16");
            case REPORT_LUNS, REPORT_LUNS_LENGTH ->
                Stream.of(Vectors.bytes("00000010 00000000 0000000000000000 4001000000000000"));
            case READ_KEYS, RESERVE_IN_LENGTH ->
                Stream.of(Vectors.bytes("00000007 00000010 00000000000000a1 00000000000000b2"));
            case READ_RESERVATION ->
                Stream.of(
                        Vectors.bytes("00000007 00000010 00000000000000a1 00000000 00 05 0000"),
                        Vectors.bytes("00000007 00000000"));
            case REPORT_CAPABILITIES -> Stream.of(Vectors.bytes("0008 1d 81 ea01 0000"));
            case READ_FULL_STATUS -> Stream.of(ReservationPagesTest.twoRegistrations());
        };
    }

    private static Stream<ByteBuffer> vectors(String kind) {
        return Stream.of("lio-tpg16.", "qemu-scsi.", "scsi-debug.").map(device -> Vectors.page(device + kind));
    }
}
