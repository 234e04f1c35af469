package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.path.PathControl;
import org.junit.jupiter.api.Test;

class LostMemoryTest {
    private final SteppedControl control = new SteppedControl();
    private final TransferMemory memory = new TransferMemory(Syscalls.system(), 4096, 512);

    @Test
    void memoryIsKeptUntilItsWriteCanTakeNoEffect() {
        LostMemory.keep(memory, control);
        control.runLoop();
        assertThat(LostMemory.keeps(memory)).isTrue();
        assertThat(control.runNextTimer()).isEqualTo(SteppedControl.HOLD);

        assertThat(LostMemory.keeps(memory)).isFalse();
    }

    @Test
    void memoryOfAPathThatReportsToNobodyIsKeptForGood() {
        LostMemory.keep(memory, (PathControl) null);

        assertThat(LostMemory.keeps(memory)).isTrue();
    }
}
