package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LostMemoryTest {
    private final SteppedControl control = new SteppedControl();
    private final TransferMemory memory = new TransferMemory(Syscalls.system(), 4096, 512);

    @Test
    void memoryIsKeptUntilItsWriteCanTakeNoEffect() {
        LostMemory.keep(memory, control, Duration.ofSeconds(60).toNanos());
        control.runLoop();
        assertThat(LostMemory.keeps(memory)).isTrue();
        assertThat(control.runNextTimer()).isEqualTo(Duration.ofSeconds(60));

        assertThat(LostMemory.keeps(memory)).isFalse();
    }

    @Test
    void memoryIsKeptForGoodWhereTimeAloneIsNoFence() {
        LostMemory.keep(memory, control, Long.MAX_VALUE);

        assertThat(LostMemory.keeps(memory)).isTrue();
        assertThat(control.timersPending()).isZero();
    }
}
