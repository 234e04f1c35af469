package io.mpath.scsi.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Environment;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathPort;
import io.mpath.scsi.ScsiHost;
import io.mpath.scsi.ScsiSettings;
import io.mpath.sim.ContractDriver;
import io.mpath.sim.DevicePathContract;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What every transport has to do, of paths through the emulated array. */
class SimScsiContractTest {
    private static final String NAME = "iqn.2026-01.io.mpath:contract";
    private static final int BLOCKS = 8192;
    private static final int BLOCK = 512;

    @Test
    void pathKeepsItsContractInVirtualTime() {
        var world = SimWorld.seeded(1);
        DevicePathContract.verify(() -> new Candidate(SimScsiArray.in(world, NAME), array -> {}), driver(world));
    }

    @Test
    void pathThatCanDoLittleAndIsSlowKeepsItsContract() {
        var world = SimWorld.seeded(2);
        Consumer<SimScsiArray> poor = array -> {
            array.withDescriptorSense().withoutAlua();
            array.port("a").latency(Duration.ofMillis(1), Duration.ofMillis(9));
            array.unit(0)
                    .withoutUnmap()
                    .withoutWriteSame()
                    .maxCompareAndWrite(0)
                    .maxTransfer(16)
                    .withVolatileCache();
        };
        DevicePathContract.verify(() -> new Candidate(SimScsiArray.in(world, NAME), poor), driver(world));
    }

    @Test
    void pathKeepsItsContractInRealTime() {
        Environment system = Environment.system();
        try {
            DevicePathContract.verify(
                    () -> new Candidate(SimScsiArray.inRealTime(system, NAME), array -> {}),
                    ContractDriver.inRealTime(system));
        } finally {
            system.stop().run();
        }
    }

    @Test
    void arrayThatForgetsWritesIsCaught() {
        var world = SimWorld.seeded(3);
        Consumer<SimScsiArray> forgetful = array -> array.port("a")
                .script(command -> command.changes() ? SimFate.answeredWithoutEffect() : SimFate.normal());
        assertThat(DevicePathContract.check(
                        () -> new Candidate(SimScsiArray.in(world, NAME), forgetful), driver(world)))
                .anyMatch(line -> line.contains("read back"));
    }

    private static ContractDriver driver(SimWorld world) {
        return ContractDriver.in(world);
    }

    /** Of an array of its own. */
    private record Candidate(SimScsiArray array, Consumer<SimScsiArray> kind) implements PathCandidate {
        @Override
        public String name() {
            return "sda";
        }

        @Override
        public String transport() {
            return "scsi";
        }

        @Override
        public DevicePath open() {
            SimTargetPort port = array.addPort("a", 1);
            array.addUnit(0, BLOCKS, BLOCK);
            kind.accept(array);
            SimNexus nexus = SimNexus.iscsi(port, new PathPort("host4"));
            return new ScsiHost(ScsiSettings.defaults()).open(new SimScsiTransport(nexus, 0), name());
        }
    }
}
