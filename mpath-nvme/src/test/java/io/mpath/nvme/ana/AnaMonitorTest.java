package io.mpath.nvme.ana;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.PERSISTENT_LOSS;
import static io.mpath.AccessState.TRANSITIONING;
import static io.mpath.AccessState.UNAVAILABLE;
import static io.mpath.AccessState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mpath.nvme.ana.AnaWorld.Path;
import io.mpath.nvme.command.AnaState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each member's state is after what has happened. Histories of many kinds are in {@link AnaMonitorProperties}. */
class AnaMonitorTest {
    private final AnaWorld ana = AnaWorld.withEvents();

    @Test
    void oneReadTellsTheStateOfEachMember() {
        ana.controller
                .put(1, AnaState.OPTIMIZED, 1, 9)
                .put(2, AnaState.NON_OPTIMIZED, 2)
                .put(3, AnaState.INACCESSIBLE, 3)
                .put(4, AnaState.PERSISTENT_LOSS, 4)
                .put(5, AnaState.CHANGE, 5);
        List<Path> paths = new ArrayList<>();
        for (int nsid : new int[] {9, 3, 5, 1, 4, 2}) {
            paths.add(ana.add(nsid));
        }

        ana.live();
        ana.settle();

        assertThat(paths)
                .extracting(Path::state)
                .containsExactly(OPTIMIZED, UNAVAILABLE, TRANSITIONING, OPTIMIZED, PERSISTENT_LOSS, NON_OPTIMIZED);
        assertThat(paths).allMatch(path -> path.known == 1);
        assertThat(ana.controller.reads).isEqualTo(1);
        assertThat(ana.bulkReports).containsExactly(6);
    }

    @Test
    void onlyWhatChangedIsReported() {
        Path stays = liveMember(1);
        Path moves = ana.add(2);
        ana.settle();

        ana.controller.put(2, AnaState.NON_OPTIMIZED, 2);
        ana.monitor.changed();
        ana.settle();

        assertThat(stays.reports).containsExactly(OPTIMIZED);
        assertThat(moves.reports).containsExactly(OPTIMIZED, NON_OPTIMIZED);
        assertThat(moves.known).isEqualTo(1);
    }

    @Test
    void namespacesThatAreNoMembersAreSkipped() {
        ana.controller.put(1, AnaState.INACCESSIBLE, 1, 2, 4, 6, 7).put(2, AnaState.OPTIMIZED, 3, 5, 8);
        Path three = ana.add(3);
        Path six = ana.add(6);
        ana.live();
        ana.settle();

        assertThat(three.state()).isEqualTo(OPTIMIZED);
        assertThat(six.state()).isEqualTo(UNAVAILABLE);
    }

    /** Linux once stopped matching at a namespace of its own that the log did not list. */
    @Test
    void memberThatIsNotListedDoesNotDisturbItsNeighbours() {
        ana.controller.put(1, AnaState.NON_OPTIMIZED, 1, 3, 5).put(2, AnaState.INACCESSIBLE, 4);
        List<Path> paths = new ArrayList<>();
        for (int nsid = 1; nsid <= 6; nsid++) {
            paths.add(ana.add(nsid));
        }

        ana.live();
        ana.settle();

        assertThat(paths)
                .extracting(Path::state)
                .containsExactly(NON_OPTIMIZED, UNKNOWN, NON_OPTIMIZED, UNAVAILABLE, NON_OPTIMIZED, UNKNOWN);
    }

    @Test
    void memberThatAddsToAKnownLogHasItsStateAtOnce() {
        liveMember(1);
        ana.controller.put(1, AnaState.OPTIMIZED, 1);

        List<Integer> knownInside = new ArrayList<>();
        var second = ana.new Path(2);
        ana.onLoop(() -> {
            ana.monitor.add(second);
            knownInside.add(second.known);
        });
        ana.settle();

        assertThat(knownInside).containsExactly(1);
        assertThat(second.reports).containsExactly(OPTIMIZED);
        assertThat(ana.controller.reads).isEqualTo(1);
    }

    @Test
    void stateIsReportedBeforeItIsSaidToBeKnown() {
        ana.controller.put(1, AnaState.OPTIMIZED, 1);
        Path path = ana.add(1);
        path.whenReported = () -> assertThat(path.known).isZero();
        path.whenKnown = () -> assertThat(path.reports).hasSize(1);
        ana.live();
        ana.settle();

        assertThat(path.known).isEqualTo(1);
    }

    @Test
    void memberThatTheKnownLogDoesNotListIsReadFor() {
        Path first = liveMember(1);
        ana.controller.put(2, AnaState.NON_OPTIMIZED, 70);

        Path added = ana.add(70);
        ana.settle();

        assertThat(added.reports).containsExactly(NON_OPTIMIZED);
        assertThat(first.reports).containsExactly(OPTIMIZED);
        assertThat(ana.controller.reads).isEqualTo(2);
    }

    @Test
    void unlistedMemberKeepsItsStateUntilASecondLogDoesNotListItEither() {
        Path path = liveMember(1);
        Path neighbour = ana.add(2);
        ana.settle();

        ana.controller.unlist(1);
        ana.monitor.changed();
        ana.lookWithoutAnswer();
        ana.controller.put(1, AnaState.OPTIMIZED, 1);
        ana.answerArrives();

        assertThat(path.reports).containsExactly(OPTIMIZED);
        assertThat(ana.controller.reads).isEqualTo(3);

        ana.controller.unlist(1);
        ana.monitor.changed();
        ana.settle();

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN);
        assertThat(neighbour.reports).containsExactly(OPTIMIZED);
        assertThat(ana.controller.reads).isEqualTo(5);
    }

    /** Whether a namespace that is listed again makes an ANA event, or one of its attributes, is the controller's business. */
    @Test
    void unlistedMemberIsFoundAgainWithoutAnEvent() {
        Path path = liveMember(1);
        ana.controller.unlist(1);
        ana.monitor.changed();
        ana.settle();

        ana.controller.put(1, AnaState.OPTIMIZED, 1);
        ana.pass(AnaWorld.POLL.multipliedBy(2));

        assertThat(path.state()).isEqualTo(OPTIMIZED);
        assertThat(ana.timersPending()).isZero();
    }

    @Test
    void groupMembershipIsTheLogs() {
        Path path = liveMember(1);
        ana.controller.put(2, AnaState.INACCESSIBLE, 1);

        ana.monitor.changed();
        ana.settle();

        assertThat(path.state()).isEqualTo(UNAVAILABLE);
    }

    @Test
    void pathsKeepTheirStatesWhileAChangeIsBeingRead() {
        Path path = liveMember(1);
        ana.controller.put(1, AnaState.INACCESSIBLE);

        ana.monitor.changed();
        ana.lookWithoutAnswer();
        assertThat(path.state()).isEqualTo(OPTIMIZED);

        ana.answerArrives();
        assertThat(path.state()).isEqualTo(UNAVAILABLE);
    }

    @Test
    void changesThatComeTogetherCostTwoReadsAtMost() {
        liveMember(1);

        for (int i = 0; i < 100; i++) {
            ana.monitor.changed();
        }
        ana.lookWithoutAnswer();
        for (int i = 0; i < 100; i++) {
            ana.monitor.changed();
        }
        ana.answerArrives();

        assertThat(ana.controller.reads).isEqualTo(1 + 2);
    }

    @Test
    void logThatCannotBeReadLeavesNothingUsable() {
        Path path = liveMember(1);
        Path lost = ana.add(2);
        ana.controller.put(2, AnaState.PERSISTENT_LOSS, 2);
        ana.monitor.changed();
        ana.settle();

        ana.controller.broken = "no answer";
        ana.monitor.changed();
        ana.settle();

        assertThat(List.of(path.state(), lost.state())).containsExactly(UNKNOWN, UNKNOWN);

        ana.controller.broken = null;
        ana.pass(AnaWorld.TROUBLE.multipliedBy(2));

        assertThat(List.of(path.state(), lost.state())).containsExactly(OPTIMIZED, PERSISTENT_LOSS);
    }

    @Test
    void logThatNeverCouldBeReadLeavesAMemberKnownToBeUnknown() {
        ana.controller.broken = "no answer";
        Path path = ana.add(1);
        ana.live();
        ana.settle();

        assertThat(path.reports).containsExactly(UNKNOWN);
        assertThat(path.known).isEqualTo(1);

        ana.pass(Duration.ofMinutes(1));
        ana.controller.put(1, AnaState.OPTIMIZED, 1).broken = null;
        ana.pass(Duration.ofSeconds(7));

        assertThat(path.reports).containsExactly(UNKNOWN, OPTIMIZED);
        assertThat(path.known).isEqualTo(1);
    }

    @Test
    void pausesBetweenAttemptsGrowToSomeSeconds() {
        liveMember(1);
        ana.controller.broken = "no answer";
        ana.monitor.changed();
        ana.settle();
        int reads = ana.controller.reads;

        ana.pass(Duration.ofSeconds(1));
        assertThat(ana.controller.reads - reads).isBetween(2, 3);

        reads = ana.controller.reads;
        ana.pass(Duration.ofMinutes(1));
        assertThat(ana.controller.reads - reads).isBetween(9, 20);

        ana.controller.broken = null;
        ana.pass(Duration.ofSeconds(7));
        ana.controller.broken = "no answer";
        ana.monitor.changed();
        ana.settle();
        reads = ana.controller.reads;
        ana.pass(Duration.ofSeconds(1));
        assertThat(ana.controller.reads - reads).isBetween(2, 3);
    }

    @Test
    void errorThrownBySourceIsAFailedRead() {
        Path path = liveMember(1);
        ana.controller.crash = new AssertionError("a bug of the transport's");
        path.error();
        ana.settle();

        assertThat(path.state()).isEqualTo(UNKNOWN);
        assertThat(ana.timersPending()).isEqualTo(1);
    }

    @Test
    void nothingIsReadOfAControllerThatIsNotLive() {
        ana.controller.put(1, AnaState.OPTIMIZED, 1);
        Path path = ana.add(1);
        path.error();
        ana.monitor.changed();
        ana.pass(Duration.ofMinutes(1));

        assertThat(ana.controller.reads).isZero();
        assertThat(path.known).isZero();
    }

    /** What was true before a reset need not be true after it. */
    @Test
    void nothingIsUsableAfterALossUntilTheLogWasReadAnew() {
        Path path = liveMember(1);

        ana.notLive();
        ana.settle();
        assertThat(path.state()).isEqualTo(UNKNOWN);

        ana.pass(Duration.ofMinutes(1));
        assertThat(ana.controller.reads).isEqualTo(1);

        ana.controller.put(1, AnaState.NON_OPTIMIZED);
        ana.live();
        ana.lookWithoutAnswer();
        assertThat(path.state()).isEqualTo(UNKNOWN);

        ana.answerArrives();
        assertThat(path.state()).isEqualTo(NON_OPTIMIZED);
        assertThat(path.known).isEqualTo(1);
    }

    @Test
    void lastMemberTakesAllTimersWithIt() {
        var polled = AnaWorld.polled();
        polled.controller.put(1, AnaState.CHANGE, 1, 2);
        Path first = polled.add(1);
        Path second = polled.add(2);
        polled.live();
        polled.settle();
        polled.remove(first);
        polled.settle();
        assertThat(polled.timersPending()).isEqualTo(2);

        polled.remove(second);
        polled.pass(Duration.ofMinutes(1));

        assertThat(polled.timersPending()).isZero();
        assertThat(polled.controller.reads + polled.controller.headers).isEqualTo(1);
    }

    @Test
    void monitorThatWasLeftByAllServesAgain() {
        Path first = liveMember(1);
        ana.remove(first);
        ana.settle();
        ana.controller.put(1, AnaState.NON_OPTIMIZED);

        Path next = ana.add(1);
        ana.settle();

        assertThat(next.reports).containsExactly(NON_OPTIMIZED);
        assertThat(first.reports).containsExactly(OPTIMIZED);
    }

    @Test
    void memberMayBeRemovedByWhatItIsTold() {
        ana.controller.put(1, AnaState.OPTIMIZED, 1, 2);
        Path first = ana.add(1);
        Path second = ana.add(2);
        first.whenKnown = () -> {
            ana.monitor.remove(first);
            ana.monitor.remove(second);
        };
        ana.live();
        ana.settle();

        assertThat(second.known).isZero();
        assertThat(ana.timersPending()).isZero();
    }

    @Test
    void pathIsAMemberOnce() {
        Path path = liveMember(1);

        ana.onLoop(() -> assertThatIllegalStateException()
                .isThrownBy(() -> ana.monitor.add(path))
                .withMessageContaining("namespace 1"));
        ana.settle();
    }

    @Test
    void timesAreAboveZero() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AnaTiming(0, 1, true, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new AnaTiming(1, 0, true, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new AnaTiming(1, 1, true, -1));
    }

    /** Of a controller whose namespaces 1 and 2 are optimized. */
    private Path liveMember(long nsid) {
        ana.controller.put(1, AnaState.OPTIMIZED, 1, 2);
        Path path = ana.add(nsid);
        ana.live();
        ana.settle();
        assertThat(path.reports).containsExactly(OPTIMIZED);
        return path;
    }
}
