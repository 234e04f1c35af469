package io.mpath.nvme.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class IdentifyControllerTest {
    private static final int CMIC = 76;
    private static final int ANA_REPORTING = 1 << 3;
    private static final int NN = 516;
    private static final int MNAN = 540;

    @Test
    void nvmetPortTellsItsSubsystemAndItsAnaLimits() {
        var controller = IdentifyController.decode(Vectors.page("nvmet-port1.id-ctrl"));

        assertThat(controller.serialNumber()).isEqualTo("9b521432db120034687f");
        assertThat(controller.modelNumber()).isEqualTo("Linux");
        assertThat(controller.firmwareRevision()).isEqualTo("7.2.13+d");
        assertThat(controller.controllerId()).isEqualTo(1);
        assertThat(controller.version()).isEqualTo(0x020100);
        assertThat(controller.multiplePorts()).isTrue();
        assertThat(controller.multipleControllers()).isTrue();
        assertThat(controller.anaReporting()).isTrue();
        assertThat(controller.namespaceNotices()).isTrue();
        assertThat(controller.anaNotices()).isTrue();
        assertThat(controller.extendedHostIdentifier()).isTrue();
        assertThat(controller.trafficBasedKeepAlive()).isTrue();
        assertThat(controller.nvmSets()).isFalse();
        assertThat(controller.controllerType()).isEqualTo(1);
        assertThat(controller.abortLimit()).isEqualTo(4);
        assertThat(controller.eventRequestLimit()).isEqualTo(4);
        assertThat(controller.logPageOffset()).isTrue();
        assertThat(controller.keepAliveGranularityMillis()).isEqualTo(1000);
        assertThat(controller.anaTransitionSeconds()).isEqualTo(10);
        assertThat(controller.anacap()).isEqualTo(0x1f);
        assertThat(controller.anaGroupIdMax()).isEqualTo(128);
        assertThat(controller.anaGroupCount()).isEqualTo(128);
        assertThat(controller.subsystemNqn()).isEqualTo("nqn.2026-01.io.mpath:lab");
    }

    @Test
    void portsOfOneSubsystemDifferInTheControllerOnly() {
        var one = IdentifyController.decode(Vectors.page("nvmet-port1.id-ctrl"));
        var two = IdentifyController.decode(Vectors.page("nvmet-port2.id-ctrl"));

        assertThat(two.subsystemNqn()).isEqualTo(one.subsystemNqn());
        assertThat(two.serialNumber()).isEqualTo(one.serialNumber());
        assertThat(two.controllerId()).isNotEqualTo(one.controllerId());
    }

    @Test
    void qemuControllerHasNoAnaAndLimitsItsTransfers() {
        var controller = IdentifyController.decode(Vectors.page("qemu-nvme-0.id-ctrl"));

        assertThat(controller.vendorId()).isEqualTo(0x1b36);
        assertThat(controller.serialNumber()).isEqualTo("QN0");
        assertThat(controller.modelNumber()).isEqualTo("QEMU NVMe Ctrl");
        assertThat(controller.firmwareRevision()).isEqualTo("7.2.22");
        assertThat(controller.anaReporting()).isFalse();
        assertThat(controller.multipleControllers()).isTrue();
        assertThat(controller.subsystemNqn()).isEqualTo("nqn.2019-08.org.qemu:qsub0");
        assertThat(controller.mdts()).isEqualTo(7);
        assertThat(controller.maxTransferBytes(4096)).hasValue(128 * 4096);
        assertThat(controller.volatileWriteCache()).isTrue();
        assertThat(controller.compare()).isTrue();
        assertThat(controller.datasetManagement()).isTrue();
        assertThat(controller.writeZeroes()).isTrue();
        assertThat(controller.reservations()).isFalse();
        assertThat(controller.fusedCompareAndWrite()).isFalse();
    }

    @Test
    void everyFieldIsReadFromItsOwnBytes() {
        ByteBuffer page = Vectors.zeroes();
        page.putShort(0, (short) 0x1234)
                .put(77, (byte) 5)
                .putShort(78, (short) 0xfffe)
                .putInt(80, 0x020001);
        page.putInt(92, 0x80000b00).putInt(96, 1 << 2).put(111, (byte) 3);
        page.putShort(128, (short) 1).putShort(130, (short) 20).putShort(132, (short) 0xffff);
        page.put(135, (byte) 0xee).putLong(136, 0xfedcba9876543210L);
        page.putShort(256, (short) 8).put(258, (byte) 0xff).put(259, (byte) 7).put(261, (byte) 4);
        page.putShort(320, (short) 5)
                .put(342, (byte) 0xff)
                .put(343, (byte) 0x40)
                .putInt(344, -1)
                .putInt(348, 9);
        page.putShort(386, (short) 0xffff).putShort(514, (short) 64).putInt(NN, -2);
        page.putShort(520, (short) 0x2d)
                .putShort(522, (short) 1)
                .put(525, (byte) 1)
                .putShort(532, (short) 7);
        page.putInt(MNAN, 1024);

        var controller = IdentifyController.decode(page);

        assertThat(controller)
                .isEqualTo(new IdentifyController(
                        0x1234,
                        "",
                        "",
                        "",
                        0,
                        5,
                        0xfffe,
                        0x020001,
                        0x80000b00L,
                        4,
                        3,
                        100,
                        2000,
                        6_553_500,
                        0xee,
                        0xfedcba9876543210L,
                        8,
                        256,
                        8,
                        4,
                        500,
                        255,
                        0x40,
                        0xffff_ffffL,
                        9,
                        65_535,
                        64,
                        0xffff_fffeL,
                        0x2d,
                        1,
                        1,
                        8,
                        1024,
                        ""));
        assertThat(controller.namespaceManagement()).isTrue();
        assertThat(controller.nvmSets()).isTrue();
        assertThat(controller.reservations()).isTrue();
        assertThat(controller.fusedCompareAndWrite()).isTrue();
        assertThat(controller.anaGroupIdIsFixed()).isTrue();
    }

    @Test
    void anaNeedsAnIdentifierForEachNamespace() {
        ByteBuffer page = Vectors.zeroes().put(CMIC, (byte) ANA_REPORTING).putInt(NN, 4);

        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> IdentifyController.decode(page.putInt(MNAN, 0)))
                .withMessageContaining("MNAN at byte 540");
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> IdentifyController.decode(page.putInt(MNAN, 5)));
        assertThat(IdentifyController.decode(page.putInt(MNAN, 4)).anaReporting())
                .isTrue();
    }

    @Test
    void anaLogMayHoldAllGroupsAndAllNamespaces() {
        ByteBuffer page = Vectors.zeroes().putInt(348, 3).putInt(NN, 100);

        assertThat(IdentifyController.decode(page).anaLogBytes()).isEqualTo(16 + 3 * 32 + 100 * 4);
        assertThat(IdentifyController.decode(page.putInt(MNAN, 10)).anaLogBytes())
                .isEqualTo(16 + 3 * 32 + 10 * 4);
        assertThat(IdentifyController.decode(page.putInt(348, -1).putInt(MNAN, -1))
                        .anaLogBytes())
                .isEqualTo(16 + 36 * 0xffff_ffffL);
    }

    @Test
    void lostCommandMayLandUntilTheControllerNoticedAndFellQuiet() {
        ByteBuffer page = Vectors.zeroes().putShort(386, (short) 1500);
        var commandBased = IdentifyController.decode(page);
        var trafficBased = IdentifyController.decode(page.putInt(96, 1 << 6));

        assertThat(commandBased.communicationLossMillis(5000)).hasValue(11_500);
        assertThat(trafficBased.communicationLossMillis(5000)).hasValue(16_500);
        assertThat(trafficBased.communicationLossMillis(0)).isEmpty();
    }

    @Test
    void keepAliveIsRoundedUpToItsGranularity() {
        var controller = IdentifyController.decode(Vectors.zeroes().putShort(320, (short) 100));

        assertThat(controller.communicationLossMillis(5000)).hasValue(20_000);
        assertThat(controller.communicationLossMillis(10_000)).hasValue(20_000);
        assertThat(controller.communicationLossMillis(10_001)).hasValue(40_000);
        assertThat(controller.communicationLossMillis(0xffff_ffffL)).hasValue(2 * 4_294_970_000L);
    }

    @Test
    void transferLimitThatNothingReachesIsNone() {
        assertThat(withMdts(0).maxTransferBytes(4096)).isEmpty();
        assertThat(withMdts(1).maxTransferBytes(4096)).hasValue(8192);
        assertThat(withMdts(18).maxTransferBytes(4096)).hasValue(1 << 30);
        assertThat(withMdts(19).maxTransferBytes(4096)).isEmpty();
        assertThat(withMdts(255).maxTransferBytes(4096)).isEmpty();
    }

    private static IdentifyController withMdts(int mdts) {
        return IdentifyController.decode(Vectors.zeroes().put(77, (byte) mdts));
    }

    @Test
    void nameThatIsNoTextIsRefusedBecauseItIsAnIdentity() {
        ByteBuffer page = Vectors.zeroes().put(768, (byte) 'n').put(769, (byte) 0xff);

        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> IdentifyController.decode(page))
                .satisfies(e -> {
                    assertThat(e.page()).isEqualTo("Identify Controller");
                    assertThat(e.field()).isEqualTo("SUBNQN");
                    assertThat(e.offset()).isEqualTo(768);
                });
    }

    @Test
    void whatCannotBePrintedDoesNotReachATerminal() {
        ByteBuffer page =
                Vectors.zeroes().put(4, (byte) 0x1b).put(5, (byte) 'S').put(6, (byte) 0xff);

        assertThat(IdentifyController.decode(page).serialNumber()).isEqualTo("?S?");
    }
}
