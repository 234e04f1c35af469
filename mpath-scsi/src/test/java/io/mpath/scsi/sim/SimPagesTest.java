package io.mpath.scsi.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.path.PathPort;
import io.mpath.sim.SimWorld;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages of the emulated array beside those that real targets returned, where the emulated one is told to be alike. */
class SimPagesTest {
    private static final String SERIAL = "11112222-3333-4444-5555-666677778888";

    private final SimScsiArray array = SimScsiArray.in(SimWorld.seeded(1), "naa.6001405aaaaaaaa1");
    private Raw raw;

    @BeforeEach
    void beLikeLio() {
        SimTargetPort port = array.addPort("a", 0x10)
                .relativeId(0)
                .called(6, "naa.6001405aaaaaaaa1,t,0x0001", "naa.6001405aaaaaaaa1");
        array.addPort("b", 0x11).relativeId(0);
        array.withExplicitAlua().supportedStates(0xcf).extendedHeader(SimExtendedHeader.RETURNED_UNCOUNTED);
        SimLogicalUnit unit = array.addUnit(0, 0x20000, 512).withoutUnmap();
        unit.identity(new SimUnitIdentity(
                "LIO-ORG",
                "FILEIO",
                "4.0",
                SERIAL + '\0',
                List.of(
                        SimDesignator.naa("60014051111222233334444555566667"),
                        SimDesignator.t10("LIO-ORG FILEIO:" + SERIAL + '\0'),
                        SimDesignator.unitGroup(0))));
        unit.alua(0x11, SimAluaState.NON_OPTIMIZED);
        raw = new Raw(SimNexus.iscsi(port, new PathPort("host4")), 0);
    }

    @Test
    void deviceIdentificationIsThatOfLio() {
        assertThat(raw.vpd(0x83).data()).isEqualTo(real("lio-tpg16.vpd0x83", 168));
    }

    @Test
    void serialNumberIsThatOfLio() {
        assertThat(raw.vpd(0x80).data()).isEqualTo(real("lio-tpg16.vpd0x80", 41));
    }

    @Test
    void standardInquiryIsThatOfLioButForWhatIsNotToldOfHere() {
        byte[] page = raw.inquiry().data();
        byte[] real = real("lio-tpg16.inquiry", 96);
        // SCCS and 3PC, and the standards that it claims.
        real[5] &= 0x7f & ~0x08;
        Arrays.fill(real, 58, 96, (byte) 0);
        assertThat(page).isEqualTo(real);
    }

    @Test
    void targetPortGroupsAreThoseOfLio() {
        assertThat(raw.portGroups().data()).isEqualTo(real("lio-tpg16.rtpg", 28));
    }

    @Test
    void extendedHeaderIsThatOfLioWhichDoesNotCountAllOfIt() {
        byte[] page = raw.portGroupsExtended().data();
        assertThat(Arrays.copyOf(page, 28)).isEqualTo(real("lio-tpg16.rtpg-ext", 28));
        assertThat(page).hasSize(32);
    }

    @Test
    void capacityIsThatOfLio() {
        assertThat(raw.send("9e 10 0000000000000000 00000020 00 00").data()).isEqualTo(real("lio-tpg16.readcap16", 32));
    }

    @Test
    void provisioningIsThatOfLio() {
        assertThat(raw.vpd(0xb2).data()).isEqualTo(real("lio-tpg16.vpd0xb2", 8));
    }

    @Test
    void characteristicsAreThoseOfADiskOfQemu() {
        array.unit(0).rotation(0);
        assertThat(raw.vpd(0xb1).data()).isEqualTo(real("qemu-scsi.vpd0xb1", 64));
    }

    @Test
    void supportedPagesAreThoseOfQemu() {
        assertThat(raw.vpd(0x00).data()).isEqualTo(real("qemu-scsi.vpd0x00", 10));
    }

    @Test
    void targetPortGroupsAreThoseOfScsiDebugWhichIgnoresTheExtendedHeader() {
        var debug = SimScsiArray.in(SimWorld.seeded(1), "debug")
                .supportedStates(0x0f)
                .extendedHeader(SimExtendedHeader.IGNORED);
        SimTargetPort port = debug.addPort("a", 0x200);
        debug.addPort("b", 0x280);
        SimLogicalUnit unit = debug.addUnit(0, 8, 512);
        unit.alua(0x200, SimAluaState.NON_OPTIMIZED);
        byte[] page = new Raw(SimNexus.iscsi(port, new PathPort("host4")), 0)
                .portGroupsExtended()
                .data();

        byte[] real = real("scsi-debug.rtpg-ext", 28);
        // Its second group supports less than the first, and neither was ever moved.
        real[17] = 0x0f;
        real[16] = 0x00;
        page[9] = 0;
        assertThat(page).isEqualTo(real);
    }

    @Test
    void unmapLimitsAreAtTheirPlaces() {
        SimLogicalUnit unit =
                array.addUnit(1, 1 << 20, 4096).maxCompareAndWrite(4).maxTransfer(0x1234);
        assertThat(unit.blocks()).isEqualTo(1 << 20);
        Raw second = new Raw(SimNexus.iscsi(array.port("a"), new PathPort("host5")), 1);
        assertThat(HexFormat.of().formatHex(second.vpd(0xb0).data()))
                .isEqualTo("00b0003c0104000100001234000012340000000000004000000000400000000180000000"
                        + "00000000000010000000000000000000000000000000000000000000");
        assertThat(HexFormat.of().formatHex(second.vpd(0xb2).data())).isEqualTo("00b2000400c40200");
    }

    private static byte[] real(String name, int size) {
        try (InputStream in = SimPagesTest.class.getResourceAsStream("/vectors/" + name + ".hex")) {
            String digits = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.joining())
                    .replace(" ", "");
            return Arrays.copyOf(HexFormat.of().parseHex(digits), size);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
