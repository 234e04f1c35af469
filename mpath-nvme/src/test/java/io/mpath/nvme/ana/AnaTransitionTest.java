package io.mpath.nvme.ana;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.TRANSITIONING;
import static io.mpath.AccessState.UNAVAILABLE;
import static io.mpath.AccessState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.nvme.ana.AnaWorld.Path;
import io.mpath.nvme.command.AnaState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a group may be between two states. */
class AnaTransitionTest {
    private static final Duration LIMIT = Duration.ofSeconds(2 * AnaWorld.ANATT_SECONDS);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private AnaWorld ana = AnaWorld.withEvents();

    @Test
    void groupThatChangesForTwiceItsTimeIsUnavailable() {
        Path path = changing(1);

        ana.pass(LIMIT.minus(MOMENT));
        assertThat(path.state()).isEqualTo(TRANSITIONING);

        ana.pass(MOMENT);
        assertThat(path.state()).isEqualTo(UNAVAILABLE);
    }

    @Test
    void groupThatTakesTooLongIsReadOn() {
        Path path = changing(1);
        ana.pass(LIMIT);

        ana.controller.put(1, AnaState.OPTIMIZED);
        ana.pass(AnaWorld.POLL.multipliedBy(2));

        assertThat(path.reports).containsExactly(TRANSITIONING, UNAVAILABLE, OPTIMIZED);
        assertThat(ana.timersPending()).isZero();
    }

    @Test
    void lateGroupStaysUnavailableWhileItsLogSaysChange() {
        Path path = changing(1);
        ana.pass(LIMIT);

        path.error();
        ana.monitor.changed();
        Path added = ana.add(1);
        ana.pass(LIMIT.multipliedBy(3));

        assertThat(path.reports).containsExactly(TRANSITIONING, UNAVAILABLE, UNKNOWN, UNAVAILABLE);
        assertThat(added.reports).containsExactly(UNAVAILABLE);
    }

    @Test
    void groupThatLeavesTheStateInTimeIsTimedNoMore() {
        Path path = changing(1);
        ana.pass(LIMIT.minus(MOMENT));
        became(1, AnaState.NON_OPTIMIZED);
        assertThat(ana.timersPending()).isZero();

        became(1, AnaState.CHANGE);
        ana.pass(LIMIT.minus(MOMENT));

        assertThat(path.reports).containsExactly(TRANSITIONING, NON_OPTIMIZED, TRANSITIONING);
    }

    /** Linux keeps one timer for the controller, and starts it anew with every group. */
    @Test
    void eachGroupHasItsOwnTime() {
        Path first = changing(1);
        ana.controller.put(2, AnaState.OPTIMIZED, 2);
        Path second = ana.add(2);
        ana.pass(SECOND.multipliedBy(3));
        became(2, AnaState.CHANGE);

        ana.pass(LIMIT.minus(SECOND.multipliedBy(3)));
        assertThat(first.state()).isEqualTo(UNAVAILABLE);
        assertThat(second.state()).isEqualTo(TRANSITIONING);

        ana.pass(SECOND.multipliedBy(3));
        assertThat(second.state()).isEqualTo(UNAVAILABLE);
    }

    @Test
    void groupThatEndsItsChangeDoesNotRestartTheOthersTime() {
        Path first = changing(1);
        ana.controller.put(2, AnaState.CHANGE, 2);
        Path second = ana.add(2);
        ana.pass(SECOND);

        became(1, AnaState.OPTIMIZED);
        ana.pass(LIMIT.minus(SECOND));

        assertThat(first.state()).isEqualTo(OPTIMIZED);
        assertThat(second.state()).isEqualTo(UNAVAILABLE);
    }

    @Test
    void errorAndFailedReadsDoNotStartTheTimeAgain() {
        Path path = changing(1);
        ana.pass(SECOND);
        ana.controller.broken = "no answer";
        path.error();
        ana.pass(SECOND);
        assertThat(path.state()).isEqualTo(UNKNOWN);

        ana.controller.broken = null;
        ana.pass(LIMIT.minus(SECOND.multipliedBy(2)));

        assertThat(path.reports).containsExactly(TRANSITIONING, UNKNOWN, TRANSITIONING, UNAVAILABLE);
    }

    @Test
    void pathInDoubtStaysUnknownWhenItsGroupsTimeIsUp() {
        Path path = changing(1);
        ana.world.blocking().hold();
        path.error();
        ana.pass(LIMIT.multipliedBy(2));

        assertThat(path.reports).containsExactly(TRANSITIONING, UNKNOWN);
    }

    @Test
    void unreadableLogDoesNotBecomeUnavailableWithTime() {
        Path path = changing(1);
        ana.controller.broken = "no answer";
        ana.monitor.changed();
        ana.pass(LIMIT.multipliedBy(2));

        assertThat(path.reports).containsExactly(TRANSITIONING, UNKNOWN);
    }

    @Test
    void timeBeginsAnewWithANewLifeOfTheController() {
        Path path = changing(1);
        ana.pass(LIMIT.minus(SECOND));
        ana.notLive();
        ana.live();
        ana.pass(LIMIT.minus(SECOND));

        assertThat(path.reports).containsExactly(TRANSITIONING);
    }

    @Test
    void namespaceThatIsMissingWhenTheTimeIsUpIsStillReadForOnceMore() {
        changing(1);
        Path missing = ana.add(5);
        ana.world.blocking().hold();
        ana.pass(LIMIT);
        assertThat(missing.known).isZero();

        ana.controller.put(1, AnaState.CHANGE, 5);
        ana.world.blocking().release();
        ana.settle();

        assertThat(missing.reports).containsExactly(UNAVAILABLE);
    }

    @Test
    void controllerThatDoesNotSayHowLongGetsTwentySeconds() {
        ana = AnaWorld.withEvents(1, 0);
        Path path = changing(1);

        ana.pass(Duration.ofSeconds(20).minus(MOMENT));
        assertThat(path.state()).isEqualTo(TRANSITIONING);

        ana.pass(MOMENT);
        assertThat(path.state()).isEqualTo(UNAVAILABLE);
    }

    private Path changing(long nsid) {
        ana.controller.put(nsid, AnaState.CHANGE, nsid);
        Path path = ana.add(nsid);
        ana.live();
        ana.settle();
        return path;
    }

    private void became(long group, AnaState state) {
        ana.controller.put(group, state);
        ana.monitor.changed();
        ana.settle();
    }
}
