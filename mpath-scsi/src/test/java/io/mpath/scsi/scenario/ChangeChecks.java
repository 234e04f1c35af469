package io.mpath.scsi.scenario;

import static io.mpath.scsi.scenario.ScsiScenarios.expect;
import static io.mpath.scsi.scenario.ScsiScenarios.expectDone;
import static io.mpath.scsi.scenario.ScsiScenarios.expectSense;

import io.mpath.scsi.command.ScsiResult;
import java.util.List;
import java.util.Optional;

/** What happens when the target, or the way to it, changes under its hosts. */
final class ChangeChecks {
    private static final int CAPACITY_CHANGED = 0x062a09;

    private ChangeChecks() {}

    static List<ScenarioCheck> all() {
        return List.of(
                new ScenarioCheck(
                        "logical unit that grew says so to every nexus, and is larger through every port",
                        "SBC-4 4.10 CAPACITY DATA HAS CHANGED",
                        ChangeChecks::grown),
                new ScenarioCheck(
                        "nexus that was lost is told so, and no other",
                        "SAM-6 6.4, SPC-6 29h I_T NEXUS LOSS OCCURRED",
                        ChangeChecks::lost));
    }

    private static Optional<String> grown(ScenarioBench bench, List<ScenarioPort> ports) {
        long before = ports.get(0).capacity().blocks();
        if (!bench.grow()) {
            return Optional.of("the bench cannot let it grow");
        }
        for (ScenarioPort port : ports) {
            expectSense(port.ready(), CAPACITY_CHANGED, port + ": what comes first after it grew");
            long now = port.capacity().blocks();
            expect(now > before, "%s still has %d blocks", port, now);
            port.read(now - 1, 1);
        }
        return Optional.empty();
    }

    private static Optional<String> lost(ScenarioBench bench, List<ScenarioPort> ports) {
        ScenarioPort port = ports.get(0);
        var id = port.identification().deviceId();
        if (!bench.loseNexus(0)) {
            return Optional.of("its nexus cannot be lost");
        }
        ScsiResult first = port.ready();
        boolean told = ScenarioPort.isAttention(first) && (ScenarioPort.codes(first) >> 8 & 0xff) == 0x29;
        expect(told, "what comes first is %s", first);
        port.settle();
        expect(port.identification().deviceId().equals(id), "it is another one");
        for (ScenarioPort other : ports.subList(1, ports.size())) {
            expectDone(other.ready(), "TEST UNIT READY through " + other);
        }
        return Optional.empty();
    }
}
