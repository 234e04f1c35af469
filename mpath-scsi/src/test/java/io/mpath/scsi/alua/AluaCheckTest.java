package io.mpath.scsi.alua;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mpath.scsi.alua.AluaWorld.Path;
import io.mpath.scsi.alua.AluaWorld.Unit;
import io.mpath.scsi.command.AluaState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The slow look at what no sense data tells of. */
class AluaCheckTest {
    private static final Duration LONGEST = AluaWorld.CHECK.multipliedBy(5).dividedBy(4);
    private static final Duration SHORTEST = AluaWorld.CHECK.multipliedBy(3).dividedBy(4);

    private final AluaWorld alua = AluaWorld.atOnce(4);
    private final Unit unit = alua.checkedUnit();

    @Test
    void changeThatNobodyTellsIsFoundInTime() {
        Path path = idle("a");
        unit.put(1, AluaState.NON_OPTIMIZED);

        alua.pass(SHORTEST.minusMillis(1));
        assertThat(path.state()).isEqualTo(OPTIMIZED);
        alua.pass(LONGEST.minus(SHORTEST).plusMillis(2));

        assertThat(path.state()).isEqualTo(NON_OPTIMIZED);
    }

    @Test
    void idleUnitIsLookedAtOnceAnInterval() {
        idle("a");

        alua.pass(AluaWorld.CHECK.multipliedBy(100));

        assertThat(unit.commands.size()).isBetween(1 + 80, 1 + 133);
    }

    @Test
    void unitWhosePathsAllCarryIoIsLeftAlone() {
        Path first = idle("a");
        Path second = unit.add("b", 1);
        alua.settle();
        int asked = unit.commands.size();

        for (int i = 0; i < 100; i++) {
            first.ended++;
            second.ended++;
            alua.pass(Duration.ofSeconds(10));
        }

        assertThat(unit.commands).hasSize(asked);
    }

    /** Its state may have become the better one. */
    @Test
    void pathWithoutIoNextToOneWithIsLookedAt() {
        Path first = idle("a");
        Path second = unit.add("b", 2);
        alua.settle();
        unit.put(2, AluaState.OPTIMIZED);

        for (int i = 0; i < 6; i++) {
            first.ended++;
            alua.pass(Duration.ofSeconds(10));
        }

        assertThat(second.state()).isEqualTo(OPTIMIZED);
    }

    /** Whoever waits for it waits for as long as this takes. */
    @Test
    void unitWithoutUsablePathIsLookedAtEveryFewSeconds() {
        unit.put(1, AluaState.STANDBY).put(2, AluaState.UNAVAILABLE);
        Path path = unit.add("a", 1);
        unit.add("b", 2);
        alua.settle();
        unit.put(1, AluaState.OPTIMIZED);

        alua.pass(Duration.ofNanos(AluaMonitor.UNUSABLE_NANOS * 5 / 4).plusMillis(1));

        assertThat(path.state()).isEqualTo(OPTIMIZED);
    }

    @Test
    void pathWhoseNexusIsDeadIsNoReason() {
        Path first = idle("a");
        Path second = unit.add("b", 1);
        alua.settle();
        second.nexusNotLive();
        alua.settle();
        int asked = unit.commands.size();

        for (int i = 0; i < 20; i++) {
            first.ended++;
            alua.pass(Duration.ofSeconds(10));
        }

        assertThat(unit.commands).hasSize(asked);
    }

    /** They were all opened, or moved, at the same time. */
    @Test
    void manyUnitsAreNotLookedAtInStep() {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Unit each = alua.unit("lun" + i, AluaWorld.CHECK).put(1, AluaState.OPTIMIZED);
            Path path = each.add("p" + i % 4, 1);
            path.whenAsked =
                    () -> times.add(alua.world.nanos() / Duration.ofSeconds(1).toNanos());
        }
        alua.settle();
        times.clear();

        alua.pass(LONGEST.plusSeconds(1));

        assertThat(times).hasSize(1000);
        assertThat(times).allMatch(time -> Collections.frequency(times, time) < 100);
    }

    @Test
    void timeBelowZeroIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AluaTiming(-1));
    }

    private Path idle(String name) {
        unit.put(1, AluaState.OPTIMIZED).put(2, AluaState.STANDBY);
        Path path = unit.add(name, 1);
        alua.settle();
        return path;
    }
}
