package io.mpath.scsi.alua;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.scsi.alua.AluaBudget.Turn;
import io.mpath.scsi.alua.AluaWorld.Path;
import io.mpath.scsi.alua.AluaWorld.Unit;
import io.mpath.scsi.command.AluaState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose turn it is at a target, and what that is worth where commands are slow, or swallowed. */
class AluaTurnTest {
    private static final int AT_ONCE = 4;
    private static final Duration SWALLOWED = Duration.ofSeconds(20);
    private static final Duration UNTIL_IT_HANGS =
            Duration.ofNanos(AluaBudget.HUNG_NANOS).plusMillis(10);

    private final AluaWorld alua = AluaWorld.atOnce(AT_ONCE);
    private final List<String> granted = new ArrayList<>();
    private final List<Turn> held = new ArrayList<>();

    private Turn ask(Path through, boolean urgently, String name) {
        Turn[] turn = new Turn[1];
        turn[0] = through.budget().ask(through, urgently, () -> {
            granted.add(name);
            held.add(turn[0]);
        });
        alua.settle();
        return turn[0];
    }

    /** Each that is granted is over at once, so that the next comes; those that filled the budget first. */
    private void endAll() {
        while (!held.isEmpty()) {
            held.remove(0).end(true);
            alua.settle();
        }
    }

    private void fillTheBudget(Path through, Path other) {
        for (int i = 0; i < AT_ONCE; i++) {
            ask(i == 0 ? other : through, true, "first");
        }
        assertThat(granted).hasSize(AT_ONCE);
        granted.clear();
    }

    private Path pathThrough(String port) {
        return alua.new Path(alua.unit(), port, 1);
    }

    @Test
    void turnsThatSomebodyWaitsForComeBeforeRoutineOnes() {
        Path path = pathThrough("a");
        fillTheBudget(path, pathThrough("b"));
        ask(path, false, "routine");
        ask(path, true, "urgent 1");
        ask(path, true, "urgent 2");

        endAll();

        assertThat(granted).containsExactly("urgent 1", "urgent 2", "routine");
    }

    @Test
    void routineTurnThatSomebodyWaitsForByNowComesWithTheUrgentOnes() {
        Path path = pathThrough("a");
        fillTheBudget(path, pathThrough("b"));
        ask(path, false, "routine");
        Turn hurried = ask(path, false, "hurried");
        hurried.hurry();

        endAll();

        assertThat(granted).containsExactly("hurried", "routine");
    }

    @Test
    void routineTurnsAreNotKeptWaitingForEver() {
        Path path = pathThrough("a");
        fillTheBudget(path, pathThrough("b"));
        for (int i = 0; i < 2; i++) {
            ask(path, false, "routine");
        }
        for (int i = 0; i < 40; i++) {
            ask(path, true, "urgent");
        }

        endAll();

        assertThat(granted.subList(0, AluaBudget.URGENT_IN_A_ROW)).containsOnly("urgent");
        assertThat(granted.get(AluaBudget.URGENT_IN_A_ROW)).isEqualTo("routine");
        assertThat(granted.subList(0, 3 * AluaBudget.URGENT_IN_A_ROW)).contains("routine", "routine");
    }

    @Test
    void noPortHasAllTurns() {
        Path path = pathThrough("a");
        for (int i = 0; i < 10; i++) {
            ask(path, true, "a");
        }
        assertThat(granted).hasSize(AT_ONCE - 1);

        ask(pathThrough("b"), true, "b");

        assertThat(granted).hasSize(AT_ONCE).endsWith("b");
    }

    @Test
    void portThatSwallowedACommandHasOneTurnUntilItAnswersOne() {
        Path path = pathThrough("a");
        ask(path, true, "swallowed");
        alua.pass(SWALLOWED);
        held.remove(0).end(false);
        for (int i = 0; i < 10; i++) {
            ask(path, true, "a");
        }
        assertThat(granted).containsExactly("swallowed", "a");

        held.remove(0).end(true);
        alua.settle();

        assertThat(granted).hasSize(2 + AT_ONCE - 1);
    }

    /** The host says so at once: nothing was held up. */
    @Test
    void portThatFailsCommandsAtOnceHasItsTurns() {
        Path path = pathThrough("a");
        ask(path, true, "failed");
        held.remove(0).end(false);
        for (int i = 0; i < 10; i++) {
            ask(path, true, "a");
        }

        assertThat(granted).hasSize(1 + AT_ONCE - 1);
    }

    @Test
    void portsThatSwallowCommandsHaveHalfOfTheTurnsTogether() {
        for (String port : List.of("a", "b", "c", "d")) {
            ask(pathThrough(port), true, "swallowed");
            alua.pass(SWALLOWED);
            held.remove(0).end(false);
        }
        granted.clear();
        for (String port : List.of("a", "b", "c", "d")) {
            ask(pathThrough(port), true, "silent");
        }

        ask(pathThrough("e"), true, "e");

        assertThat(granted).containsExactly("silent", "silent", "e");
    }

    @Test
    void portWhoseNexusReturnedHasItsTurnsAtOnce() {
        Path path = pathThrough("a");
        ask(path, true, "swallowed");
        alua.pass(SWALLOWED);
        held.remove(0).end(false);
        granted.clear();
        for (int i = 0; i < 10; i++) {
            ask(path, true, "a");
        }
        assertThat(granted).hasSize(1);

        alua.budget.returned(path.port());
        alua.settle();

        assertThat(granted).hasSize(AT_ONCE - 1);
    }

    /** What hangs of a target that has no path any more counts for those that come next. */
    @Test
    void budgetIsKeptWhileATurnHangs() {
        AluaBudget budget = alua.budgets.use("other");
        Path path = pathThrough("a");
        path.ofTarget = budget;
        Turn hangs = ask(path, true, "hangs");
        alua.budgets.leave(budget);
        assertThat(alua.budgets.use("other")).isSameAs(budget);
        alua.budgets.leave(budget);

        hangs.end(false);
        alua.budgets.leave(alua.budget);

        assertThat(alua.budgets.isEmpty()).isTrue();
    }

    /** 50 looks a second are wanted, and 30 can be had through one port: what somebody waits for is had at once all the same. */
    @Test
    void pathInDoubtIsReadAtOnceWhileMoreIsCheckedThanThereIsTimeFor() {
        List<Unit> units = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            Unit unit = alua.unit("lun" + i, AluaWorld.CHECK).put(1, AluaState.OPTIMIZED);
            unit.add("a", 1);
            unit.add("b", 1);
            units.add(unit);
        }
        alua.settle();
        alua.latency = Duration.ofMillis(100);
        alua.pass(Duration.ofMinutes(3));
        units.forEach(unit -> unit.commands.clear());
        alua.pass(Duration.ofMinutes(1));
        assertThat(units.stream().mapToInt(unit -> unit.commands.size()).sum())
                .as("there is never nothing to do")
                .isBetween(1_790, 2_400);

        Path path = units.get(7).add("c", 1);
        alua.pass(Duration.ofMillis(400));

        assertThat(path.state()).isEqualTo(AccessState.OPTIMIZED);
        assertThat(path.known).isOne();
    }

    /** Its nexus counts as live all the while. */
    @Test
    void portThatSwallowsCommandsDoesNotKeepTheOtherUnitsOfItsTargetWaiting() {
        alua.latency = Duration.ofMillis(1);
        List<Unit> behindIt = new ArrayList<>();
        List<Unit> others = new ArrayList<>();
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Unit unit = alua.unit("behind" + i, AluaWorld.CHECK).put(1, AluaState.OPTIMIZED);
            unit.add("swallows", 1).hangs = SWALLOWED;
            behindIt.add(unit);
            Unit other = alua.unit("other" + i, AluaWorld.CHECK).put(1, AluaState.OPTIMIZED);
            paths.add(other.add("answers", 1));
            others.add(other);
        }
        alua.pass(Duration.ofMinutes(5));
        int swallowed = behindIt.stream().mapToInt(unit -> unit.commands.size()).sum();
        assertThat(swallowed).as("one at a time").isBetween(10, 3 + 17);

        others.forEach(unit -> unit.put(1, AluaState.NON_OPTIMIZED));
        others.forEach(unit -> unit.monitor.changed());
        alua.pass(Duration.ofSeconds(1));

        assertThat(paths).allMatch(path -> path.state() == AccessState.NON_OPTIMIZED);
    }

    @Test
    void portThatIsBeingTriedIsNotAskedWhereThereIsAnother() {
        alua.latency = Duration.ofMillis(1);
        ask(pathThrough("swallows"), true, "hangs");
        alua.pass(UNTIL_IT_HANGS);
        Unit unit = alua.unit().put(1, AluaState.OPTIMIZED);
        alua.onLoop(() -> {
            unit.monitor.add(alua.new Path(unit, "swallows", 1));
            unit.monitor.add(alua.new Path(unit, "answers", 1));
        });

        alua.pass(Duration.ofMillis(100));

        assertThat(unit.commands).containsExactly("RTPG answers");
        held.remove(0).end(true);
        Unit second = alua.unit("lun1", Duration.ZERO).put(1, AluaState.OPTIMIZED);
        alua.onLoop(() -> {
            second.monitor.add(alua.new Path(second, "swallows", 1));
            second.monitor.add(alua.new Path(second, "answers", 1));
        });
        alua.pass(Duration.ofMillis(100));
        assertThat(second.commands).as("the negative control").containsExactly("RTPG swallows");
    }

    /** Where no other path tells, what was found without it counts, and is not waited for. */
    @Test
    void lookThatFailedDoesNotWaitForAPortThatIsBeingTried() {
        alua.latency = Duration.ofMillis(1);
        ask(pathThrough("swallows"), true, "hangs");
        alua.pass(UNTIL_IT_HANGS);
        Unit unit = alua.unit().put(1, AluaState.OPTIMIZED);
        Path answers = alua.new Path(unit, "answers", 1);
        answers.script.add(AluaWorld.ended(AluaWorld.INVALID_FIELD));
        answers.script.add(AluaWorld.ended(AluaWorld.INVALID_FIELD));
        alua.onLoop(() -> {
            unit.monitor.add(alua.new Path(unit, "swallows", 1));
            unit.monitor.add(answers);
        });

        alua.pass(Duration.ofSeconds(2));

        assertThat(unit.count("RTPG swallows")).isZero();
        assertThat(answers.state()).isEqualTo(AccessState.OPTIMIZED);
    }

    @Test
    void turnIsGivenBackBetweenOnePathAndTheNext() {
        AluaWorld one = AluaWorld.seeded(1);
        one.latency = Duration.ofMillis(1);
        List<String> order = new ArrayList<>();
        Unit slow = one.unit().put(1, AluaState.OPTIMIZED);
        Unit other = one.unit("lun1", Duration.ZERO).put(1, AluaState.OPTIMIZED);
        Path first = one.new Path(slow, "a", 1);
        first.hangs = SWALLOWED;
        Path second = one.new Path(slow, "b", 1);
        Path waits = one.new Path(other, "c", 1);
        List.of(first, second, waits).forEach(path -> path.whenAsked = () -> order.add(path.name()));
        one.onLoop(() -> {
            slow.monitor.add(first);
            slow.monitor.add(second);
            other.monitor.add(waits);
        });

        one.pass(Duration.ofSeconds(30));

        assertThat(order).containsExactly("a", "c", "b");
    }

    /** A logical unit of two arrays' ports: what goes to one of them does not wait for the other. */
    @Test
    void commandTakesATurnOfTheTargetThatItGoesTo() {
        Path elsewhere = pathThrough("x");
        fillTheBudget(elsewhere, pathThrough("y"));
        Unit unit = alua.unit().put(1, AluaState.OPTIMIZED);
        Path full = alua.new Path(unit, "x", 1);
        full.live = false;
        Path free = alua.new Path(unit, "z", 1);
        free.ofTarget = alua.budgets.use("other");
        alua.onLoop(() -> {
            unit.monitor.add(full);
            unit.monitor.add(free);
        });
        alua.settle();
        assertThat(unit.commands).containsExactly("RTPG z");

        Unit second = alua.unit("lun1", Duration.ZERO).put(1, AluaState.OPTIMIZED);
        second.add("x", 1);
        alua.settle();
        assertThat(second.commands).as("the negative control").isEmpty();
    }
}
