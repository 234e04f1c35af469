package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.examples.cli.TargetGuard.Kind;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetGuardTest {
    private static final Path NODE = Path.of("/dev/disk");
    private static final Path GENERIC = Path.of("/dev/ng7n2");
    private static final Path BLOCK = Path.of("/dev/nvme7n2");

    private static TargetGuard guard(Kind kind, Optional<String> inUse) {
        return new TargetGuard(node -> kind, node -> inUse);
    }

    private static Use use(boolean destroyData) {
        return new Use(true, destroyData, 512, 1);
    }

    /** Of the character device beside NODE. */
    private static TargetGuard guardOfGeneric(Optional<String> inUse) {
        return new TargetGuard(
                node -> node.equals(GENERIC)
                        ? Kind.NVME_GENERIC
                        : node.equals(BLOCK) ? Kind.BLOCK_DEVICE : Kind.MISSING,
                node -> node.equals(BLOCK) ? inUse : Optional.empty());
    }

    @Test
    void blockDeviceIsWrittenOnlyWithPermission() {
        TargetGuard guard = guard(Kind.BLOCK_DEVICE, Optional.empty());

        assertThatThrownBy(() -> guard.requireWritable(NODE, use(false)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--destroy-data");
        assertThatCode(() -> guard.requireWritable(NODE, use(true))).doesNotThrowAnyException();
    }

    @Test
    void deviceInUseIsNotWrittenEvenWithPermission() {
        TargetGuard guard = guard(Kind.BLOCK_DEVICE, Optional.of("/dev/disk1 is mounted on /home"));

        assertThatThrownBy(() -> guard.requireWritable(NODE, use(true)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("/dev/disk1 is mounted on /home");
    }

    @Test
    void fileNeedsNoPermission() {
        assertThatCode(() -> guard(Kind.FILE, Optional.empty()).requireWritable(NODE, use(false)))
                .doesNotThrowAnyException();
    }

    @Test
    void fileInUseIsNotWritten() {
        TargetGuard guard = guard(Kind.FILE, Optional.of("it is used as swap"));

        assertThatThrownBy(() -> guard.requireWritable(NODE, use(true))).hasMessageContaining("used as swap");
    }

    @Test
    void nvmeCharacterDeviceIsInUseWhenItsBlockDeviceIs() {
        TargetGuard used = guardOfGeneric(Optional.of("/dev/nvme7n2p1 is mounted on /home"));

        assertThatThrownBy(() -> used.requireWritable(GENERIC, use(true)))
                .hasMessageContaining("will not write to /dev/ng7n2: /dev/nvme7n2p1 is mounted on /home");
        assertThatCode(() -> guardOfGeneric(Optional.empty()).requireWritable(GENERIC, use(true)))
                .doesNotThrowAnyException();
    }

    @Test
    void nvmeCharacterDeviceIsWrittenOnlyWithPermission() {
        assertThatThrownBy(() -> guardOfGeneric(Optional.empty()).requireWritable(GENERIC, use(false)))
                .hasMessageContaining("--destroy-data");
    }

    @Test
    void nvmeCharacterDeviceIsNoPlainPath() {
        assertThatThrownBy(() -> guardOfGeneric(Optional.empty()).require(GENERIC))
                .hasMessage("/dev/ng7n2 is no plain path, but /dev/nvme7n2 beside it may be one");
    }

    @Test
    void thisMachinesNodesAreRecognised() {
        TargetGuard guard = TargetGuard.system();

        assertThatThrownBy(() -> guard.require(Path.of("/dev/null"))).hasMessageContaining("neither");
        assertThatThrownBy(() -> guard.require(Path.of("/nowhere/disk"))).hasMessageContaining("there is no");
        assertThat(guard.require(Path.of("/proc/self/status"))).isEqualTo(Kind.FILE);
    }
}
