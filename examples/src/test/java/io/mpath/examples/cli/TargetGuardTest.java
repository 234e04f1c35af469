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

    private static TargetGuard guard(Kind kind, Optional<String> inUse) {
        return new TargetGuard(node -> kind, node -> inUse);
    }

    @Test
    void blockDeviceIsWrittenOnlyWithPermission() {
        TargetGuard guard = guard(Kind.BLOCK_DEVICE, Optional.empty());

        assertThatThrownBy(() -> guard.requireWritable(NODE, false))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--destroy-data");
        assertThatCode(() -> guard.requireWritable(NODE, true)).doesNotThrowAnyException();
    }

    @Test
    void deviceInUseIsNotWrittenEvenWithPermission() {
        TargetGuard guard = guard(Kind.BLOCK_DEVICE, Optional.of("/dev/disk1 is mounted on /home"));

        assertThatThrownBy(() -> guard.requireWritable(NODE, true))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("/dev/disk1 is mounted on /home");
    }

    @Test
    void fileNeedsNoPermission() {
        assertThatCode(() -> guard(Kind.FILE, Optional.empty()).requireWritable(NODE, false))
                .doesNotThrowAnyException();
    }

    @Test
    void fileInUseIsNotWritten() {
        TargetGuard guard = guard(Kind.FILE, Optional.of("it is used as swap"));

        assertThatThrownBy(() -> guard.requireWritable(NODE, true)).hasMessageContaining("used as swap");
    }

    @Test
    void thisMachinesNodesAreRecognised() {
        TargetGuard guard = TargetGuard.system();

        assertThatThrownBy(() -> guard.require(Path.of("/dev/null"))).hasMessageContaining("neither");
        assertThatThrownBy(() -> guard.require(Path.of("/nowhere/disk"))).hasMessageContaining("there is no");
        assertThat(guard.require(Path.of("/proc/self/status"))).isEqualTo(Kind.FILE);
    }
}
