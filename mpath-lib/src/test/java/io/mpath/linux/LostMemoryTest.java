package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LostMemoryTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private long now = Long.MAX_VALUE - 1;
    private final LostMemory lost = new LostMemory(() -> now);
    private final TransferMemory memory = memory();

    private static TransferMemory memory() {
        return new TransferMemory(Syscalls.system(), 4096, 512);
    }

    private void pass(Duration time) {
        now += time.toNanos();
        lost.letGo();
    }

    @Test
    void memoryIsKeptUntilItsWriteCanTakeNoEffect() {
        lost.hold(memory, OptionalLong.of(MINUTE.toNanos()));
        pass(MINUTE.minusNanos(1));
        assertThat(lost.holds(memory)).isTrue();

        pass(Duration.ofNanos(1));

        assertThat(lost.holds(memory)).isFalse();
    }

    @Test
    void memoryOfAWriteOfWhichNobodyTellsIsKeptForAnHour() {
        lost.hold(memory, OptionalLong.empty());
        pass(Duration.ofMinutes(59));
        assertThat(lost.holds(memory)).isTrue();

        pass(MINUTE);

        assertThat(lost.holds(memory)).isFalse();
    }

    @Test
    void whoeverKeepsMemoryLetsGoOfWhatIsOver() {
        lost.hold(memory, OptionalLong.of(MINUTE.toNanos()));
        now += MINUTE.toNanos();

        lost.hold(memory(), OptionalLong.of(MINUTE.toNanos()));

        assertThat(lost.holds(memory)).isFalse();
    }

    @Test
    void whoeverAllocatesMemoryLetsGoOfWhatIsOver() {
        LostMemory.keep(memory, OptionalLong.of(0));
        TransferMemory longer = memory();
        LostMemory.keep(longer, OptionalLong.of(MINUTE.toNanos()));

        assertThat(memory()).isNotNull();

        assertThat(LostMemory.MACHINE.holds(memory)).isFalse();
        assertThat(LostMemory.MACHINE.holds(longer)).isTrue();
    }
}
