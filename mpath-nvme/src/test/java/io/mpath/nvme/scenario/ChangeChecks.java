package io.mpath.nvme.scenario;

import static io.mpath.nvme.scenario.NvmeScenarios.expect;
import static io.mpath.nvme.scenario.NvmeScenarios.expectStatus;

import io.mpath.nvme.command.AnaGroup;
import io.mpath.nvme.command.AnaState;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.nvme.command.NamespaceDescriptors;
import io.mpath.sim.LoneRequest;
import java.util.List;
import java.util.Optional;

/** What happens when the target changes under its hosts. */
final class ChangeChecks {
    private ChangeChecks() {}

    static List<ScenarioCheck> all() {
        return List.of(
                ScenarioCheck.of(
                        "ANA state decides how I/O commands end, through its own port alone",
                        "Base 2.1 8.1.1.4 to 8.1.1.8, 4.2.3.4",
                        ChangeChecks::states),
                ScenarioCheck.of(
                        "change counts move when a state changes, and only then",
                        "Base 2.1 5.1.12.1.13 Change Count",
                        ChangeChecks::counts),
                new ScenarioCheck(
                        "namespace that grew is larger through every port",
                        "NVM 1.1 4.1.5.1 NSZE",
                        ChangeChecks::grown),
                ScenarioCheck.of(
                        "controller is who it was after its connection was reset",
                        "Base 2.1 3.1.3, 5.1.13.2.1; Base 2.3 CIU, CIRN",
                        ChangeChecks::reset));
    }

    private static void states(ScenarioBench bench, List<ScenarioPort> ports) {
        ScenarioPort port = ports.get(0);
        try {
            for (AnaState state : AnaState.values()) {
                bench.anaState(0, state);
                expect(port.state() == state, "the log says %s in state %s", port.state(), state);
                expectStatus(port.status(read(port)), status(state), "a read in state " + state);
                expectStatus(port.status(write(port)), status(state), "a write in state " + state);
                for (ScenarioPort other : ports.subList(1, ports.size())) {
                    expect(other.state() == AnaState.OPTIMIZED, "another port is %s in state %s", other.state(), state);
                    other.succeeds(read(other));
                }
            }
        } finally {
            bench.anaState(0, AnaState.OPTIMIZED);
        }
        port.succeeds(read(port));
    }

    private static int status(AnaState state) {
        return switch (state) {
            case OPTIMIZED, NON_OPTIMIZED -> 0;
            case INACCESSIBLE -> 0x302;
            case PERSISTENT_LOSS -> 0x301;
            case CHANGE -> 0x303;
        };
    }

    private static void counts(ScenarioBench bench, List<ScenarioPort> ports) {
        ScenarioPort port = ports.get(0);
        try {
            long log = port.anaLog().changeCount();
            AnaGroup group = port.group();
            expect(port.anaLog().changeCount() == log, "the log's count moves by itself");
            bench.anaState(0, AnaState.NON_OPTIMIZED);
            expect(port.anaLog().changeCount() != log, "the log's count is still %d", log);
            expect(port.group().changeCount() != group.changeCount(), "the group's is still %d", group.changeCount());
        } finally {
            bench.anaState(0, AnaState.OPTIMIZED);
        }
    }

    private static Optional<String> grown(ScenarioBench bench, List<ScenarioPort> ports) {
        long before = ports.get(0).blocks();
        if (!bench.grow()) {
            return Optional.of("the bench cannot let it grow");
        }
        for (ScenarioPort port : ports) {
            long now = port.blocks();
            expect(now > before, "%s still has %d blocks", port.transport().port(), now);
            port.read(now - 1, 1);
        }
        return Optional.empty();
    }

    private static void reset(ScenarioBench bench, List<ScenarioPort> ports) {
        ScenarioPort port = ports.get(0);
        IdentifyController before = port.controllerPage();
        NamespaceDescriptors descriptors = port.descriptors();
        bench.resetConnection(0);
        IdentifyController after = port.controllerPage();
        expect(after.subsystemNqn().equals(before.subsystemNqn()), "it is of %s", after.subsystemNqn());
        expect(port.descriptors().equals(descriptors), "its namespace is %s", port.descriptors());
        if (before.instanceUniquifier() != 0) {
            expect(
                    after.instanceUniquifier() != before.instanceUniquifier(),
                    "CIU is still %d",
                    after.instanceUniquifier());
            expect(after.instanceRandomNumber() != before.instanceRandomNumber(), "CIRN is the same");
        }
        port.succeeds(read(port));
    }

    private static LoneRequest read(ScenarioPort port) {
        return LoneRequest.read(0, port.blockBytes());
    }

    private static LoneRequest write(ScenarioPort port) {
        return LoneRequest.write(0, new byte[port.blockBytes()]);
    }
}
