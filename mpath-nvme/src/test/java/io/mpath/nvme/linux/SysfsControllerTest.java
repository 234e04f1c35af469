package io.mpath.nvme.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Liveness;
import io.mpath.path.PathPort;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SysfsControllerTest {
    @TempDir
    Path directory;

    private FakeHost host;
    private SysfsController controller;

    @BeforeEach
    void begin() {
        host = new FakeHost(directory).controller("nvme3");
        controller = find();
    }

    private SysfsController find() {
        return SysfsController.find(host.machine().sysfs(), "nvme3").orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "new, CONNECTING",
        "live, LIVE",
        "resetting, RESETTING",
        "connecting, CONNECTING",
        "deleting, DELETING",
        "deleting (no IO), DELETING",
        "dead, DEAD",
        "unknown state: 9, "
    })
    void kernelsStateIsALiveness(String state, @Nullable Liveness liveness) {
        host.state("nvme3", state);

        assertThat(controller.liveness()).isEqualTo(liveness);
    }

    @Test
    void controllerThatVanishedIsDead() {
        host.remove("class/nvme/nvme3");

        assertThat(controller.liveness()).isEqualTo(Liveness.DEAD);
        assertThat(controller.exists()).isFalse();
    }

    @Test
    void controllerOfTheSameNameIsAnotherLife() {
        host.remove("class/nvme/nvme3").controller("nvme3");

        assertThat(controller.liveness()).isEqualTo(Liveness.DEAD);
        assertThat(find().liveness()).isEqualTo(Liveness.LIVE);
        assertThat(find().life()).isNotEqualTo(controller.life()).isEqualTo(find().life());
    }

    @Test
    void stateThatCannotBeReadIsNone() {
        host.remove("class/nvme/nvme3/state");

        assertThat(controller.liveness()).isNull();
    }

    @Test
    void keepAliveIsInSeconds() {
        assertThat(controller.keepAliveMillis()).hasValue(5000);
        host.remove("class/nvme/nvme3/kato");
        assertThat(controller.keepAliveMillis()).isEmpty();
    }

    @Test
    void portKnowsItsMemoryNodeAndLeavesTimingToTheKernel() {
        host.attribute("class/nvme/nvme3/numa_node", "1");

        PathPort port = controller.port();

        assertThat(port.name()).isEqualTo("nvme3");
        assertThat(port.numaNode()).isEqualTo(1);
        assertThat(port.timeouts()).isEqualTo(PathPort.Timeouts.NONE);
    }
}
