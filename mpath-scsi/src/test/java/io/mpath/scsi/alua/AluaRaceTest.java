package io.mpath.scsi.alua;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.STANDBY;
import static io.mpath.AccessState.TRANSITIONING;
import static io.mpath.AccessState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.scsi.alua.AluaWorld.Path;
import io.mpath.scsi.alua.AluaWorld.Unit;
import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.command.HostByte;
import io.mpath.sim.SimThread;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What comes in between, in the order that hurts. */
class AluaRaceTest {
    private final AluaWorld alua = AluaWorld.seeded(1);
    private final Unit unit = alua.unit();
    private final Path path = alua.new Path(unit, "a", 1);
    private final Path neighbour = alua.new Path(unit, "b", 1);
    private final Path other = alua.new Path(unit, "c", 2);

    @Test
    void standbySenseTakesThePathOutBeforeItReturns() {
        optimized();

        path.sense(AluaWorld.STANDBY);

        assertThat(path.state()).isEqualTo(UNKNOWN);
        assertThat(neighbour.state()).isEqualTo(OPTIMIZED);
    }

    @Test
    void transitionSenseTakesTheWholeGroupOutBeforeItReturns() {
        optimized();

        path.sense(AluaWorld.TRANSITION);

        assertThat(path.state()).isEqualTo(TRANSITIONING);
        assertThat(neighbour.state()).isEqualTo(TRANSITIONING);
        assertThat(other.state()).isEqualTo(NON_OPTIMIZED);
    }

    /** Some arrays report the transition as a unit attention. */
    @Test
    void transitionToldAsAUnitAttentionIsOne() {
        optimized();

        path.sense(AluaWorld.TRANSITION_ATTENTION);

        assertThat(neighbour.state()).isEqualTo(TRANSITIONING);
    }

    @Test
    void senseStartsALookThatPutsThePathBack() {
        optimized();
        unit.put(2, AluaState.OPTIMIZED);

        path.sense(AluaWorld.STANDBY);
        alua.settle();

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, OPTIMIZED);
        assertThat(neighbour.reports).containsExactly(OPTIMIZED);
        assertThat(other.reports).containsExactly(NON_OPTIMIZED, OPTIMIZED);
        assertThat(unit.commands).hasSize(2);
    }

    /** It takes the place of the unit attentions before it, one for a changed state among them. */
    @Test
    void resetMayHaveHiddenAChange() {
        optimized();
        alua.pass(Duration.ofSeconds(15));
        unit.put(1, AluaState.STANDBY);

        path.sense(AluaWorld.RESET);
        assertThat(path.state()).isEqualTo(OPTIMIZED);
        alua.settle();

        assertThat(path.state()).isEqualTo(STANDBY);
        assertThat(neighbour.state()).isEqualTo(STANDBY);
    }

    /** What is being told may be what was so before the change that the sense data came of. */
    @Test
    void senseDuringALookIsNotClearedByIt() {
        optimized();
        unit.monitor.changed();
        alua.lookWithoutAnswer();
        unit.put(1, AluaState.STANDBY);

        path.sense(AluaWorld.STANDBY);
        alua.settle();
        alua.world.blocking().hold();
        alua.answerArrives();
        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN);
        assertThat(neighbour.reports).containsExactly(OPTIMIZED);

        alua.world.blocking().release();
        alua.settle();
        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, STANDBY);
        assertThat(neighbour.reports).containsExactly(OPTIMIZED, STANDBY);
        assertThat(unit.commands).hasSize(3);
    }

    @Test
    void transitionDuringALookIsNotClearedByIt() {
        optimized();
        unit.monitor.changed();
        alua.lookWithoutAnswer();

        path.sense(AluaWorld.TRANSITION);
        alua.settle();
        alua.world.blocking().hold();
        alua.answerArrives();
        assertThat(path.state()).isEqualTo(TRANSITIONING);
        assertThat(neighbour.state()).isEqualTo(TRANSITIONING);

        alua.world.blocking().release();
        alua.settle();
        assertThat(path.reports).containsExactly(OPTIMIZED, TRANSITIONING, OPTIMIZED);
        assertThat(neighbour.reports).containsExactly(OPTIMIZED, TRANSITIONING, OPTIMIZED);
    }

    /** The loop has not heard of the sense data yet when the older answer reaches it. */
    @Test
    void senseThatTheLoopHasNotHeardOfIsNotClearedByAnOlderAnswer() {
        optimized();
        SimThread client = alua.world.thread("client");
        client.holdMessages();
        unit.monitor.changed();
        alua.lookWithoutAnswer();

        client.execute(() -> path.sense(AluaWorld.STANDBY));
        alua.settle();
        alua.answerArrives();
        assertThat(path.state()).isEqualTo(UNKNOWN);

        client.releaseMessages();
        alua.settle();
        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, OPTIMIZED);
    }

    /** Sense data between the report of a state and the moment at which the loop goes on. */
    @Test
    void senseWhileTheStatesAreBeingReportedCountsAfterThem() {
        optimized();
        unit.put(1, AluaState.NON_OPTIMIZED);
        unit.monitor.changed();
        boolean[] once = {true};
        neighbour.whenReported = () -> {
            if (once[0]) {
                once[0] = false;
                path.sense(AluaWorld.STANDBY);
            }
        };

        alua.settle();
        alua.settle();

        assertThat(path.reports).containsExactly(OPTIMIZED, NON_OPTIMIZED, UNKNOWN, NON_OPTIMIZED);
    }

    @Test
    void senseThatComesTogetherCostsTwoLooksAtMost() {
        optimized();
        for (int i = 0; i < 100; i++) {
            path.sense(AluaWorld.STATE_CHANGED);
            neighbour.sense(AluaWorld.STANDBY);
            other.sense(AluaWorld.TRANSITION);
        }
        alua.lookWithoutAnswer();
        for (int i = 0; i < 100; i++) {
            path.sense(AluaWorld.STATE_CHANGED);
            other.sense(AluaWorld.STANDBY);
        }
        alua.settle();
        alua.answerArrives();

        assertThat(unit.commands).hasSize(1 + 2);
        assertThat(neighbour.state()).isEqualTo(OPTIMIZED);
        assertThat(other.state()).isEqualTo(NON_OPTIMIZED);
    }

    @Test
    void twoPathsOfOneUnitAreNotAskedAtOnce() {
        optimized();
        alua.pass(Duration.ofSeconds(15));
        path.sense(AluaWorld.STATE_CHANGED);
        alua.lookWithoutAnswer();

        other.sense(AluaWorld.STATE_CHANGED);
        alua.onLoop(() -> unit.monitor.nexusLive(neighbour));
        alua.settle();
        assertThat(unit.commands).hasSize(2);
        alua.answerArrives();

        assertThat(unit.commands).hasSize(3);
        assertThat(alua.mostLooking).isEqualTo(1);
    }

    @Test
    void eachThreadReportsBeforeItsOwnFailure() {
        optimized();

        path.sense(AluaWorld.STANDBY);
        path.sense(AluaWorld.STANDBY);
        path.sense(AluaWorld.TRANSITION);
        path.sense(AluaWorld.TRANSITION);

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, UNKNOWN, TRANSITIONING, TRANSITIONING);
        assertThat(neighbour.reports).containsExactly(OPTIMIZED, TRANSITIONING);
    }

    /** A port that says ready and fails everything: no loop of looks as fast as they are answered. */
    @Test
    void ioThatContradictsTheAnswerIsNoReasonToAskAtOnce() {
        optimized();
        path.whenReported = () -> {
            if (path.state() == OPTIMIZED) {
                alua.world.thread("client").execute(() -> path.sense(AluaWorld.STANDBY));
            }
        };
        path.sense(AluaWorld.STANDBY);

        alua.pass(Duration.ofSeconds(20));

        assertThat(unit.commands.size()).isBetween(1 + 8, 1 + 12);
        assertThat(path.state()).isEqualTo(UNKNOWN);
    }

    @Test
    void senseBeforeTheFirstStateWaitsForALookAfterIt() {
        unit.put(1, AluaState.OPTIMIZED);
        alua.onLoop(() -> unit.monitor.add(path));
        alua.lookWithoutAnswer();
        path.sense(AluaWorld.STANDBY);
        alua.world.blocking().hold();
        alua.answerArrives();
        assertThat(path.known).isZero();

        alua.world.blocking().release();
        alua.settle();

        assertThat(path.reports).containsExactly(UNKNOWN, OPTIMIZED);
        assertThat(path.known).isEqualTo(1);
    }

    @Test
    void pathAddedDuringALookTakesItsAnswer() {
        optimized();
        unit.monitor.changed();
        alua.lookWithoutAnswer();
        Path added = unit.add("d", 2);
        alua.settle();
        assertThat(added.known).isZero();

        alua.answerArrives();

        assertThat(added.reports).containsExactly(NON_OPTIMIZED);
        assertThat(added.known).isEqualTo(1);
        assertThat(unit.commands).hasSize(2);
    }

    @Test
    void pathRemovedDuringALookIsToldNothing() {
        optimized();
        unit.put(1, AluaState.STANDBY);
        unit.monitor.changed();
        alua.lookWithoutAnswer();
        unit.remove(path);
        alua.settle();

        alua.answerArrives();
        path.sense(AluaWorld.STANDBY);
        path.sense(AluaWorld.TRANSITION);
        path.sense(AluaWorld.RESET);
        alua.settle();

        assertThat(path.reports).containsExactly(OPTIMIZED);
        assertThat(neighbour.reports).containsExactly(OPTIMIZED, STANDBY);
        assertThat(unit.commands).hasSize(2);
    }

    @Test
    void pathRemovedWhileItIsAskedIsPassedOver() {
        optimized();
        path.whenAsked = () -> path.removed = true;
        unit.monitor.changed();
        alua.onLoop(() -> unit.monitor.remove(path));
        alua.settle();

        unit.monitor.changed();
        alua.settle();

        assertThat(neighbour.state()).isEqualTo(OPTIMIZED);
        assertThat(unit.commands).last().isNotEqualTo("RTPG a");
    }

    @Test
    void answerThatComesAfterTheLastPathLeftIsDropped() {
        optimized();
        unit.monitor.changed();
        alua.lookWithoutAnswer();
        empty();
        alua.settle();

        alua.answerArrives();
        alua.pass(Duration.ofMinutes(1));

        assertThat(path.reports).containsExactly(OPTIMIZED);
        assertThat(unit.commands).hasSize(2);
        assertThat(alua.timersPending()).isZero();
    }

    /** The monitor was left by all while it was reading, and the answer is of that time. */
    @Test
    void answerOfAnEarlierLifeIsNotGivenToAPathOfTheNext() {
        optimized();
        unit.monitor.changed();
        alua.lookWithoutAnswer();
        empty();
        unit.put(1, AluaState.NON_OPTIMIZED);
        Path next = unit.add("d", 1);
        alua.settle();

        alua.answerArrives();

        assertThat(next.reports).containsExactly(NON_OPTIMIZED);
        assertThat(next.known).isEqualTo(1);
    }

    @Test
    void monitorThatIsEmptiedInTheQueueGivesItsPlaceUp() {
        optimized();
        Unit second = alua.unit("lun1", Duration.ZERO).put(1, AluaState.OPTIMIZED);
        Path elsewhere = alua.new Path(second, "d", 1);
        alua.world.blocking().hold();
        alua.onLoop(() -> second.monitor.add(elsewhere));
        alua.settle();
        unit.monitor.changed();
        alua.settle();
        empty();
        alua.settle();

        alua.world.blocking().release();
        alua.settle();
        second.monitor.changed();
        alua.settle();

        assertThat(unit.commands).hasSize(1);
        assertThat(second.commands).hasSize(2);
        assertThat(elsewhere.state()).isEqualTo(OPTIMIZED);
    }

    /** It was live, away and live again while one look took its time: what that found is of the life before. */
    @Test
    void flappingDuringALookTakesALookOfTheLastLife() {
        optimized();
        unit.monitor.changed();
        alua.lookWithoutAnswer();
        path.nexusNotLive();
        path.nexusLive();
        path.nexusNotLive();
        unit.put(1, AluaState.NON_OPTIMIZED);
        path.nexusLive();
        alua.settle();
        assertThat(unit.commands).hasSize(2);

        alua.answerArrives();

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, NON_OPTIMIZED);
        assertThat(unit.commands).hasSize(3);
    }

    @Test
    void senseThatComesWhileNoNexusIsLiveIsLookedInto() {
        optimized();
        path.nexusNotLive();
        neighbour.nexusNotLive();
        other.nexusNotLive();
        path.sense(AluaWorld.STANDBY);
        alua.settle();
        assertThat(unit.commands).hasSize(1);

        neighbour.nexusLive();
        alua.settle();

        assertThat(path.state()).isEqualTo(OPTIMIZED);
        assertThat(unit.commands).hasSize(2);
    }

    @Test
    void nexusLostBeforeTheTurnCameIsNotAsked() {
        optimized();
        unit.monitor.changed();
        alua.onLoop(() -> path.live = neighbour.live = other.live = false);
        alua.settle();
        int asked = unit.commands.size();
        unit.put(1, AluaState.STANDBY);
        alua.pass(Duration.ofMinutes(1));
        assertThat(unit.commands).hasSize(asked);

        path.nexusLive();
        alua.settle();

        assertThat(neighbour.state()).isEqualTo(STANDBY);
    }

    @Test
    void groupThatAPathLeftDuringALookIsNotItsOwnAnyMore() {
        optimized();
        unit.monitor.changed();
        alua.lookWithoutAnswer();
        alua.onLoop(() -> {
            path.group = 2;
            unit.monitor.described(path);
        });
        alua.settle();

        alua.answerArrives();

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, NON_OPTIMIZED);
        assertThat(unit.commands).hasSize(3);
    }

    @Test
    void senseDuringALookThatFailsIsLookedInto() {
        optimized();
        path.broken = neighbour.broken = other.broken = HostByte.DID_NO_CONNECT;
        path.sense(AluaWorld.STANDBY);
        alua.lookWithoutAnswer();
        path.broken = null;
        path.sense(AluaWorld.STANDBY);
        alua.settle();

        alua.answerArrives();

        assertThat(path.state()).isEqualTo(OPTIMIZED);
    }

    @Test
    void lookThatNoThreadTakesIsTriedAgain() {
        optimized();
        path.refuse = new RejectedExecutionException("shut down");
        unit.put(1, AluaState.STANDBY);
        unit.monitor.changed();
        alua.settle();
        assertThat(path.state()).isEqualTo(OPTIMIZED);

        path.refuse = null;
        alua.pass(Duration.ofSeconds(2));

        assertThat(path.state()).isEqualTo(STANDBY);
    }

    @Test
    void lookThatBreaksOffIsTriedAgain() {
        optimized();
        path.crash = neighbour.crash = other.crash = new IllegalStateException("bug");
        path.sense(AluaWorld.STANDBY);
        alua.settle();
        path.crash = neighbour.crash = other.crash = null;

        alua.pass(Duration.ofSeconds(3));

        assertThat(path.state()).isEqualTo(OPTIMIZED);
    }

    private void empty() {
        unit.remove(path);
        unit.remove(neighbour);
        unit.remove(other);
    }

    private void optimized() {
        unit.put(1, AluaState.OPTIMIZED).put(2, AluaState.NON_OPTIMIZED);
        alua.onLoop(() -> {
            unit.monitor.add(path);
            unit.monitor.add(neighbour);
            unit.monitor.add(other);
        });
        alua.settle();
        assertThat(unit.commands).hasSize(1);
    }
}
