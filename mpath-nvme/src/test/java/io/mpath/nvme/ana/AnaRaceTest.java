package io.mpath.nvme.ana;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.UNAVAILABLE;
import static io.mpath.AccessState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.nvme.ana.AnaWorld.Path;
import io.mpath.nvme.command.AnaState;
import io.mpath.sim.SimThread;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What comes in between, in the order that hurts. */
class AnaRaceTest {
    private final AnaWorld ana = AnaWorld.withEvents();
    private final Path path = ana.new Path(1);
    private final Path neighbour = ana.new Path(2);

    @Test
    void errorTakesThePathOutBeforeItReturns() {
        optimized();

        path.error();

        assertThat(path.state()).isEqualTo(UNKNOWN);
        assertThat(neighbour.state()).isEqualTo(OPTIMIZED);
    }

    @Test
    void errorStartsAReadThatPutsThePathBack() {
        optimized();
        ana.controller.put(1, AnaState.NON_OPTIMIZED);

        path.error();
        ana.settle();

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, NON_OPTIMIZED);
        assertThat(neighbour.reports).containsExactly(OPTIMIZED, NON_OPTIMIZED);
        assertThat(ana.controller.reads).isEqualTo(2);
    }

    /** What is being read may be what the log said before the change that the error came of. */
    @Test
    void errorDuringAReadIsNotClearedByIt() {
        optimized();
        ana.monitor.changed();
        ana.lookWithoutAnswer();
        ana.controller.put(1, AnaState.INACCESSIBLE);

        path.error();
        ana.settle();
        ana.world.blocking().hold();
        ana.answerArrives();
        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN);
        assertThat(neighbour.reports).containsExactly(OPTIMIZED);

        ana.world.blocking().release();
        ana.settle();
        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, UNAVAILABLE);
        assertThat(ana.controller.reads).isEqualTo(3);
    }

    /** The loop has not heard of the error yet when the older answer reaches it. */
    @Test
    void errorThatTheLoopHasNotHeardOfIsNotClearedByAnOlderRead() {
        optimized();
        SimThread client = ana.world.thread("client");
        client.holdMessages();
        ana.monitor.changed();
        ana.lookWithoutAnswer();

        client.execute(path::error);
        ana.settle();
        ana.answerArrives();
        assertThat(path.state()).isEqualTo(UNKNOWN);

        client.releaseMessages();
        ana.settle();
        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, OPTIMIZED);
    }

    /** An error between the report of a state and the moment at which the loop goes on. */
    @Test
    void errorWhileTheStatesAreBeingReportedCountsAfterThem() {
        optimized();
        ana.controller.put(1, AnaState.NON_OPTIMIZED);
        ana.monitor.changed();
        boolean[] once = {true};
        neighbour.whenReported = () -> {
            if (once[0]) {
                once[0] = false;
                path.error();
            }
        };

        ana.settle();

        assertThat(path.reports).containsExactly(OPTIMIZED, NON_OPTIMIZED, UNKNOWN, NON_OPTIMIZED);
    }

    @Test
    void errorsThatComeTogetherCostTwoReadsAtMost() {
        optimized();
        for (int i = 0; i < 100; i++) {
            path.error();
            neighbour.error();
        }
        ana.lookWithoutAnswer();
        for (int i = 0; i < 100; i++) {
            path.error();
        }
        ana.settle();
        ana.answerArrives();

        assertThat(ana.controller.reads).isEqualTo(1 + 2);
        assertThat(path.state()).isEqualTo(OPTIMIZED);
    }

    @Test
    void eachThreadReportsBeforeItsOwnFailure() {
        optimized();

        path.error();
        path.error();

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, UNKNOWN);
    }

    @Test
    void errorBeforeTheFirstStateWaitsForAReadAfterIt() {
        ana.controller.put(1, AnaState.OPTIMIZED, 1);
        ana.onLoop(() -> ana.monitor.add(path));
        ana.live();
        ana.lookWithoutAnswer();
        path.error();
        ana.world.blocking().hold();
        ana.answerArrives();
        assertThat(path.known).isZero();

        ana.world.blocking().release();
        ana.settle();

        assertThat(path.reports).containsExactly(UNKNOWN, OPTIMIZED);
        assertThat(path.known).isEqualTo(1);
    }

    /** What was known is being doubted, so it is not told to anyone new. */
    @Test
    void memberAddedDuringAReadWaitsForIt() {
        optimized();
        ana.controller.put(1, AnaState.NON_OPTIMIZED);
        ana.monitor.changed();
        ana.lookWithoutAnswer();
        Path added = ana.add(2);
        ana.settle();
        assertThat(added.known).isZero();

        ana.answerArrives();

        assertThat(added.reports).containsExactly(NON_OPTIMIZED);
        assertThat(added.known).isEqualTo(1);
    }

    @Test
    void memberRemovedDuringAReadIsToldNothing() {
        optimized();
        ana.controller.put(1, AnaState.INACCESSIBLE);
        ana.monitor.changed();
        ana.lookWithoutAnswer();
        ana.remove(path);
        ana.settle();

        ana.answerArrives();
        path.error();
        ana.settle();

        assertThat(path.reports).containsExactly(OPTIMIZED);
        assertThat(neighbour.reports).containsExactly(OPTIMIZED, UNAVAILABLE);
    }

    @Test
    void answerThatComesAfterTheLastMemberLeftIsDropped() {
        optimized();
        ana.monitor.changed();
        ana.lookWithoutAnswer();
        ana.remove(path);
        ana.remove(neighbour);
        ana.settle();

        ana.answerArrives();

        assertThat(path.reports).containsExactly(OPTIMIZED);
        assertThat(ana.controller.reads).isEqualTo(2);
        assertThat(ana.timersPending()).isZero();
    }

    /** The monitor was left by all while it was reading, and the answer is of that time. */
    @Test
    void answerOfAnEarlierLifeIsNotGivenToAMemberOfTheNext() {
        optimized();
        ana.monitor.changed();
        ana.lookWithoutAnswer();
        ana.remove(path);
        ana.remove(neighbour);
        ana.controller.put(1, AnaState.NON_OPTIMIZED);
        Path next = ana.add(1);
        ana.settle();

        ana.answerArrives();

        assertThat(next.reports).containsExactly(NON_OPTIMIZED);
        assertThat(next.known).isEqualTo(1);
    }

    @Test
    void answerThatComesWhileTheControllerIsAwayIsDropped() {
        optimized();
        ana.monitor.changed();
        ana.lookWithoutAnswer();
        ana.notLive();
        ana.settle();

        ana.answerArrives();
        ana.pass(Duration.ofMinutes(1));

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN);
        assertThat(ana.controller.reads).isEqualTo(2);
        assertThat(ana.timersPending()).isZero();
    }

    /** It was live, away and live again while one read took its time: what that found is of the life before. */
    @Test
    void flappingDuringAReadTakesAReadOfTheLastLife() {
        optimized();
        ana.monitor.changed();
        ana.lookWithoutAnswer();
        ana.notLive();
        ana.live();
        ana.notLive();
        ana.controller.put(1, AnaState.NON_OPTIMIZED);
        ana.live();
        ana.settle();
        assertThat(ana.controller.reads).isEqualTo(2);

        ana.answerArrives();

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, NON_OPTIMIZED);
        assertThat(ana.controller.reads).isEqualTo(3);
    }

    @Test
    void failureOfAnEarlierLifeIsDropped() {
        optimized();
        ana.controller.broken = "reset";
        ana.monitor.changed();
        ana.lookWithoutAnswer();
        ana.controller.broken = null;
        ana.notLive();
        ana.live();
        ana.settle();

        ana.answerArrives();

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, OPTIMIZED);
        assertThat(ana.timersPending()).isZero();
    }

    @Test
    void errorThatComesWhileTheControllerIsAwayIsReadWhenItIsBack() {
        optimized();
        ana.notLive();
        path.error();
        ana.settle();
        assertThat(ana.controller.reads).isEqualTo(1);

        ana.live();
        ana.settle();

        assertThat(path.state()).isEqualTo(OPTIMIZED);
        assertThat(ana.controller.reads).isEqualTo(2);
    }

    @Test
    void errorDuringAReadThatFailsIsReadAgain() {
        optimized();
        ana.controller.broken = "no answer";
        path.error();
        ana.lookWithoutAnswer();
        ana.controller.broken = null;
        path.error();
        ana.settle();

        ana.answerArrives();

        assertThat(path.state()).isEqualTo(OPTIMIZED);
        assertThat(neighbour.reports).containsExactly(OPTIMIZED, UNKNOWN, OPTIMIZED);
        assertThat(ana.timersPending()).isZero();
    }

    @Test
    void readThatNoThreadTakesIsTriedAgain() {
        optimized();
        path.refuse = new RejectedExecutionException("shut down");
        ana.monitor.changed();
        ana.settle();
        assertThat(path.state()).isEqualTo(UNKNOWN);

        path.refuse = null;
        ana.pass(AnaWorld.TROUBLE.multipliedBy(2));

        assertThat(path.state()).isEqualTo(OPTIMIZED);
    }

    private void optimized() {
        ana.controller.put(1, AnaState.OPTIMIZED, 1, 2);
        ana.onLoop(() -> ana.monitor.add(path));
        ana.onLoop(() -> ana.monitor.add(neighbour));
        ana.live();
        ana.settle();
    }
}
