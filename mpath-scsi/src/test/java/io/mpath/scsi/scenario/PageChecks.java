package io.mpath.scsi.scenario;

import static io.mpath.scsi.scenario.ScsiScenarios.expect;
import static io.mpath.scsi.scenario.ScsiScenarios.expectSense;

import io.mpath.scsi.command.Capacity;
import io.mpath.scsi.command.DeviceIdentification;
import io.mpath.scsi.command.Inquiry;
import io.mpath.scsi.command.ReadCapacity10;
import io.mpath.scsi.command.ReportLuns;
import io.mpath.scsi.command.ReportedLuns;
import io.mpath.scsi.command.ScsiCommand.Transfer;
import io.mpath.scsi.command.SupportedVpdPages;
import io.mpath.scsi.command.UnitSerialNumber;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a logical unit says of itself. */
final class PageChecks {
    private static final int INVALID_FIELD_IN_CDB = 0x052400;
    private static final int INVALID_OPCODE = 0x052000;
    private static final int NOT_A_PAGE = 0x5e;
    private static final byte[] NOT_A_COMMAND = {0x1f, 0, 0, 0, 0, 0};

    private PageChecks() {}

    static List<ScenarioCheck> all() {
        return List.of(
                ScenarioCheck.ofEach(
                        "standard data is that of a disk",
                        "SPC-6 6.6.2",
                        (bench, port) -> expect(port.inquiry().isDisk(), "%s: %s", port, port.inquiry())),
                ScenarioCheck.ofEach(
                        "every page that is listed is there", "SPC-6 7.7.17", (bench, port) -> listedPages(port)),
                ScenarioCheck.ofEach(
                        "page that is not there is refused as such",
                        "SPC-6 6.6.1 INVALID FIELD IN CDB",
                        (bench, port) -> expectSense(
                                port.end(Inquiry.vpd(NOT_A_PAGE, 64)), INVALID_FIELD_IN_CDB, "VPD page 5Eh")),
                ScenarioCheck.ofEach(
                        "allocation length cuts a page and changes nothing of it",
                        "SPC-6 4.2.5.6",
                        (bench, port) -> cut(port)),
                ScenarioCheck.of(
                        "logical unit is the same through every port", "SPC-6 7.7.6", (bench, ports) -> same(ports)),
                ScenarioCheck.of(
                        "each port tells its own relative identifier",
                        "SPC-6 7.7.6.7",
                        (bench, ports) -> ownPorts(ports)),
                ScenarioCheck.ofEach(
                        "both forms of READ CAPACITY agree", "SBC-4 5.20, 5.21", (bench, port) -> capacities(port)),
                ScenarioCheck.ofEach("REPORT LUNS lists a logical unit", "SPC-6 6.33", (bench, port) -> luns(port)),
                ScenarioCheck.ofEach(
                        "unknown operation code is refused as such",
                        "SPC-6 INVALID COMMAND OPERATION CODE",
                        (bench, port) -> expectSense(
                                port.raw(NOT_A_COMMAND, Transfer.NONE, null), INVALID_OPCODE, "opcode 1Fh")));
    }

    private static void listedPages(ScenarioPort port) {
        SupportedVpdPages pages = SupportedVpdPages.decode(port.vpd(SupportedVpdPages.CODE));
        expect(
                pages.has(SupportedVpdPages.CODE) && pages.has(DeviceIdentification.CODE),
                "%s lists pages %s",
                port,
                pages.codes());
        for (int code : pages.codes()) {
            int told = port.vpd(code).get(1) & 0xff;
            expect(told == code, "%s gives page %02xh for page %02xh", port, told, code);
        }
    }

    private static void cut(ScenarioPort port) {
        ByteBuffer all = port.vpd(DeviceIdentification.CODE);
        ByteBuffer some = port.data(Inquiry.vpd(DeviceIdentification.CODE, 8));
        expect(some.remaining() == 8, "%s gives %d bytes for 8", port, some.remaining());
        expect(all.slice(0, 8).equals(some), "%s gives other bytes when it is asked for 8", port);
    }

    private static void same(List<ScenarioPort> ports) {
        ScenarioPort first = ports.get(0);
        var id = first.identification().deviceId();
        expect(id.isPresent(), "%s has no identity", first);
        for (ScenarioPort port : ports) {
            expect(port.identification().deviceId().equals(id), "%s has another identity than %s", port, first);
            expect(serial(port).equals(serial(first)), "%s has another serial number than %s", port, first);
            expect(port.capacity().equals(first.capacity()), "%s has another capacity than %s", port, first);
            expect(
                    port.inquiry().vendor().equals(first.inquiry().vendor())
                            && port.inquiry().product().equals(first.inquiry().product()),
                    "%s has another make than %s",
                    port,
                    first);
        }
    }

    private static Optional<String> serial(ScenarioPort port) {
        return port.hasVpd(UnitSerialNumber.CODE)
                ? Optional.of(
                        UnitSerialNumber.decode(port.vpd(UnitSerialNumber.CODE)).serialNumber())
                : Optional.empty();
    }

    private static void ownPorts(List<ScenarioPort> ports) {
        Set<Integer> seen = new HashSet<>();
        for (ScenarioPort port : ports) {
            int own = port.identification().relativeTargetPort().orElse(0);
            expect(own > 0, "%s tells no relative identifier", port);
            expect(seen.add(own), "%s has the relative identifier %d of another", port, own);
        }
    }

    private static void capacities(ScenarioPort port) {
        Capacity longer = port.capacity();
        Capacity.decode10(port.data(new ReadCapacity10())).ifPresent(shorter -> {
            expect(
                    shorter.blocks() == longer.blocks() && shorter.blockBytes() == longer.blockBytes(),
                    "%s: %s and %s",
                    port,
                    shorter,
                    longer);
        });
    }

    private static void luns(ScenarioPort port) {
        ReportedLuns luns = ReportedLuns.decode(port.data(new ReportLuns(4096)));
        expect(!luns.luns().isEmpty(), "%s lists none", port);
    }
}
