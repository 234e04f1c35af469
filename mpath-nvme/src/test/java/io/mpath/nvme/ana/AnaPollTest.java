package io.mpath.nvme.ana;

import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.UNAVAILABLE;
import static io.mpath.AccessState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.nvme.ana.AnaWorld.Path;
import io.mpath.nvme.command.AnaState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A controller whose events nobody hears. */
class AnaPollTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AnaWorld ana = AnaWorld.polled();

    @Test
    void onlyTheHeaderIsLookedAtWhileNothingChanges() {
        member(AnaState.OPTIMIZED);

        ana.pass(MINUTE);

        assertThat(ana.controller.headers).isBetween(27, 33);
        assertThat(ana.controller.reads).isEqualTo(1);
    }

    @Test
    void looksComeGiveOrTakeAQuarter() {
        member(AnaState.OPTIMIZED);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int looks = ana.controller.headers;
            long began = ana.world.nanos();
            ana.world.runUntil(() -> ana.controller.headers > looks, MINUTE);
            pauses.add((ana.world.nanos() - began) / 1_000_000);
        }

        assertThat(pauses).allMatch(pause -> pause >= 1500 && pause <= 2500);
        assertThat(pauses).anyMatch(pause -> pause < 1700).anyMatch(pause -> pause > 2300);
    }

    @Test
    void looksComeOftenWhileAMemberIsNotUsable() {
        member(AnaState.OPTIMIZED);
        ana.controller.put(2, AnaState.INACCESSIBLE, 2);
        ana.add(2);
        ana.settle();
        int looks = ana.controller.headers;

        ana.pass(Duration.ofSeconds(10));

        assertThat(ana.controller.headers - looks).isBetween(43, 57);
    }

    @Test
    void unusableMemberOfAKnownLogHastensTheLookThatIsDue() {
        ana.controller.put(2, AnaState.INACCESSIBLE, 2);
        member(AnaState.OPTIMIZED);
        ana.add(2);

        ana.pass(AnaWorld.TROUBLE.multipliedBy(2));

        assertThat(ana.controller.reads).isEqualTo(1);
        assertThat(ana.controller.headers).isPositive();
    }

    @Test
    void countThatMovedIsAChange() {
        Path path = member(AnaState.OPTIMIZED);
        ana.controller.put(1, AnaState.INACCESSIBLE);

        ana.pass(AnaWorld.POLL.multipliedBy(2));

        assertThat(path.reports).containsExactly(OPTIMIZED, UNAVAILABLE);
        assertThat(ana.controller.reads).isEqualTo(2);
    }

    /** It starts at 0 when the controller is reset, which may happen between two looks. */
    @Test
    void countThatMovedBackwardsIsAChange() {
        Path path = member(AnaState.OPTIMIZED);
        ana.controller.put(1, AnaState.INACCESSIBLE);
        ana.controller.changeCount = 1;

        ana.pass(AnaWorld.POLL.multipliedBy(2));

        assertThat(path.state()).isEqualTo(UNAVAILABLE);
    }

    @Test
    void countThatAlwaysMovesCostsOneReadForEachLook() {
        member(AnaState.OPTIMIZED);
        ana.controller.restless = true;

        ana.pass(MINUTE);

        assertThat(ana.controller.headers).isLessThan(34);
        assertThat(ana.controller.reads).isLessThanOrEqualTo(1 + ana.controller.headers);
    }

    @Test
    void lookThatFailsLeavesNothingUsable() {
        Path path = member(AnaState.OPTIMIZED);
        ana.controller.broken = "no answer";
        ana.pass(AnaWorld.POLL.multipliedBy(2));
        assertThat(path.state()).isEqualTo(UNKNOWN);
        int looks = ana.controller.headers;

        ana.controller.broken = null;
        ana.pass(Duration.ofSeconds(7));

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, OPTIMIZED);
        assertThat(ana.controller.headers - looks).isLessThan(5);
    }

    @Test
    void errorDoesNotWaitForTheNextLook() {
        Path path = member(AnaState.OPTIMIZED);
        ana.controller.put(1, AnaState.INACCESSIBLE);

        path.error();
        ana.settle();

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, UNAVAILABLE);
    }

    /** The header that is under way tells nothing of what the error came of. */
    @Test
    void errorDuringALookIsReadForAfterIt() {
        Path path = member(AnaState.OPTIMIZED);
        ana.world.blocking().holdMessages();
        ana.world.runUntil(() -> ana.controller.headers > 0, MINUTE);
        path.error();
        ana.settle();

        ana.answerArrives();

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, OPTIMIZED);
        assertThat(ana.controller.reads).isEqualTo(2);
    }

    @Test
    void memberAddedDuringALookHasItsStateAtOnce() {
        member(AnaState.OPTIMIZED);
        ana.world.blocking().holdMessages();
        ana.world.runUntil(() -> ana.controller.headers > 0, MINUTE);

        Path added = ana.add(1);
        ana.settle();

        assertThat(added.known).isEqualTo(1);
        assertThat(ana.controller.reads).isEqualTo(1);
    }

    @Test
    void nothingIsPolledWhileTheControllerIsAway() {
        member(AnaState.OPTIMIZED);
        ana.notLive();
        ana.pass(MINUTE);

        assertThat(ana.controller.headers).isZero();
        assertThat(ana.timersPending()).isZero();
    }

    @Test
    void lookThatIsUnderWayWhenTheLastMemberLeavesStartsNothing() {
        Path path = member(AnaState.OPTIMIZED);
        ana.world.blocking().holdMessages();
        ana.world.runUntil(() -> ana.controller.headers > 0, MINUTE);
        ana.controller.put(1, AnaState.INACCESSIBLE);
        ana.remove(path);
        ana.settle();

        ana.answerArrives();
        ana.pass(MINUTE);

        assertThat(path.reports).containsExactly(OPTIMIZED);
        assertThat(ana.controller.reads).isEqualTo(1);
        assertThat(ana.controller.headers).isEqualTo(1);
        assertThat(ana.timersPending()).isZero();
    }

    @Test
    void lookFailingAfterTheLastMemberLeftStartsNothing() {
        Path path = member(AnaState.OPTIMIZED);
        ana.controller.broken = "no answer";
        ana.world.blocking().holdMessages();
        ana.world.runUntil(() -> ana.controller.headers > 0, MINUTE);
        ana.remove(path);
        ana.settle();

        ana.answerArrives();

        assertThat(ana.timersPending()).isZero();
    }

    private Path member(AnaState state) {
        ana.controller.put(1, state, 1);
        Path path = ana.add(1);
        ana.live();
        ana.settle();
        return path;
    }
}
