package io.mpath.nvme.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Environment;
import io.mpath.nvme.NvmeController;
import io.mpath.nvme.NvmeSettings;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathPort;
import io.mpath.sim.ContractDriver;
import io.mpath.sim.DevicePathContract;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What every transport has to do, of paths through the emulated subsystem. */
class SimNvmeContractTest {
    private static final String NQN = "nqn.2026-01.io.mpath:contract";
    private static final int BLOCKS = 8192;
    private static final int BLOCK = 512;

    @Test
    void pathKeepsItsContractInVirtualTime() {
        var world = SimWorld.seeded(1);
        DevicePathContract.verify(
                () -> new Candidate(SimSubsystem.in(world, NQN), controller -> controller), ContractDriver.in(world));
    }

    /** There is no log to wait for: a path is ready as soon as it is attached. */
    @Test
    void pathWithoutAnaKeepsItsContract() {
        var world = SimWorld.seeded(4);
        DevicePathContract.verify(
                () -> new Candidate(SimSubsystem.in(world, NQN).withoutAna(), controller -> controller),
                ContractDriver.in(world));
    }

    @Test
    void pathThatCanDoLittleAndIsSlowKeepsItsContract() {
        var world = SimWorld.seeded(2);
        UnaryOperator<SimController> poor = controller -> controller
                .withoutFusedCommands()
                .optionalCommands(0)
                .maxTransfer(1)
                .latency(Duration.ofMillis(1), Duration.ofMillis(9));
        DevicePathContract.verify(() -> new Candidate(SimSubsystem.in(world, NQN), poor), ContractDriver.in(world));
    }

    @Test
    void pathKeepsItsContractInRealTime() {
        Environment system = Environment.system();
        try {
            DevicePathContract.verify(
                    () -> new Candidate(SimSubsystem.inRealTime(system, NQN), controller -> controller),
                    ContractDriver.inRealTime(system));
        } finally {
            system.stop().run();
        }
    }

    @Test
    void controllerThatForgetsWritesIsCaught() {
        var world = SimWorld.seeded(3);
        UnaryOperator<SimController> forgetful = controller ->
                controller.script(command -> command.changes() ? SimFate.answeredWithoutEffect() : SimFate.normal());
        assertThat(DevicePathContract.check(
                        () -> new Candidate(SimSubsystem.in(world, NQN), forgetful), ContractDriver.in(world)))
                .anyMatch(line -> line.contains("read back"));
    }

    /** Of a subsystem of its own. */
    private record Candidate(SimSubsystem subsystem, UnaryOperator<SimController> kind) implements PathCandidate {
        @Override
        public String name() {
            return "nvme0n1";
        }

        @Override
        public String transport() {
            return "nvme";
        }

        @Override
        public DevicePath open() {
            subsystem.addNamespace(1, BLOCKS, BLOCK);
            SimController controller = kind.apply(subsystem.addController("nvme0"));
            SimNvmeTransport transport = SimNvmeTransport.tcp(controller, new PathPort("nvme0"));
            return new NvmeController(transport, NvmeSettings.defaults()).open(1, name());
        }
    }
}
