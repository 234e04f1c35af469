package io.mpath.nvme.scenario;

import static io.mpath.nvme.scenario.NvmeScenarios.expect;
import static io.mpath.nvme.scenario.NvmeScenarios.expectStatus;

import io.mpath.nvme.command.AnaGroup;
import io.mpath.nvme.command.AnaLog;
import io.mpath.nvme.command.AnaLogHeader;
import io.mpath.nvme.command.AnaState;
import io.mpath.nvme.command.Feature;
import io.mpath.nvme.command.GetFeatures;
import io.mpath.nvme.command.GetLogPage;
import io.mpath.nvme.command.HostIdentifier;
import io.mpath.nvme.command.NamespaceIds;
import io.mpath.nvme.command.NvmeStatus;
import java.util.List;
import java.util.stream.Collectors;

/** The ANA log, and features. */
final class LogAndFeatureChecks {
    private static final int UNKNOWN_LOG = 0x7d;
    private static final int LOG_BYTES = 4096;

    private LogAndFeatureChecks() {}

    static List<ScenarioCheck> all() {
        return List.of(
                ScenarioCheck.ofEach(
                        "ANA log has the namespace in its group alone, optimized",
                        "Base 2.1 5.1.12.1.13, 8.1.1",
                        (bench, port) -> anaLog(bench, port)),
                ScenarioCheck.ofEach(
                        "ANA log of groups only names no namespaces",
                        "Base 2.1 5.1.12.1.13 RGO",
                        (bench, port) -> groupsOnly(port)),
                ScenarioCheck.ofEach(
                        "ANA log can be read in pieces",
                        "Base 2.1 5.1.12 LPO, LPA bit 2",
                        (bench, port) -> pieces(port)),
                ScenarioCheck.ofEach(
                        "unknown log page is refused as such",
                        "Base 2.1 5.1.12",
                        (bench, port) -> expectStatus(
                                port.adminStatus(new GetLogPage(UNKNOWN_LOG, 0, true, NamespaceIds.ALL, 0, 512)),
                                0x109,
                                "log page 7Dh")),
                ScenarioCheck.ofEach(
                        "keep-alive time-out is the one in force",
                        "Base 2.1 5.1.25.1.9",
                        (bench, port) -> keepAlive(port)),
                ScenarioCheck.ofEach(
                        "volatile write cache is a feature where there is one",
                        "Base 2.1 5.1.25.1.4 VWC",
                        (bench, port) -> cache(port)),
                ScenarioCheck.ofEach(
                        "host is identified by 128 bits that are not all zero",
                        "Base 2.1 5.1.25.1.28",
                        (bench, port) -> hostIdentifier(port)));
    }

    private static void anaLog(ScenarioBench bench, ScenarioPort port) {
        AnaLog log = port.anaLog();
        List<AnaGroup> having = log.groups().stream()
                .filter(group -> group.namespaces().contains(bench.nsid()))
                .collect(Collectors.toList());
        expect(having.size() == 1, "it is in %d groups", having.size());
        AnaGroup group = having.get(0);
        expect(
                group.id() == port.namespacePage().anaGroupId(),
                "Identify says group %d",
                port.namespacePage().anaGroupId());
        expect(group.state() == AnaState.OPTIMIZED, "it is %s", group.state());
    }

    private static void groupsOnly(ScenarioPort port) {
        AnaLog all = port.anaLog();
        AnaLog groups = AnaLog.decode(
                port.admin(GetLogPage.anaGroups(0, LOG_BYTES)),
                port.controllerPage().anaGroupIdMax());
        expect(
                groups.groups().size() == all.groups().size(),
                "it has %d groups",
                groups.groups().size());
        for (AnaGroup group : groups.groups()) {
            expect(group.namespaces().size() == 0, "group %d lists %s", group.id(), group.namespaces());
        }
        AnaLogHeader header = AnaLogHeader.decode(port.admin(GetLogPage.anaHeader()));
        expect(header.changeCount() == all.changeCount(), "its change count is %d", header.changeCount());
    }

    private static void pieces(ScenarioPort port) {
        expect(port.controllerPage().logPageOffset(), "LPA bit 2 is clear");
        byte[] whole = bytes(port, 0, 64);
        byte[] behind = bytes(port, 16, 32);
        for (int i = 0; i < behind.length; i++) {
            expect(whole[16 + i] == behind[i], "byte %d is another one in a piece", 16 + i);
        }
    }

    private static byte[] bytes(ScenarioPort port, long offset, int length) {
        byte[] read = new byte[length];
        port.admin(GetLogPage.ana(offset, length)).get(0, read);
        return read;
    }

    private static void keepAlive(ScenarioPort port) {
        int value = port.result(GetFeatures.value(Feature.KEEP_ALIVE_TIMER));
        port.transport()
                .keepAliveMillis()
                .ifPresent(known -> expect(
                        Integer.toUnsignedLong(value) >= known,
                        "it says %d ms, and was asked for %d ms",
                        value,
                        known));
    }

    private static void cache(ScenarioPort port) {
        NvmeStatus status = port.adminStatus(GetFeatures.value(Feature.VOLATILE_WRITE_CACHE));
        if (port.controllerPage().volatileWriteCache()) {
            expectStatus(status, 0, "Get Features");
        } else {
            expectStatus(status, 0x002, "Get Features without a cache");
        }
    }

    private static void hostIdentifier(ScenarioPort port) {
        expect(port.controllerPage().extendedHostIdentifier(), "CTRATT bit 0 is clear");
        HostIdentifier id = HostIdentifier.decode(port.admin(GetFeatures.hostIdentifier(true)), true);
        expect(!id.equals(HostIdentifier.of(new byte[16])), "it is %s", id);
    }
}
