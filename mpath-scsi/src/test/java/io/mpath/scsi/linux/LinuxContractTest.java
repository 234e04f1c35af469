package io.mpath.scsi.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Environment;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathPort;
import io.mpath.scsi.sim.SimFate;
import io.mpath.scsi.sim.SimNexus;
import io.mpath.scsi.sim.SimScsiArray;
import io.mpath.sim.ContractDriver;
import io.mpath.sim.DevicePathContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every transport has to do, of the whole stack from a sysfs tree down to SG_IO, which an emulated array answers. */
class LinuxContractTest {
    private final Environment system = Environment.system();
    private int made;

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        system.stop().run();
    }

    private List<String> check(Consumer<SimScsiArray> kind) {
        return DevicePathContract.check(() -> candidate(kind), ContractDriver.inRealTime(system));
    }

    private PathCandidate candidate(Consumer<SimScsiArray> kind) {
        made++;
        var host =
                new FakeHost(real().resolve(Integer.toString(made))).session(3).disk("3:0:0:0", "sda");
        SimScsiArray array = SimScsiArray.inRealTime(system, "iqn.2026-01.io.mpath:sg");
        var port = array.addPort("a", 1);
        array.addUnit(0, 8192, 512);
        kind.accept(array);
        host.ioctls.driver = new SimDriver(SimNexus.iscsi(port, new PathPort("3:0:0")), 0);
        return host.discovery().candidate(host.dev().resolve("sda"));
    }

    private Path real() {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void pathKeepsItsContract() {
        assertThat(check(array -> {})).isEmpty();
    }

    @Test
    void pathToADiskThatCanDoLittleKeepsItsContract() {
        Consumer<SimScsiArray> poor = array -> {
            array.withDescriptorSense().withoutAlua();
            array.unit(0)
                    .withoutUnmap()
                    .withoutWriteSame()
                    .maxCompareAndWrite(0)
                    .maxTransfer(16)
                    .withVolatileCache();
        };

        assertThat(check(poor)).isEmpty();
    }

    @Test
    void arrayThatForgetsWritesIsCaught() {
        assertThat(check(array -> array.port("a")
                        .script(command -> command.changes() ? SimFate.answeredWithoutEffect() : SimFate.normal())))
                .anyMatch(line -> line.contains("read back"));
    }
}
