package io.mpath.nvme.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.DeviceId;
import io.mpath.PageFormatException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class NamespaceDescriptorsTest {
    private static final String NGUID = "02 10 0000 2fcf5d2c5a1d4d6e9d4c000000000001";

    @Test
    void nvmetTellsUuidNguidAndCommandSet() {
        var ids = NamespaceDescriptors.decode(Vectors.page("nvmet-port1.ns-descs"));

        assertThat(ids.uuid()).hasValue(DeviceId.parse("uuid.d36dd55c-b169-4546-b819-37fb098bc74e"));
        assertThat(ids.nguid()).hasValue(DeviceId.parse("nguid.2fcf5d2c5a1d4d6e9d4c000000000001"));
        assertThat(ids.eui64()).isEmpty();
        assertThat(ids.csi()).hasValue(0);
        assertThat(NamespaceDescriptors.decode(Vectors.page("nvmet-port2.ns-descs")))
                .isEqualTo(ids);
    }

    @Test
    void qemuTellsEui64AndCommandSet() {
        var ids = NamespaceDescriptors.decode(Vectors.page("qemu-nvme-0.ns-descs"));

        assertThat(ids.eui64()).hasValue(DeviceId.parse("eui.0011223344556677"));
        assertThat(ids.nguid()).isEmpty();
        assertThat(ids.uuid()).isEmpty();
        assertThat(ids.csi()).hasValue(0);
    }

    @Test
    void emptyListNamesNothing() {
        var ids = NamespaceDescriptors.decode(Vectors.zeroes());

        assertThat(ids.eui64()).isEmpty();
        assertThat(ids.nguid()).isEmpty();
        assertThat(ids.uuid()).isEmpty();
        assertThat(ids.csi()).isEmpty();
    }

    @Test
    void identifierOfZeroesIsNone() {
        assertThat(decode("03 10 0000 00000000000000000000000000000000").uuid()).isEmpty();
    }

    @Test
    void commandSetIsUnsigned() {
        assertThat(decode("04 01 0000 ff").csi()).hasValue(255);
    }

    @Test
    void typeThatIsNotKnownIsSkipped() {
        assertThat(decode("99 03 0000 aabbcc" + NGUID).nguid()).isPresent();
    }

    @Test
    void nothingIsReadBehindTheEndOfTheList() {
        assertThat(decode("00 00 0000" + NGUID).nguid()).isEmpty();
    }

    @Test
    void listMayEndWithThePage() {
        assertThat(decode(NGUID).nguid()).isPresent();
        assertThat(decode("").nguid()).isEmpty();
    }

    @Test
    void descriptorThatRunsPastThePageIsRefused() {
        refused("02 10 0000 2fcf5d2c5a1d4d6e9d4c0000000000", "NID", 4);
        refused(NGUID + "99 ff 0000", "NID", 24);
        refused("02", "NIDL", 1);
    }

    @Test
    void lastDescriptorOfAFullPageStaysWithinIt() {
        byte[] page = new byte[Vectors.PAGE_BYTES];
        for (int at = 0; at < page.length; at += 128) {
            page[at] = (byte) 0x99;
            page[at + 1] = 124;
        }
        assertThat(NamespaceDescriptors.decode(ByteBuffer.wrap(page)).nguid()).isEmpty();

        page[page.length - 127] = 125;
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> NamespaceDescriptors.decode(ByteBuffer.wrap(page)));
    }

    @Test
    void identifierOfAnotherLengthIsRefused() {
        refused("01 10 0000 00112233445566770011223344556677", "NIDL", 1);
        refused("03 08 0000 0011223344556677", "NIDL", 1);
        refused("04 02 0000 0000", "NIDL", 1);
    }

    @Test
    void secondIdentifierOfATypeIsRefused() {
        refused(NGUID + NGUID, "NIDT", 20);
    }

    private static NamespaceDescriptors decode(String hex) {
        return NamespaceDescriptors.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    private static void refused(String hex, String field, long offset) {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> decode(hex))
                .satisfies(e -> {
                    assertThat(e.field()).isEqualTo(field);
                    assertThat(e.offset()).isEqualTo(offset);
                });
    }
}
