package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DescriptorTest {
    private final ScriptedCalls calls = new ScriptedCalls();
    private final Descriptor descriptor =
            new Descriptor(calls, calls.open(Path.of("/dev/zero").toString(), Syscalls.O_RDONLY));

    @Test
    void lastThreadOutClosesIt() {
        assertThat(descriptor.enter()).isTrue();
        descriptor.close(() -> calls.calls.add("told"));

        assertThat(calls.calls).doesNotContain("close");
        descriptor.leave();
        assertThat(calls.calls).endsWith("close", "told");
    }

    @Test
    void nobodyGetsInWhileItIsClosing() {
        assertThat(descriptor.enter()).isTrue();
        descriptor.close(() -> {});

        assertThat(descriptor.enter()).isFalse();
        descriptor.leave();
        assertThat(calls.calls).containsOnlyOnce("close");
    }

    @Test
    void leavingDoesNotCloseWhatIsStillOpenForOthers() {
        assertThat(descriptor.enter()).isTrue();
        descriptor.leave();

        assertThat(calls.calls).doesNotContain("close");
        descriptor.close(() -> {});
        assertThat(calls.calls).endsWith("close");
    }
}
