package io.mpath.scsi.alua;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.STANDBY;
import static io.mpath.AccessState.TRANSITIONING;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.scsi.alua.AluaWorld.Path;
import io.mpath.scsi.alua.AluaWorld.Unit;
import io.mpath.scsi.command.AluaState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How groups that are between two states are watched, and for how long they may be. */
class AluaTransitionTest {
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final AluaWorld alua = AluaWorld.seeded(1);
    private final Unit unit = alua.unit();

    @Test
    void groupBetweenTwoStatesIsTestedUntilItIsReady() {
        Path path = transitioning();

        alua.pass(POLL.multipliedBy(3));
        assertThat(unit.commands).containsExactly("RTPG a", "TUR a", "TUR a", "TUR a");

        unit.put(1, AluaState.NON_OPTIMIZED);
        alua.pass(POLL);
        assertThat(path.reports).containsExactly(TRANSITIONING, NON_OPTIMIZED);
        assertThat(unit.commands).hasSize(4 + 2).last().isEqualTo("RTPG a");
        assertThat(alua.timersPending()).isZero();
    }

    @Test
    void senseOfATransitionCostsOneCommandAndThenTests() {
        unit.put(1, AluaState.OPTIMIZED);
        Path path = unit.add("a", 1);
        Path neighbour = unit.add("b", 1);
        alua.settle();
        unit.put(1, AluaState.TRANSITIONING);

        path.sense(AluaWorld.TRANSITION);
        neighbour.sense(AluaWorld.TRANSITION);
        alua.settle();
        assertThat(unit.commands).hasSize(2);
        path.sense(AluaWorld.TRANSITION);
        alua.settle();
        assertThat(unit.commands).hasSize(2);

        alua.pass(POLL);
        assertThat(unit.count("TUR")).isEqualTo(1);
        unit.put(1, AluaState.STANDBY);
        alua.pass(POLL);
        assertThat(path.state()).isEqualTo(STANDBY);
        assertThat(neighbour.state()).isEqualTo(STANDBY);
    }

    /** There are arrays that do not report their groups while one is between two states. */
    @Test
    void unitThatDoesNotTellDuringATransitionIsAskedAfterIt() {
        unit.put(1, AluaState.TRANSITIONING);
        Path path = alua.new Path(unit, "a", 1);
        Path neighbour = alua.new Path(unit, "b", 1);
        path.script.add(AluaWorld.ended(AluaWorld.TRANSITION));
        alua.onLoop(() -> {
            unit.monitor.add(path);
            unit.monitor.add(neighbour);
        });
        alua.settle();
        assertThat(unit.commands).hasSize(1);
        assertThat(path.reports).containsExactly(TRANSITIONING);
        assertThat(neighbour.reports).containsExactly(TRANSITIONING);
        assertThat(path.known).isEqualTo(1);
        assertThat(neighbour.known).isEqualTo(1);

        unit.put(1, AluaState.OPTIMIZED);
        alua.pass(POLL);

        assertThat(path.state()).isEqualTo(OPTIMIZED);
        assertThat(neighbour.state()).isEqualTo(OPTIMIZED);
    }

    @Test
    void anotherGroupTellsWhatOneBetweenTwoStatesDoesNot() {
        unit.put(1, AluaState.TRANSITIONING).put(2, AluaState.OPTIMIZED);
        Path path = alua.new Path(unit, "a", 1);
        path.script.add(AluaWorld.ended(AluaWorld.TRANSITION));
        Path other = alua.new Path(unit, "b", 2);
        alua.onLoop(() -> {
            unit.monitor.add(path);
            unit.monitor.add(other);
        });

        alua.settle();

        assertThat(path.state()).isEqualTo(TRANSITIONING);
        assertThat(other.state()).isEqualTo(OPTIMIZED);
        assertThat(unit.commands).containsExactly("RTPG a", "RTPG b");
    }

    @Test
    void groupThatSettlesDoesNotWaitForOneThatDoesNot() {
        unit.put(1, AluaState.TRANSITIONING).put(2, AluaState.TRANSITIONING);
        Path slow = unit.add("a", 1);
        Path quick = unit.add("b", 2);
        alua.settle();
        unit.put(2, AluaState.OPTIMIZED);

        alua.pass(POLL);

        assertThat(slow.state()).isEqualTo(TRANSITIONING);
        assertThat(quick.state()).isEqualTo(OPTIMIZED);
    }

    @Test
    void groupThatTakesTooLongIsInStandby() {
        unit.put(1, AluaState.TRANSITIONING).group(1).preferred = true;
        Path path = unit.add("a", 1);
        alua.settleNow();

        alua.pass(LIMIT.minus(MOMENT));
        assertThat(path.state()).isEqualTo(TRANSITIONING);
        alua.pass(MOMENT);

        assertThat(path.reports).containsExactly(TRANSITIONING, STANDBY);
        assertThat(path.preferred).isTrue();
    }

    @Test
    void groupThatTakesTooLongIsAskedOnSlowly() {
        Path path = transitioning();
        alua.pass(LIMIT);
        unit.commands.clear();
        alua.pass(Duration.ofMinutes(1));
        assertThat(unit.count("RTPG")).isBetween(4L, 8L);
        assertThat(path.reports).containsExactly(TRANSITIONING, STANDBY);

        unit.put(1, AluaState.OPTIMIZED);
        alua.pass(Duration.ofSeconds(13));

        assertThat(path.reports).containsExactly(TRANSITIONING, STANDBY, OPTIMIZED);
        assertThat(alua.timersPending()).isZero();
    }

    @Test
    void lateGroupStaysInStandbyWhileItIsSaidToBeTransitioning() {
        Path path = transitioning();
        alua.pass(LIMIT);

        path.sense(AluaWorld.TRANSITION);
        unit.monitor.changed();
        Path added = unit.add("b", 1);
        alua.pass(LIMIT.multipliedBy(3));

        assertThat(path.reports).containsExactly(TRANSITIONING, STANDBY, STANDBY);
        assertThat(added.reports).containsExactly(STANDBY);
    }

    @Test
    void lateGroupThatSettledHasItsTimeAgain() {
        Path path = transitioning();
        alua.pass(LIMIT.multipliedBy(2));
        unit.put(1, AluaState.OPTIMIZED);
        unit.monitor.changed();
        alua.settle();
        unit.put(1, AluaState.TRANSITIONING);
        path.sense(AluaWorld.TRANSITION);
        alua.pass(LIMIT.minus(MOMENT));
        assertThat(path.state()).isEqualTo(TRANSITIONING);

        alua.pass(MOMENT);

        assertThat(path.state()).isEqualTo(STANDBY);
    }

    @Test
    void implicitTransitionTimeIsTheLimit() {
        unit.transitionSeconds = 7;
        Path path = transitioning();

        alua.pass(Duration.ofSeconds(7).minus(MOMENT));
        assertThat(path.state()).isEqualTo(TRANSITIONING);
        alua.pass(MOMENT);

        assertThat(path.state()).isEqualTo(STANDBY);
    }

    @Test
    void anotherImplicitTransitionTimeCountsFromWhenItIsTold() {
        unit.transitionSeconds = 7;
        Path path = transitioning();
        unit.transitionSeconds = 20;
        alua.pass(Duration.ofSeconds(5));
        unit.monitor.changed();
        alua.settleNow();

        alua.pass(Duration.ofSeconds(20).minus(MOMENT));
        assertThat(path.state()).isEqualTo(TRANSITIONING);
        alua.pass(MOMENT);

        assertThat(path.state()).isEqualTo(STANDBY);
    }

    @Test
    void groupThatTransitionsAgainAndAgainIsNotGivenMoreTime() {
        Path path = transitioning();

        for (int i = 0; i < 59; i++) {
            alua.pass(Duration.ofSeconds(1));
            path.sense(AluaWorld.TRANSITION);
            unit.monitor.changed();
        }
        alua.pass(Duration.ofSeconds(1));

        assertThat(path.state()).isEqualTo(STANDBY);
    }

    /** The group of a path that is not looked at while no nexus is live is late all the same. */
    @Test
    void timeRunsWhileNoNexusIsLive() {
        unit.put(1, AluaState.OPTIMIZED);
        Path path = unit.add("a", 1);
        alua.settle();
        path.nexusNotLive();
        alua.settle();
        path.sense(AluaWorld.TRANSITION);

        alua.pass(LIMIT.plus(MOMENT));

        assertThat(path.state()).isEqualTo(STANDBY);
    }

    @Test
    void transitionOfAGroupWithoutPathsIsNotWatched() {
        unit.put(1, AluaState.OPTIMIZED).put(2, AluaState.TRANSITIONING);
        unit.add("a", 1);
        alua.settle();

        alua.pass(LIMIT.multipliedBy(2));

        assertThat(unit.commands).hasSize(1);
        assertThat(alua.timersPending()).isZero();
    }

    @Test
    void unitAttentionsDoNotEndTheWait() {
        Path path = transitioning();
        path.script.add(AluaWorld.ended(AluaWorld.RESET));

        alua.pass(POLL);

        assertThat(unit.commands).containsExactly("RTPG a", "TUR a", "TUR a");
        assertThat(path.reports).containsExactly(TRANSITIONING);
    }

    private Path transitioning() {
        unit.put(1, AluaState.TRANSITIONING);
        Path path = unit.add("a", 1);
        alua.settleNow();
        assertThat(path.reports).containsExactly(TRANSITIONING);
        return path;
    }
}
