package io.mpath.scsi.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.DeviceId;
import io.mpath.PageFormatException;
import io.mpath.scsi.command.Designator.Association;
import io.mpath.scsi.command.Designator.CodeSet;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DeviceIdentificationTest {
    private static final String NAME = "69716e2e612e622e63"; // iqn.a.b.c
    private static final String NAA6 = "60014051111222233334444555566667";
    private static final String EUI16 = "00112233445566778899aabbccddeeff";
    private static final String EUI12 = "00112233445566778899aabb";
    private static final String NAA5 = "5000c50015ea71ac";
    private static final String NAA4 = "4000c50015ea71ac";
    private static final String EUI8 = "0011223344556677";
    private static final String UUID = "1000 0cd8ffdf6b5c4a2e8a3b5c9b2d1f0a11";
    private static final String NAA2 = "2222222000000001";
    private static final String T10 = "4c494f2d4f524720414243"; // LIO-ORG ABC
    private static final String NAA3 = "33333330000007d0";

    @Test
    void lioPageIsReadWhole() {
        DeviceIdentification page = DeviceIdentification.decode(Vectors.page("lio-tpg16.vpd0x83"));

        assertThat(page.designators()).hasSize(7);
        assertThat(page.deviceId()).contains(DeviceId.parse("naa.60014051111222233334444555566667"));
        assertThat(page.targetPortGroup()).hasValue(0x10);
        assertThat(page.relativeTargetPort()).hasValue(0);
        assertThat(page.designators())
                .extracting(Designator::association)
                .containsExactly(
                        Association.LOGICAL_UNIT,
                        Association.LOGICAL_UNIT,
                        Association.TARGET_PORT,
                        Association.TARGET_PORT,
                        Association.LOGICAL_UNIT,
                        Association.TARGET_PORT,
                        Association.TARGET_DEVICE);
        assertThat(page.designators())
                .extracting(Designator::toString)
                .containsExactly(
                        "naa.60014051111222233334444555566667",
                        "t10.LIO-ORG FILEIO:11112222-3333-4444-5555-666677778888",
                        "0x0000",
                        "0x0010",
                        "0x0000",
                        "name.naa.6001405aaaaaaaa1,t,0x0001",
                        "name.naa.6001405aaaaaaaa1");
        assertThat(page.designators().get(5).protocol()).hasValue(6);
        assertThat(page.designators().get(5).codeSet()).isEqualTo(CodeSet.UTF_8);
        assertThat(page.designators().get(0).protocol()).isEmpty();
    }

    @Test
    void scsiDebugPageIsReadWhole() {
        DeviceIdentification page = DeviceIdentification.decode(Vectors.page("scsi-debug.vpd0x83"));

        assertThat(page.deviceId()).contains(DeviceId.parse("naa.33333330000007d0"));
        assertThat(page.targetPortGroup()).hasValue(0x200);
        assertThat(page.relativeTargetPort()).hasValue(1);
        assertThat(page.designators().get(0)).hasToString("t10.Linux   scsi_debug      2000");
        assertThat(page.designators().get(3)).hasToString("naa.32222220000007ce");
    }

    @Test
    void qemuPageHasOneIdentity() {
        DeviceIdentification page = DeviceIdentification.decode(Vectors.page("qemu-scsi.vpd0x83"));

        assertThat(page.deviceId()).contains(DeviceId.parse("naa.5000c50015ea71ac"));
        assertThat(page.targetPortGroup()).isEmpty();
        assertThat(page.relativeTargetPort()).isEmpty();
        assertThat(page.designators().get(0).type()).isEqualTo(Designator.Type.VENDOR_SPECIFIC);
        assertThat(page.designators().get(0)).hasToString("5153455231");
    }

    @Test
    void betterDesignatorIsChosenWhereverItStands() {
        List<VpdBytes> fromBestToWorst = List.of(
                page().ofUnit(8, NAME),
                page().ofUnit(3, NAA6),
                page().ofUnit(2, EUI16),
                page().ofUnit(2, EUI12),
                page().ofUnit(3, NAA5),
                page().ofUnit(3, NAA4),
                page().ofUnit(2, EUI8),
                page().ofUnit(10, UUID),
                page().ofUnit(3, NAA2),
                page().ofUnit(1, T10));
        List<String> ids = List.of(
                "name.iqn.a.b.c",
                "naa." + NAA6,
                "eui." + EUI16,
                "eui." + EUI12,
                "naa." + NAA5,
                "naa." + NAA4,
                "eui." + EUI8,
                "uuid.0cd8ffdf-6b5c-4a2e-8a3b-5c9b2d1f0a11",
                "naa." + NAA2,
                "t10.LIO-ORG ABC");

        for (int better = 0; better < ids.size(); better++) {
            ByteBuffer one = fromBestToWorst.get(better).page();
            assertThat(chosen(one)).isEqualTo(ids.get(better));
            for (int worse = better + 1; worse < ids.size(); worse++) {
                ByteBuffer other = fromBestToWorst.get(worse).page();
                assertThat(chosen(joined(one, other))).isEqualTo(ids.get(better));
                assertThat(chosen(joined(other, one))).isEqualTo(ids.get(better));
            }
        }
    }

    @Test
    void amongEqualsTheLastIsChosenButOfTextsTheLongest() {
        assertThat(chosen(page().ofUnit(3, NAA6).ofUnit(3, NAA6.replace('7', '8'))))
                .isEqualTo("naa." + NAA6.replace('7', '8'));
        assertThat(chosen(page().ofUnit(1, T10).ofUnit(1, "4c494f"))).isEqualTo("t10.LIO-ORG ABC");
        assertThat(chosen(page().ofUnit(1, "4c494f").ofUnit(1, T10))).isEqualTo("t10.LIO-ORG ABC");
        assertThat(chosen(page().ofUnit(1, T10).ofUnit(1, T10.replace("43", "44"))))
                .isEqualTo("t10.LIO-ORG ABD");
        assertThat(chosen(page().ofUnit(8, NAME).ofUnit(8, "6971"))).isEqualTo("name.iqn.a.b.c");
        assertThat(chosen(page().ofUnit(1, T10).ofUnit(3, NAA3))).isEqualTo("naa." + NAA3);
        assertThat(chosen(page().ofUnit(3, NAA3).ofUnit(1, T10))).isEqualTo("t10.LIO-ORG ABC");
        assertThat(chosen(page().ofUnit(3, NAA3).ofUnit(1, "4c494f"))).isEqualTo("naa." + NAA3);
    }

    @Test
    void uniqueIdsAreThoseOfTheLogicalUnitThatNoOtherMayHave() {
        VpdBytes page = page().ofUnit(1, T10)
                .ofUnit(3, NAA2)
                .ofUnit(10, UUID)
                .ofUnit(2, EUI8)
                .ofUnit(3, NAA3)
                .ofUnit(3, NAA6)
                .ofUnit(3, "00".repeat(16))
                .ofUnit(8, NAME)
                .ofUnit(7, EUI16)
                .designator(1, 3, NAA5)
                .designator(2, 8, "69716e2e78");

        assertThat(DeviceIdentification.decode(page.page()).uniqueIds())
                .extracting(DeviceId::toString)
                .containsExactly(
                        "naa." + NAA2,
                        "uuid.0cd8ffdf-6b5c-4a2e-8a3b-5c9b2d1f0a11",
                        "eui." + EUI8,
                        "naa." + NAA6,
                        "name.iqn.a.b.c");
        assertThat(DeviceIdentification.decode(Vectors.page("scsi-debug.vpd0x83"))
                        .uniqueIds())
                .as("unique at its site only")
                .isEmpty();
    }

    @Test
    void onlyDesignatorsOfTheLogicalUnitIdentifyIt() {
        for (int association = 1; association <= 3; association++) {
            VpdBytes page = page().designator(association, 3, NAA6)
                    .designator(association, 8, NAME)
                    .ofUnit(1, T10);

            assertThat(chosen(page)).isEqualTo("t10.LIO-ORG ABC");
        }
        assertThat(DeviceIdentification.decode(page().designator(1, 3, NAA6).page())
                        .deviceId())
                .isEmpty();
    }

    @Test
    void onlyDesignatorsOfThePortTellItsGroup() {
        DeviceIdentification page = DeviceIdentification.decode(
                page().ofUnit(5, "00000099").designator(1, 5, "0000ffff").page());

        assertThat(page.targetPortGroup()).hasValue(0xffff);
    }

    @Test
    void whatCannotBeRightIdentifiesNothing() {
        identifiesNothing(3, "");
        identifiesNothing(3, NAA6.substring(0, 16));
        identifiesNothing(3, NAA5 + NAA5);
        identifiesNothing(3, "0123456789abcdef");
        identifiesNothing(3, "7123456789abcdef");
        identifiesNothing(2, "00112233445566");
        identifiesNothing(2, "0000000000000000");
        identifiesNothing(10, "1000" + "00".repeat(16));
        identifiesNothing(10, UUID.replace("1000", "2000"));
        identifiesNothing(10, UUID + "00");
        identifiesNothing(8, "ff41");
        identifiesNothing(8, "0000");
        identifiesNothing(1, "");
        identifiesNothing(1, "ff".repeat(65));
        identifiesNothing(7, NAA6);
        identifiesNothing(0, NAA6);
        identifiesNothing(9, NAA6);
        identifiesNothing(15, NAA6);
    }

    @Test
    void bytesOfAVendorThatDoNotPrintAreWrittenSoThatNoTwoIdentitiesBecomeOne() {
        assertThat(chosen(page().ofUnit(1, "41 00 42 5c 20 ff 00 00"))).isEqualTo("t10.A\\x00B\\x5c \\xff");
    }

    @Test
    void numbersOfPortsAndGroupsAreRead() {
        DeviceIdentification page = DeviceIdentification.decode(page().designator(1, 4, "00008001")
                .designator(1, 5, "00000102")
                .ofUnit(6, "00000003")
                .page());

        assertThat(page.relativeTargetPort()).hasValue(0x8001);
        assertThat(page.targetPortGroup()).hasValue(0x102);
        assertThat(page.designators().get(2).number()).hasValue(3);
        assertThat(page.designators().get(2).naa()).isEmpty();
    }

    @Test
    void whatIsNoPageSaysWhere() {
        refused(Vectors.bytes("0083"), "VPD page 0x83: PAGE LENGTH at byte 2: 2 bytes run past the 2 bytes received");
        refused(Vectors.bytes("00800000"), "VPD page 0x83: PAGE CODE at byte 1: is 80h");
        refused(
                Vectors.bytes("0083000401030004"),
                "VPD page 0x83: DESIGNATOR LENGTH at byte 7: 4 bytes run past the page");
        refused(
                Vectors.bytes("0083ffff01030004"),
                "VPD page 0x83: PAGE LENGTH at byte 4: 65535 bytes run past the 8 bytes received");
        refused(
                page().designator(1, 5, "0010").page(),
                "VPD page 0x83: DESIGNATOR LENGTH at byte 7: a TARGET_PORT_GROUP has 4 bytes and not 2");
        refused(
                Vectors.bytes("0083000201030000"),
                "VPD page 0x83: DESIGNATOR LENGTH at byte 7: 0 bytes run past the page");
    }

    @Property(tries = 300)
    void everyBinaryIdentityIsReadBack(@ForAll @Size(15) byte[] rest) {
        byte[] naa6 = new byte[16];
        naa6[0] = 0x60;
        System.arraycopy(rest, 0, naa6, 1, 15);
        DeviceId id = DeviceId.of(DeviceId.Type.NAA, naa6);

        assertThat(chosen(page().ofUnit(3, id.toString().substring(4)))).isEqualTo(id.toString());
    }

    private static void identifiesNothing(int type, String bytes) {
        assertThat(DeviceIdentification.decode(page().ofUnit(type, bytes).page())
                        .deviceId())
                .isEmpty();
    }

    private static void refused(ByteBuffer page, String message) {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> DeviceIdentification.decode(page))
                .withMessage(message);
    }

    private static VpdBytes page() {
        return new VpdBytes(DeviceIdentification.CODE);
    }

    private static String chosen(VpdBytes page) {
        return chosen(page.page());
    }

    private static String chosen(ByteBuffer page) {
        return DeviceIdentification.decode(page).deviceId().orElseThrow().toString();
    }

    private static ByteBuffer joined(ByteBuffer first, ByteBuffer second) {
        int length = first.capacity() + second.capacity() - 2 * VpdPage.HEADER_BYTES;
        return ByteBuffer.allocate(VpdPage.HEADER_BYTES + length)
                .putShort((short) 0x0083)
                .putShort((short) length)
                .put(first.slice(VpdPage.HEADER_BYTES, first.capacity() - VpdPage.HEADER_BYTES))
                .put(second.slice(VpdPage.HEADER_BYTES, second.capacity() - VpdPage.HEADER_BYTES))
                .flip();
    }
}
