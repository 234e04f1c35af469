package io.mpath.scsi.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import io.mpath.scsi.command.StandardInquiry.Tpgs;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Standard INQUIRY data and the VPD pages 00h and 80h. */
class InquiryTest {
    @Test
    void lioSaysWhatItIs() {
        StandardInquiry inquiry = StandardInquiry.decode(Vectors.page("lio-tpg16.inquiry"));

        assertThat(inquiry.isDisk()).isTrue();
        assertThat(inquiry.removable()).isFalse();
        assertThat(inquiry.version()).isEqualTo(6);
        assertThat(inquiry.targetPortGroups()).isEqualTo(Tpgs.IMPLICIT_AND_EXPLICIT);
        assertThat(inquiry.protection()).isFalse();
        assertThat(inquiry.multiPort()).isTrue();
        assertThat(inquiry.vendor()).isEqualTo("LIO-ORG");
        assertThat(inquiry.product()).isEqualTo("FILEIO");
        assertThat(inquiry.revision()).isEqualTo("4.0");
    }

    @Test
    void othersSayWhatTheyAre() {
        StandardInquiry qemu = StandardInquiry.decode(Vectors.page("qemu-scsi.inquiry"));
        StandardInquiry scsiDebug = StandardInquiry.decode(Vectors.page("scsi-debug.inquiry"));

        assertThat(qemu.targetPortGroups()).isEqualTo(Tpgs.NONE);
        assertThat(qemu.multiPort()).isFalse();
        assertThat(qemu.product()).isEqualTo("QEMU HARDDISK");
        assertThat(scsiDebug.targetPortGroups()).isEqualTo(Tpgs.IMPLICIT);
        assertThat(scsiDebug.version()).isEqualTo(7);
        assertThat(scsiDebug.revision()).isEqualTo("0191");
    }

    @Test
    void flagsAndTypeAreTakenApart() {
        ByteBuffer data = Vectors.page("qemu-scsi.inquiry");
        data.put(0, (byte) 0x65).put(1, (byte) 0x80).put(5, (byte) 0x21);

        StandardInquiry inquiry = StandardInquiry.decode(data);

        assertThat(inquiry.peripheralQualifier()).isEqualTo(3);
        assertThat(inquiry.deviceType()).isEqualTo(5);
        assertThat(inquiry.isDisk()).isFalse();
        assertThat(inquiry.removable()).isTrue();
        assertThat(inquiry.targetPortGroups()).isEqualTo(Tpgs.EXPLICIT);
        assertThat(inquiry.protection()).isTrue();
    }

    @Test
    void placeWithoutADiskIsNone() {
        ByteBuffer data = Vectors.page("qemu-scsi.inquiry").put(0, (byte) 0x20);

        assertThat(StandardInquiry.decode(data).isDisk()).isFalse();
    }

    @Test
    void inquiryThatIsTooShortIsRefused() {
        refused(
                () -> StandardInquiry.decode(Vectors.page("qemu-scsi.inquiry").limit(35)),
                "standard INQUIRY data: data at byte 0: 36 bytes run past the 35 bytes received");
        refused(
                () -> StandardInquiry.decode(Vectors.page("qemu-scsi.inquiry").put(4, (byte) 30)),
                "standard INQUIRY data: ADDITIONAL LENGTH at byte 4: is 30, and is at least 31");
    }

    @Test
    void supportedPagesAreListed() {
        SupportedVpdPages pages = SupportedVpdPages.decode(Vectors.page("lio-tpg16.vpd0x00"));

        assertThat(pages.codes()).containsExactly(0x00, 0x80, 0x83, 0x86, 0xb0, 0xb1, 0xb2, 0xb3);
        assertThat(pages.has(0x83)).isTrue();
        assertThat(pages.has(0x84)).isFalse();
        assertThat(SupportedVpdPages.decode(Vectors.page("scsi-debug.vpd0x00")).has(0xb7))
                .isTrue();
    }

    @Test
    void serialNumbersAreReadWithoutTheirPadding() {
        assertThat(serial(Vectors.page("lio-tpg16.vpd0x80"))).isEqualTo("11112222-3333-4444-5555-666677778888");
        assertThat(serial(Vectors.page("qemu-scsi.vpd0x80"))).isEqualTo("QSER1");
        assertThat(serial(Vectors.page("scsi-debug.vpd0x80"))).isEqualTo("2000");
        assertThat(serial(new VpdBytes(0x80).add("2020 4142 2020").page())).isEqualTo("AB");
        assertThat(serial(new VpdBytes(0x80).page())).isEmpty();
        refused(
                () -> serial(new VpdBytes(0x80).add("ff").page()),
                "VPD page 0x80: PRODUCT SERIAL NUMBER at byte 4: is not in UTF-8");
    }

    @Test
    void lengthOfAPageIsKnownFromItsHeader() {
        ByteBuffer header = Vectors.page("lio-tpg16.vpd0x83").limit(VpdPage.HEADER_BYTES);

        assertThat(VpdPage.lengthOf(header)).isEqualTo(168);
        refused(
                () -> DeviceIdentification.decode(header),
                "VPD page 0x83: PAGE LENGTH at byte 4: 164 bytes run past the 4 bytes received");
    }

    private static String serial(ByteBuffer page) {
        return UnitSerialNumber.decode(page).serialNumber();
    }

    private static void refused(Runnable decoding, String message) {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(decoding::run)
                .withMessage(message);
    }
}
