package io.mpath.nvme.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Environment;
import io.mpath.nvme.sim.SimController;
import io.mpath.nvme.sim.SimFate;
import io.mpath.nvme.sim.SimSubsystem;
import io.mpath.path.PathCandidate;
import io.mpath.sim.ContractDriver;
import io.mpath.sim.DevicePathContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every transport has to do, of the whole stack from a sysfs tree down to ioctls, which an emulated controller answers. */
class LinuxContractTest {
    private final Environment system = Environment.system();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        system.stop().run();
    }

    private List<String> check(String node, UnaryOperator<SimController> kind) {
        return DevicePathContract.check(() -> candidate(node, kind), ContractDriver.inRealTime(system));
    }

    private int made;

    private PathCandidate candidate(String node, UnaryOperator<SimController> kind) {
        made++;
        var host = new FakeHost(directory.resolve(Integer.toString(made)))
                .controller("nvme0")
                .namespace("nvme0", 1, 1);
        SimSubsystem subsystem =
                SimSubsystem.inRealTime(system, "nqn.2026-01.io.mpath:ioctl").withoutAna();
        subsystem.addNamespace(1, 8192, 512);
        SimController controller = kind.apply(subsystem.addController("nvme0"));
        host.ioctls.driver = new SimDriver(controller.associate(reason -> {}, new byte[16], Duration.ZERO, true));
        return host.discovery().candidate(host.dev().resolve(node));
    }

    @Test
    void pathOverABlockDeviceKeepsItsContract() {
        assertThat(check("nvme0n1", controller -> controller)).isEmpty();
    }

    @Test
    void pathOverACharacterDeviceKeepsItsContract() {
        assertThat(check("ng0n1", controller -> controller.optionalCommands(0))).isEmpty();
    }

    @Test
    void controllerThatForgetsWritesIsCaught() {
        assertThat(check(
                        "nvme0n1",
                        controller -> controller.script(
                                command -> command.changes() ? SimFate.answeredWithoutEffect() : SimFate.normal())))
                .anyMatch(line -> line.contains("read back"));
    }
}
