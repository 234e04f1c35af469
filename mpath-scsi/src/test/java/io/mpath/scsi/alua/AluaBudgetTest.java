package io.mpath.scsi.alua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mpath.AccessState;
import io.mpath.scsi.alua.AluaWorld.Path;
import io.mpath.scsi.alua.AluaWorld.Unit;
import io.mpath.scsi.command.AluaState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What many logical units of one target cost it. */
class AluaBudgetTest {
    private static final int UNITS = 10_000;
    private static final int AT_ONCE = 4;

    private final AluaWorld alua = AluaWorld.atOnce(AT_ONCE);
    private final List<Unit> units = new ArrayList<>();
    private final List<Path> paths = new ArrayList<>();
    private final List<String> order = new ArrayList<>();

    /** One command for each logical unit, however many of its paths notice, and never more than a few at once. */
    @Test
    void faultThatMovesTenThousandUnitsCostsOneCommandEach() {
        units(UNITS);
        assertThat(commands()).isEqualTo(UNITS);
        alua.latency = Duration.ofMillis(1);
        alua.mostLooking = 0;

        units.forEach(unit -> unit.put(1, AluaState.STANDBY).put(2, AluaState.OPTIMIZED));
        paths.forEach(path -> path.sense(path.group == 1 ? AluaWorld.STANDBY : AluaWorld.STATE_CHANGED));
        alua.settle();

        assertThat(commands()).isEqualTo(2 * UNITS);
        assertThat(alua.mostLooking).isBetween(AT_ONCE - 1, AT_ONCE);
        assertThat(paths)
                .allMatch(path -> path.state() == (path.group == 1 ? AccessState.STANDBY : AccessState.OPTIMIZED));
    }

    /** The negative control of the above: the same fault where each path is a logical unit of its own. */
    @Test
    void commandsAreCountedPerMonitor() {
        for (int i = 0; i < 40; i++) {
            Unit unit = alua.unit("lun" + i, Duration.ZERO).put(1, AluaState.OPTIMIZED);
            units.add(unit);
            paths.add(unit.add("p" + i % 4, 1));
        }
        alua.settle();
        paths.forEach(path -> path.sense(AluaWorld.STANDBY));
        alua.settle();

        assertThat(commands()).isEqualTo(2 * 40);
    }

    @Test
    void turnsComeInTheOrderInWhichTheyWereAskedFor() {
        units(20);
        alua.world.blocking().hold();
        for (int i = 19; i >= 0; i--) {
            units.get(i).monitor.changed();
            alua.settle();
        }
        for (Path path : paths) {
            path.whenAsked = () -> order.add(path.unitName());
        }
        units.get(3).monitor.changed();
        alua.settle();
        alua.world.blocking().release();
        alua.settle();

        Collections.reverse(units);
        assertThat(order).hasSize(20);
        assertThat(order.subList(AT_ONCE, 20))
                .isEqualTo(units.stream()
                        .map(unit -> unit.monitor.toString())
                        .skip(AT_ONCE)
                        .toList());
    }

    /** A logical unit that is always in trouble does not keep the others waiting. */
    @Test
    void unitThatAsksAgainGoesBehindTheOthers() {
        units(10);
        Unit noisy = units.get(0);
        for (Path path : paths) {
            path.whenAsked = () -> {
                order.add(path.unitName());
                if (path.unitName().equals("lun0") && order.size() < 100) {
                    noisy.monitor.changed();
                }
            };
        }
        units.forEach(unit -> unit.monitor.changed());
        alua.world.runUntil(() -> order.stream().distinct().count() == 10, Duration.ofMinutes(1));

        assertThat(order).hasSizeLessThan(30);
        units.forEach(unit -> assertThat(order).contains(unit.monitor.toString()));
    }

    /** Each of the others may have a unit attention to tell before it gets to work. */
    @Test
    void pathThatToldLastIsAskedFirstAndThenTheLeastBusy() {
        Unit unit = alua.unit().put(1, AluaState.OPTIMIZED);
        Path told = unit.add("a", 1);
        Path busy = unit.add("b", 1);
        Path idle = unit.add("c", 1);
        alua.settle();
        var members = new AluaMembers();
        List.of(busy, idle, told).forEach(members::add);
        members.asked(List.of(), told);

        List<AluaBudget.Turn> turns = new ArrayList<>();
        for (Path path : List.of(told, told, busy)) {
            turns.add(alua.budget.ask(path, true, () -> {}));
        }

        assertThat(members.candidates())
                .extracting(each -> each.member().name())
                .containsExactly("a", "c", "b");
        turns.forEach(AluaBudget.Turn::giveBack);
        assertThat(alua.budget.turns(told.port())).isZero();
    }

    @Test
    void budgetOfNothingIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AluaBudgets(0))
                .withMessageContaining("0 at once");
    }

    private long commands() {
        return units.stream().mapToLong(unit -> unit.commands.size()).sum();
    }

    private void units(int count) {
        for (int i = 0; i < count; i++) {
            Unit unit = alua.unit("lun" + i, Duration.ZERO)
                    .put(1, AluaState.OPTIMIZED)
                    .put(2, AluaState.NON_OPTIMIZED);
            units.add(unit);
            List<Path> added = new ArrayList<>();
            for (int port = 0; port < 4; port++) {
                added.add(alua.new Path(unit, "p" + port, 1 + port / 2));
            }
            alua.onLoop(() -> added.forEach(unit.monitor::add));
            paths.addAll(added);
        }
        alua.settle();
    }
}
