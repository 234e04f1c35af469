package io.mpath.nvme.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mpath.DeviceId;
import io.mpath.PageFormatException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdentifyNamespaceTest {
    private static final int NCAP = 8;
    private static final int NLBAF = 25;
    private static final int FLBAS = 26;
    private static final int KPIOS = 81;
    private static final int NULBAF = 82;
    private static final int LBADS0 = 130;

    @Test
    void nvmetNamespaceIsSharedAndKnownByItsNguid() {
        var namespace = IdentifyNamespace.decode(Vectors.page("nvmet-port1.id-ns"));

        assertThat(namespace.attached()).isTrue();
        assertThat(namespace.sizeBlocks()).isEqualTo(0x200000);
        assertThat(namespace.format()).isEqualTo(new LbaFormat(0, 9, 0));
        assertThat(namespace.sizeBytes()).isEqualTo(1L << 30);
        assertThat(namespace.shared()).isTrue();
        assertThat(namespace.anaGroupId()).isEqualTo(1);
        assertThat(namespace.writeProtected()).isFalse();
        assertThat(namespace.nguid()).hasValue(DeviceId.parse("nguid.2fcf5d2c5a1d4d6e9d4c000000000001"));
        assertThat(namespace.eui64()).isEmpty();
        assertThat(namespace.protectionType()).isZero();
    }

    @Test
    void bothPortsTellOfOneNamespace() {
        assertThat(IdentifyNamespace.decode(Vectors.page("nvmet-port2.id-ns")))
                .isEqualTo(IdentifyNamespace.decode(Vectors.page("nvmet-port1.id-ns")));
    }

    @Test
    void qemuNamespaceHasEightFormatsAndAnEui64() {
        var namespace = IdentifyNamespace.decode(Vectors.page("qemu-nvme-0.id-ns"));

        assertThat(namespace.formats())
                .containsExactly(
                        new LbaFormat(0, 9, 0),
                        new LbaFormat(8, 9, 0),
                        new LbaFormat(16, 9, 0),
                        new LbaFormat(64, 9, 0),
                        new LbaFormat(0, 12, 0),
                        new LbaFormat(8, 12, 0),
                        new LbaFormat(16, 12, 0),
                        new LbaFormat(64, 12, 0));
        assertThat(namespace.sizeBytes()).isEqualTo(64L << 20);
        assertThat(namespace.eui64()).hasValue(DeviceId.parse("eui.0011223344556677"));
        assertThat(namespace.nguid()).isEmpty();
        assertThat(namespace.readsZeroesAfterDeallocation()).isTrue();
        assertThat(namespace.writeZeroesMayDeallocate()).isFalse();
        assertThat(namespace.preferencesReported()).isTrue();
        assertThat(namespace.deallocateGranularityBlocks()).isEqualTo(8);
        assertThat(namespace.deallocateAlignmentBlocks()).isEqualTo(8);
        assertThat(namespace.thinlyProvisioned()).isFalse();
    }

    @Test
    void everyFieldIsReadFromItsOwnBytes() {
        ByteBuffer page = attached().putLong(0, 7).putLong(NCAP, 6).putLong(16, 5);
        page.put(24, (byte) 0x03)
                .put(FLBAS, (byte) 0x10)
                .put(27, (byte) 1)
                .put(29, (byte) 0x0a)
                .put(30, (byte) 1);
        page.put(31, (byte) 0x7f).put(33, (byte) 0x09).putShort(34, (short) 1).putShort(36, (short) 2);
        page.putShort(38, (short) 3)
                .putShort(46, (short) 256)
                .putShort(64, (short) 4)
                .putShort(66, (short) 5);
        page.putShort(68, (short) 6)
                .putShort(70, (short) 7)
                .putShort(72, (short) 0xffff)
                .putInt(92, -1);
        page.put(99, (byte) 1)
                .putShort(100, (short) 11)
                .putShort(102, (short) 12)
                .putShort(128, (short) 8);

        var namespace = IdentifyNamespace.decode(page);

        assertThat(namespace)
                .isEqualTo(new IdentifyNamespace(
                        7,
                        6,
                        5,
                        3,
                        List.of(new LbaFormat(8, 9, 0)),
                        0x10,
                        1,
                        0x0a,
                        1,
                        0x7f,
                        9,
                        2,
                        3,
                        4,
                        256,
                        5,
                        6,
                        7,
                        8,
                        65_536,
                        0xffff_ffffL,
                        1,
                        11,
                        12,
                        Optional.empty(),
                        Optional.empty()));
        assertThat(namespace.metadataInline()).isTrue();
        assertThat(namespace.protectionType()).isEqualTo(2);
        assertThat(namespace.writeProtected()).isTrue();
        assertThat(namespace.thinlyProvisioned()).isTrue();
        assertThat(namespace.ownAtomicUnits()).isTrue();
        assertThat(namespace.writeZeroesMayDeallocate()).isTrue();
    }

    @Test
    void namespaceThatIsNotAttachedReadsAsZeroesAndHasNoGeometry() {
        var namespace = IdentifyNamespace.decode(Vectors.zeroes());

        assertThat(namespace.attached()).isFalse();
        assertThatIllegalStateException().isThrownBy(namespace::format);
        assertThatIllegalStateException().isThrownBy(namespace::sizeBytes);
    }

    @Test
    void upperBitsOfTheFormatCountOnlyWhenThereAreMoreThanSixteen() {
        ByteBuffer page = attached().put(NLBAF, (byte) 15).put(LBADS0, (byte) 9).put(LBADS0 + 16 * 4, (byte) 12);
        page.put(FLBAS, (byte) (1 << 5));

        assertThat(IdentifyNamespace.decode(page).format().blockBytes()).isEqualTo(512);
        assertThat(IdentifyNamespace.decode(page.put(NLBAF, (byte) 16)).format().blockBytes())
                .isEqualTo(4096);
        assertThat(IdentifyNamespace.decode(page.put(NLBAF, (byte) 15).put(NULBAF, (byte) 1))
                        .format()
                        .blockBytes())
                .isEqualTo(4096);
    }

    /** The key per I/O status is beside it. */
    @Test
    void keyPerIoStatusCountsNoFormats() {
        ByteBuffer page = attached().put(LBADS0, (byte) 9);
        int formats = IdentifyNamespace.decode(page).formats().size();

        assertThat(IdentifyNamespace.decode(page.put(KPIOS, (byte) 3)).formats())
                .hasSize(formats);
        assertThat(IdentifyNamespace.decode(page.put(NULBAF, (byte) 1)).formats())
                .hasSize(formats + 1);
    }

    @Test
    void lastOfSixtyFourFormatsIsThere() {
        ByteBuffer page =
                attached().put(NLBAF, (byte) 63).put(FLBAS, (byte) 0x6f).put(LBADS0 + 63 * 4, (byte) 12);

        assertThat(IdentifyNamespace.decode(page).format().blockBytes()).isEqualTo(4096);
        refused(page.put(NULBAF, (byte) 1), "NLBAF", 25);
    }

    @Test
    void formatThatIsNotThereIsRefused() {
        refused(attached().put(FLBAS, (byte) 1), "FLBAS", 26);
        refused(attached().put(NLBAF, (byte) 17).put(FLBAS, (byte) 0x22), "FLBAS", 26);
    }

    @Test
    void blockSizeThatIsNoneIsRefused() {
        refused(attached().put(LBADS0, (byte) 0), "LBADS", 130);
        refused(attached().put(LBADS0, (byte) 8), "LBADS", 130);
        refused(attached().put(LBADS0, (byte) 31), "LBADS", 130);
        refused(attached().put(LBADS0, (byte) 255), "LBADS", 130);
    }

    @Test
    void sizeInBytesDoesNotWrap() {
        ByteBuffer page = attached();

        assertThat(IdentifyNamespace.decode(page.putLong(0, (1L << 54) - 1)).sizeBytes())
                .isEqualTo(Long.MAX_VALUE - 511);
        refused(page.putLong(0, 1L << 54), "NSZE", 0);
        refused(page.putLong(0, -1), "NSZE", 0);
    }

    @Test
    void shortPageIsRefused() {
        refused(attached().limit(4095), "Identify Namespace", 0);
    }

    private static ByteBuffer attached() {
        return Vectors.zeroes().putLong(0, 1).putLong(NCAP, 1).put(LBADS0, (byte) 9);
    }

    private static void refused(ByteBuffer page, String field, long offset) {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> IdentifyNamespace.decode(page))
                .satisfies(e -> {
                    assertThat(e.field()).isEqualTo(field);
                    assertThat(e.offset()).isEqualTo(offset);
                });
    }
}
