package io.mpath.scsi.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import org.junit.jupiter.api.Test;

/** VPD pages B0h, B1h and B2h, capacities and REPORT LUNS. */
class BlockPagesTest {
    @Test
    void shortBlockLimitsLeaveTheRestUnreported() {
        assertThat(BlockLimits.decode(Vectors.page("lio-tpg16.vpd0xb0")))
                .isEqualTo(new BlockLimits(true, 1, 1, 0x4000, 0x4000, 0, 0, 0, 0, 0));
    }

    @Test
    void blockLimitsOfRealDevicesAreRead() {
        assertThat(BlockLimits.decode(Vectors.page("qemu-scsi.vpd0xb0")))
                .isEqualTo(new BlockLimits(true, 0, 0, 0x3fffff, 0, 0x200000, 0xff, 8, 0, 0x3fffff));
        assertThat(BlockLimits.decode(Vectors.page("scsi-debug.vpd0xb0")))
                .isEqualTo(new BlockLimits(false, 0, 1, 0x10000, 0x400, 0, 0, 1, 0, 0xffff));
    }

    @Test
    void everyBlockLimitHasItsPlace() {
        String fields = "01 02 0003 00000004 00000005 00000006 00000007 00000008 ffffffff 8000000a 000000000000000b";
        BlockLimits limits = BlockLimits.decode(
                new VpdBytes(0xb0).add(fields.replace("00000006", "01020304")).page());

        assertThat(limits).isEqualTo(new BlockLimits(true, 2, 3, 4, 5, 7, 8, 0xffffffffL, 0x0a, 0x0b));
        assertThat(BlockLimits.decode(new VpdBytes(0xb0)
                                .add(fields.replace("8000000a", "0000000a"))
                                .page())
                        .unmapAlignmentBlocks())
                .isZero();
    }

    @Test
    void blockLimitsThatCannotBeAreRefused() {
        refused(
                () -> BlockLimits.decode(Vectors.bytes("00b0000b" + "00".repeat(11))),
                "VPD page 0xB0: PAGE LENGTH at byte 2: 15 bytes are fewer than 16");
    }

    @Test
    void writeSameLengthBeyondWhatThereCanBeLimitsNothing() {
        for (String length : new String[] {"8000000000000000", "f000000000000000", "ffffffffffffffff"}) {
            BlockLimits limits = BlockLimits.decode(
                    new VpdBytes(0xb0).add("00".repeat(32) + length).page());

            assertThat(limits.maxWriteSameBlocks()).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void characteristicsAreRead() {
        assertThat(BlockDeviceCharacteristics.decode(Vectors.page("lio-tpg16.vpd0xb1")))
                .isEqualTo(new BlockDeviceCharacteristics(0, 0, false));
        BlockDeviceCharacteristics solid = BlockDeviceCharacteristics.decode(Vectors.page("scsi-debug.vpd0xb1"));
        assertThat(solid.solidState()).isTrue();
        assertThat(BlockDeviceCharacteristics.decode(
                        new VpdBytes(0xb1).add("1c20 0000 1200").page()))
                .isEqualTo(new BlockDeviceCharacteristics(7200, 1, true));
        assertThat(new BlockDeviceCharacteristics(7200, 1, true).solidState()).isFalse();
        refused(
                () -> BlockDeviceCharacteristics.decode(
                        new VpdBytes(0xb1).add("00000000").page()),
                "VPD page 0xB1: PAGE LENGTH at byte 2: 8 bytes are fewer than 9");
    }

    @Test
    void provisioningIsRead() {
        assertThat(LogicalBlockProvisioning.decode(Vectors.page("qemu-scsi.vpd0xb2")))
                .isEqualTo(new LogicalBlockProvisioning(0, true, true, true, 0, false, 2));
        assertThat(LogicalBlockProvisioning.decode(Vectors.page("lio-tpg16.vpd0xb2")))
                .isEqualTo(new LogicalBlockProvisioning(0, false, false, false, 0, false, 0));
        LogicalBlockProvisioning zeroing = LogicalBlockProvisioning.decode(
                new VpdBytes(0xb2).add("0a 46 f9 00").page());
        assertThat(zeroing).isEqualTo(new LogicalBlockProvisioning(10, false, true, false, 1, true, 1));
        assertThat(zeroing.zeroesAfterUnmap()).isTrue();
        assertThat(LogicalBlockProvisioning.decode(
                                new VpdBytes(0xb2).add("00 88 00 00").page())
                        .zeroesAfterUnmap())
                .isFalse();
        refused(
                () -> LogicalBlockProvisioning.decode(
                        new VpdBytes(0xb2).add("000000").page()),
                "VPD page 0xB2: PAGE LENGTH at byte 2: 7 bytes are fewer than 8");
    }

    @Test
    void capacitiesOfRealDevicesAreRead() {
        Capacity lio = Capacity.decode16(Vectors.page("lio-tpg16.readcap16"));
        Capacity qemu = Capacity.decode16(Vectors.page("qemu-scsi.readcap16"));

        assertThat(lio).isEqualTo(new Capacity(0x20000, 512, 512, 0, 0, false, false));
        assertThat(lio.bytes()).isEqualTo(64L << 20);
        assertThat(qemu).isEqualTo(new Capacity(0x20000, 512, 512, 0, 0, true, false));
    }

    @Test
    void everyCapacityFieldHasItsPlace() {
        assertThat(Capacity.decode16(Vectors.bytes("0000000100000000 00001000 05 13 c007" + "00".repeat(16))))
                .isEqualTo(new Capacity(0x100000001L, 4096, 32768, 7, 3, true, true));
        assertThat(Capacity.decode16(Vectors.bytes("0000000100000000 00001000 04 00 0000" + "00".repeat(16)))
                        .protectionType())
                .isZero();
    }

    @Test
    void capacityThatTheShortFormCannotTellIsAbsent() {
        assertThat(Capacity.decode10(Vectors.bytes("0001ffff 00000200")))
                .contains(new Capacity(0x20000, 512, 512, 0, 0, false, false));
        assertThat(Capacity.decode10(Vectors.bytes("fffffffe 00000200"))
                        .orElseThrow()
                        .blocks())
                .isEqualTo(0xffffffffL);
        assertThat(Capacity.decode10(Vectors.bytes("ffffffff 00000200"))).isEmpty();
    }

    @Test
    void sizesThatCannotBeAreRefused() {
        refused(
                () -> Capacity.decode10(Vectors.bytes("0001ffff 00000000")),
                "READ CAPACITY (10) data: LOGICAL BLOCK LENGTH at byte 4: 0 bytes are no block");
        refused(
                () -> Capacity.decode10(Vectors.bytes("0001ffff 80000000")),
                "READ CAPACITY (10) data: LOGICAL BLOCK LENGTH at byte 4: 2147483648 bytes are no block");
        refused(
                () -> Capacity.decode16(Vectors.bytes("7fffffffffffffff 00000001" + "00".repeat(20))),
                "READ CAPACITY (16) data: RETURNED LOGICAL BLOCK ADDRESS at byte 0: "
                        + "9223372036854775807 is more than there can be");
        refused(
                () -> Capacity.decode16(Vectors.bytes("0040000000000000 00000200" + "00".repeat(20))),
                "READ CAPACITY (16) data: RETURNED LOGICAL BLOCK ADDRESS at byte 0: "
                        + "18014398509481984 is more than there can be");
        refused(
                () -> Capacity.decode16(Vectors.bytes("0000000000000001 00000200 07" + "00".repeat(19))),
                "READ CAPACITY (16) data: P_TYPE at byte 12: 3 is reserved");
        refused(
                () -> Capacity.decode16(Vectors.bytes("0000000000000001 00000200")),
                "READ CAPACITY (16) data: data at byte 0: 32 bytes run past the 12 bytes received");
    }

    @Test
    void logicalUnitNumbersAreReadAndCountedAsLinuxDoes() {
        ReportedLuns reported = ReportedLuns.decode(
                Vectors.bytes("00000018 00000000 0000000000000000 4001000200030004 c101000000000000"));

        assertThat(reported.luns())
                .containsExactly(
                        new LogicalUnitNumber(0),
                        new LogicalUnitNumber(0x4001000200030004L),
                        new LogicalUnitNumber(0xc101000000000000L));
        assertThat(reported.luns())
                .extracting(LogicalUnitNumber::linux)
                .containsExactly(0L, 0x0004000300024001L, 0xc101L);
        assertThat(reported.luns()).extracting(LogicalUnitNumber::wellKnown).containsExactly(false, false, true);
        assertThat(reported.luns().get(1)).hasToString("4001000200030004");
        assertThat(ReportedLuns.lengthOf(Vectors.bytes("00000018"))).isEqualTo(32);
    }

    @Test
    void listThatEndsWithinANumberIsRefused() {
        refused(
                () -> ReportedLuns.decode(Vectors.bytes("0000000c 00000000 0000000000000000 00000000")),
                "REPORT LUNS data: LUN LIST LENGTH at byte 0: 12 is no multiple of 8");
        refused(
                () -> ReportedLuns.decode(Vectors.bytes("fffffff8 00000000")),
                "REPORT LUNS data: LUN LIST LENGTH at byte 8: 4294967288 bytes run past the 8 bytes received");
    }

    private static void refused(Runnable decoding, String message) {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(decoding::run)
                .withMessage(message);
    }
}
