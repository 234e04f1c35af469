package io.mpath.scsi.alua;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OFFLINE;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.STANDBY;
import static io.mpath.AccessState.TRANSITIONING;
import static io.mpath.AccessState.UNAVAILABLE;
import static io.mpath.AccessState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mpath.MultipathException;
import io.mpath.scsi.alua.AluaWorld.Path;
import io.mpath.scsi.alua.AluaWorld.Unit;
import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.command.HostByte;
import io.mpath.scsi.command.SenseData;
import io.mpath.scsi.command.SenseKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each path's state is after what has happened, and what that cost. */
class AluaMonitorTest {
    private static final Duration RETRIED = Duration.ofSeconds(2);

    private final AluaWorld alua = AluaWorld.seeded(1);
    private final Unit unit = alua.unit();

    @Test
    void oneCommandTellsTheStateOfEachPath() {
        unit.put(1, AluaState.OPTIMIZED)
                .put(2, AluaState.NON_OPTIMIZED)
                .put(3, AluaState.STANDBY)
                .put(4, AluaState.UNAVAILABLE)
                .put(5, AluaState.LBA_DEPENDENT)
                .put(6, AluaState.OFFLINE)
                .put(7, AluaState.TRANSITIONING);
        List<Path> paths = new ArrayList<>();
        for (int group = 1; group <= 7; group++) {
            paths.add(alua.new Path(unit, "p" + group, group));
        }

        alua.onLoop(() -> paths.forEach(unit.monitor::add));
        alua.settle();

        assertThat(paths)
                .extracting(Path::state)
                .containsExactly(OPTIMIZED, NON_OPTIMIZED, STANDBY, UNAVAILABLE, NON_OPTIMIZED, OFFLINE, TRANSITIONING);
        assertThat(paths).allMatch(path -> path.known == 1);
        assertThat(unit.commands).hasSize(1);
        assertThat(unit.bulkReports).containsExactly(7);
    }

    @Test
    void preferenceIsReportedWithTheState() {
        unit.put(1, AluaState.STANDBY).put(2, AluaState.OPTIMIZED).group(1).preferred = true;
        Path first = unit.add("a", 1);
        Path second = unit.add("b", 2);
        alua.settle();
        assertThat(first.preferred).isTrue();
        assertThat(second.preferred).isFalse();

        unit.group(1).preferred = false;
        unit.monitor.changed();
        alua.settle();

        assertThat(first.preferred).isFalse();
        assertThat(first.reports).containsExactly(STANDBY, STANDBY);
        assertThat(second.reports).containsExactly(OPTIMIZED);
    }

    @Test
    void stateIsReportedBeforeItIsSaidToBeKnown() {
        unit.put(1, AluaState.OPTIMIZED);
        Path path = unit.add("a", 1);
        path.whenReported = () -> assertThat(path.known).isZero();
        path.whenKnown = () -> assertThat(path.reports).hasSize(1);

        alua.settle();

        assertThat(path.known).isEqualTo(1);
    }

    @Test
    void pathAddedLaterIsAReasonToAsk() {
        Path first = optimized("a");
        alua.pass(Duration.ofMinutes(1));
        unit.put(1, AluaState.NON_OPTIMIZED);

        Path second = unit.add("b", 1);
        alua.settle();

        assertThat(first.state()).isEqualTo(NON_OPTIMIZED);
        assertThat(second.reports).containsExactly(NON_OPTIMIZED);
        assertThat(unit.commands).hasSize(2);
    }

    @Test
    void pathAddedRightAfterAnAnswerHasItsStateFromThatAtOnce() {
        optimized("a");
        Path second = alua.new Path(unit, "b", 1);
        List<Integer> knownInside = new ArrayList<>();
        alua.onLoop(() -> {
            unit.monitor.add(second);
            knownInside.add(second.known);
        });
        alua.settle();

        assertThat(knownInside).containsExactly(1);
        assertThat(second.reports).containsExactly(OPTIMIZED);
        assertThat(unit.commands).hasSize(1);
    }

    @Test
    void pathIsNoMemberTwice() {
        Path path = optimized("a");

        assertThatIllegalStateException()
                .isThrownBy(() -> unit.monitor.add(path))
                .withMessageContaining("a");
    }

    @Test
    void pathOfAnotherGroupThanThoseListedIsUnknownAfterTheSecondAnswer() {
        unit.put(1, AluaState.OPTIMIZED);
        Path listed = unit.add("a", 1);
        Path unlisted = unit.add("b", 9);

        alua.settle();

        assertThat(listed.reports).containsExactly(OPTIMIZED);
        assertThat(unlisted.reports).containsExactly(UNKNOWN);
        assertThat(unlisted.known).isEqualTo(1);
        assertThat(unit.commands).hasSize(2);
    }

    @Test
    void pathWhoseGroupIsMissingOnceKeepsItsState() {
        unit.put(1, AluaState.OPTIMIZED).put(2, AluaState.OPTIMIZED);
        Path stays = unit.add("a", 1);
        Path missing = unit.add("b", 2);
        alua.settle();
        unit.groups.remove(2);
        stays.whenAsked = missing.whenAsked = () -> {
            if (unit.commands.size() == 3) {
                unit.put(2, AluaState.NON_OPTIMIZED);
            }
        };

        unit.monitor.changed();
        alua.settle();

        assertThat(missing.reports).containsExactly(OPTIMIZED, NON_OPTIMIZED);
        assertThat(unit.commands).hasSize(3);
    }

    @Test
    void groupThatIsNotListedIsAskedForSlowlyUntilItIs() {
        unit.put(1, AluaState.OPTIMIZED);
        Path path = unit.add("a", 2);
        alua.settle();
        alua.pass(Duration.ofMinutes(1));
        assertThat(unit.commands.size()).isBetween(2 + 4, 2 + 8);

        unit.put(2, AluaState.STANDBY);
        alua.pass(Duration.ofSeconds(13));

        assertThat(path.reports).containsExactly(UNKNOWN, STANDBY);
        assertThat(alua.timersPending()).isZero();
    }

    @Test
    void shortAnswerToTheExtendedFormIsTaken() {
        unit.knowsExtended = false;

        assertThat(optimized("a").reports).containsExactly(OPTIMIZED);
        assertThat(unit.commands).hasSize(1);
    }

    @Test
    void extendedFormThatIsRefusedIsNotAskedForAgain() {
        unit.refusesExtended = true;
        Path path = optimized("a");
        assertThat(path.reports).containsExactly(OPTIMIZED);
        assertThat(unit.commands).hasSize(2);

        unit.monitor.changed();
        alua.settle();

        assertThat(unit.commands).hasSize(3);
    }

    /** 25/00 says that the logical unit is not there, not that the command is wrong. */
    @Test
    void logicalUnitThatIsNotThereSaysNothingOfTheExtendedForm() {
        unit.put(1, AluaState.OPTIMIZED);
        Path path = alua.new Path(unit, "a", 1);
        path.script.add(AluaWorld.ended(SenseData.of(SenseKey.ILLEGAL_REQUEST, 0x25, 0)));
        alua.onLoop(() -> unit.monitor.add(path));
        alua.settle();
        unit.refusesExtended = true;
        alua.pass(RETRIED);

        assertThat(unit.commands).hasSize(1 + 2);
        assertThat(path.state()).isEqualTo(OPTIMIZED);
    }

    @Test
    void answerThatDidNotFitIsAskedForWithItsLength() {
        unit.put(1, AluaState.STANDBY).put(2, AluaState.OPTIMIZED).group(1).ports = 255;
        Path path = unit.add("a", 2);
        alua.settle();
        assertThat(path.reports).containsExactly(OPTIMIZED);
        assertThat(unit.commands).hasSize(2);

        unit.monitor.changed();
        alua.settle();

        assertThat(unit.commands).hasSize(3);
    }

    @Test
    void answerThatWouldTakeTooMuchIsRefused() {
        unit.nonsense = ByteBuffer.allocate(4096).putInt(0, 0x7fff_0000);

        Path path = optimized("a");

        assertThat(path.reports).containsExactly(UNKNOWN);
        assertThat(unit.commands).as("in either form").hasSize(2);
    }

    @Test
    void extendedFormThatIsNonsenseIsNotAskedForAgainWhereTheShortOneTells() {
        unit.nonsenseInExtendedForm = nonsense();
        Path path = optimized("a");
        assertThat(path.reports).containsExactly(OPTIMIZED);
        assertThat(unit.commands).hasSize(2);

        unit.monitor.changed();
        alua.settle();

        assertThat(unit.commands).hasSize(3);
    }

    @Test
    void unitAttentionsAreWorkedOff() {
        unit.put(1, AluaState.NON_OPTIMIZED);
        Path path = alua.new Path(unit, "a", 1);
        path.script.add(AluaWorld.ended(AluaWorld.RESET));
        path.script.add(AluaWorld.ended(AluaWorld.STATE_CHANGED));
        alua.onLoop(() -> unit.monitor.add(path));
        alua.settle();

        assertThat(path.reports).containsExactly(NON_OPTIMIZED);
        assertThat(unit.commands).hasSize(3);
    }

    @Test
    void unitAttentionsWithoutEndAreGivenUp() {
        unit.put(1, AluaState.OPTIMIZED);
        Path path = alua.new Path(unit, "a", 1);
        for (int i = 0; i < 100; i++) {
            path.script.add(AluaWorld.ended(AluaWorld.RESET));
        }
        alua.onLoop(() -> unit.monitor.add(path));
        alua.settle();

        assertThat(unit.commands).hasSize(1 + AluaLook.MOST_ATTENTIONS);
        assertThat(path.reports).containsExactly(UNKNOWN);
        assertThat(path.known).isEqualTo(1);
    }

    @Test
    void pathThatCannotBeAskedIsPassedOver() {
        unit.put(1, AluaState.NON_OPTIMIZED);
        Path dead = alua.new Path(unit, "a", 1);
        dead.broken = HostByte.DID_NO_CONNECT;
        Path gone = alua.new Path(unit, "b", 1);
        gone.crash = new MultipathException("gone");
        Path away = alua.new Path(unit, "c", 1);
        away.live = false;
        Path works = alua.new Path(unit, "d", 1);
        for (Path path : List.of(dead, gone, away, works)) {
            alua.onLoop(() -> unit.monitor.add(path));
        }
        alua.settle();
        assertThat(unit.commands).containsExactly("RTPG a", "RTPG b", "RTPG d");
        assertThat(List.of(dead, gone, away, works)).allMatch(path -> path.state() == NON_OPTIMIZED);

        unit.monitor.changed();
        alua.settle();

        assertThat(unit.commands.subList(3, unit.commands.size())).containsExactly("RTPG d");
    }

    @Test
    void pathThatFailedIsAskedAgainAfterItsNexusReturned() {
        unit.put(1, AluaState.OPTIMIZED);
        Path path = unit.add("a", 1);
        Path other = unit.add("b", 1);
        alua.settle();
        path.broken = HostByte.DID_TRANSPORT_DISRUPTED;
        unit.monitor.changed();
        alua.settle();
        path.broken = null;
        path.nexusLive();
        alua.settle();
        other.broken = HostByte.DID_NO_CONNECT;
        unit.commands.clear();

        unit.monitor.changed();
        alua.settle();
        unit.monitor.changed();
        alua.settle();

        assertThat(unit.commands).last().isEqualTo("RTPG a");
        assertThat(path.state()).isEqualTo(OPTIMIZED);
    }

    /** Which nexus is dead is told elsewhere; a state does not change because nobody could be asked. */
    @Test
    void statesAreKeptWhileNobodyAnswers() {
        Path first = optimized("a");
        Path second = unit.add("b", 1);
        alua.settle();
        first.broken = second.broken = HostByte.DID_TIME_OUT;

        unit.monitor.changed();
        alua.settle();
        alua.pass(Duration.ofMinutes(2));
        assertThat(first.reports).containsExactly(OPTIMIZED);
        assertThat(second.reports).containsExactly(OPTIMIZED);

        unit.put(1, AluaState.STANDBY);
        first.broken = null;
        alua.pass(Duration.ofSeconds(40));
        assertThat(second.state()).isEqualTo(STANDBY);
        assertThat(alua.timersPending()).isZero();
    }

    @Test
    void attemptsThatFailGetRarer() {
        Path path = optimized("a");
        path.broken = HostByte.DID_TIME_OUT;
        unit.monitor.changed();
        alua.settle();

        alua.pass(Duration.ofMinutes(10));

        assertThat(unit.commands.size()).isBetween(2 + 5 + 14, 2 + 5 + 27);
    }

    @Test
    void firstStateIsUnknownWhereNobodyAnswers() {
        unit.put(1, AluaState.OPTIMIZED);
        Path path = alua.new Path(unit, "a", 1);
        path.broken = HostByte.DID_TIME_OUT;
        alua.onLoop(() -> unit.monitor.add(path));
        alua.settle();
        assertThat(path.reports).containsExactly(UNKNOWN);
        assertThat(path.known).isEqualTo(1);

        path.broken = null;
        alua.pass(RETRIED);

        assertThat(path.reports).containsExactly(UNKNOWN, OPTIMIZED);
        assertThat(path.known).isEqualTo(1);
    }

    /** It answers, so its I/O may work; and where it does not, the I/O says so. */
    @Test
    void statesAreKeptWhileTheUnitTellsNonsense() {
        Path path = optimized("a");
        unit.nonsense = nonsense();

        unit.monitor.changed();
        alua.settle();
        alua.pass(Duration.ofMinutes(2));
        assertThat(path.reports).containsExactly(OPTIMIZED);

        unit.nonsense = null;
        unit.put(1, AluaState.STANDBY);
        alua.pass(Duration.ofSeconds(40));
        assertThat(path.state()).isEqualTo(STANDBY);
    }

    @Test
    void statesAreKeptWhereOnePathRefusesToTellThemAndTheOtherIsSilent() {
        Path first = optimized("a");
        Path second = unit.add("b", 1);
        alua.settle();
        first.script.add(AluaWorld.ended(AluaWorld.INVALID_FIELD));
        first.script.add(AluaWorld.ended(AluaWorld.INVALID_FIELD));
        second.broken = HostByte.DID_TIME_OUT;
        unit.put(1, AluaState.STANDBY);

        unit.monitor.changed();
        alua.settle();
        assertThat(first.reports).containsExactly(OPTIMIZED);
        assertThat(second.reports).containsExactly(OPTIMIZED);

        alua.pass(RETRIED);
        assertThat(first.state()).isEqualTo(STANDBY);
    }

    /** Which of its states holds, nobody knows: there is none to be kept. */
    @Test
    void pathThatNeverHadAStateIsUnknownWhileTheUnitTellsNonsense() {
        Path first = optimized("a");
        unit.nonsense = nonsense();
        unit.monitor.changed();
        alua.settle();

        Path second = unit.add("b", 1);
        alua.settle();
        assertThat(second.reports).containsExactly(UNKNOWN);
        assertThat(second.known).isEqualTo(1);
        assertThat(first.reports).containsExactly(OPTIMIZED);

        unit.nonsense = null;
        alua.pass(Duration.ofSeconds(5));
        assertThat(second.state()).isEqualTo(OPTIMIZED);
    }

    @Test
    void pathWhoseStateWasToldToBeWrongIsUnknownWhileTheUnitTellsNonsense() {
        Path path = optimized("a");
        unit.nonsense = nonsense();

        path.sense(AluaWorld.STANDBY);
        alua.pass(Duration.ofMinutes(1));

        assertThat(path.state()).isEqualTo(UNKNOWN);
    }

    @Test
    void oddGroupThatNoPathIsInDoesNoHarm() {
        unit.put(7, AluaState.OPTIMIZED).group(7).odd = true;
        Path path = optimized("a");
        assertThat(path.reports).containsExactly(OPTIMIZED);

        unit.put(1, AluaState.STANDBY);
        unit.monitor.changed();
        alua.settle();

        assertThat(path.state()).isEqualTo(STANDBY);
        assertThat(alua.timersPending()).isZero();
    }

    @Test
    void pathOfAGroupThatBecomesOddKeepsItsStateAndIsAskedForSlowly() {
        Path path = optimized("a");
        Path other = unit.put(2, AluaState.OPTIMIZED).add("b", 2);
        alua.settle();
        unit.group(1).odd = true;
        unit.put(2, AluaState.STANDBY);
        unit.monitor.changed();
        alua.settle();
        assertThat(path.reports).containsExactly(OPTIMIZED);
        assertThat(other.state()).isEqualTo(STANDBY);

        unit.put(1, AluaState.STANDBY).group(1).odd = false;
        alua.pass(Duration.ofSeconds(13));

        assertThat(path.state()).isEqualTo(STANDBY);
        assertThat(alua.timersPending()).isZero();
    }

    @Test
    void pathOfAGroupThatWasOddFromTheFirstIsUnknown() {
        unit.put(1, AluaState.OPTIMIZED).group(1).odd = true;

        Path path = unit.add("a", 1);
        alua.settle();

        assertThat(path.reports).containsExactly(UNKNOWN);
        assertThat(path.known).isEqualTo(1);
    }

    @Test
    void transitionOfAGroupThatBecomesOddEndsInTime() {
        unit.put(1, AluaState.TRANSITIONING);
        Path path = unit.add("a", 1);
        alua.settle();
        unit.group(1).odd = true;
        unit.monitor.changed();

        alua.pass(Duration.ofSeconds(61));

        assertThat(path.reports).containsExactly(TRANSITIONING, STANDBY);
    }

    @Test
    void unitThatWasOnlyEverOptimizedMayFailToSaySo() {
        unit.put(1, AluaState.OPTIMIZED).group(1).supported = 0x01;
        Path path = unit.add("a", 1);
        alua.settle();
        unit.nonsense = ByteBuffer.allocate(0);

        unit.monitor.changed();
        alua.settle();

        assertThat(path.reports).containsExactly(OPTIMIZED);
    }

    @Test
    void nobodyIsAskedWhileNoNexusIsLive() {
        unit.put(1, AluaState.OPTIMIZED);
        Path path = alua.new Path(unit, "a", 1);
        path.live = false;
        alua.onLoop(() -> unit.monitor.add(path));
        unit.monitor.changed();
        alua.pass(Duration.ofMinutes(5));
        assertThat(unit.commands).isEmpty();
        assertThat(path.known).isZero();

        path.nexusLive();
        alua.settle();

        assertThat(path.state()).isEqualTo(OPTIMIZED);
        assertThat(path.known).isEqualTo(1);
    }

    @Test
    void pathWhoseNexusReturnsIsUnknownUntilItsStateWasRead() {
        Path path = optimized("a");
        path.nexusNotLive();
        alua.settle();
        unit.put(1, AluaState.STANDBY);

        path.nexusLive();
        alua.settle();

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, STANDBY);
        assertThat(unit.commands).hasSize(2);
    }

    @Test
    void pathOfAnotherGroupAfterItWasDescribedAnewIsReadAnew() {
        unit.put(1, AluaState.OPTIMIZED).put(2, AluaState.STANDBY);
        Path path = unit.add("a", 1);
        alua.settle();
        alua.onLoop(() -> unit.monitor.described(path));
        alua.settle();
        assertThat(unit.commands).hasSize(1);

        alua.onLoop(() -> {
            path.group = 2;
            unit.monitor.described(path);
        });
        alua.settle();

        assertThat(path.reports).containsExactly(OPTIMIZED, UNKNOWN, STANDBY);
    }

    @Test
    void quietUnitWithoutChecksIsLeftAlone() {
        optimized("a");

        alua.pass(Duration.ofHours(1));

        assertThat(unit.commands).hasSize(1);
        assertThat(alua.timersPending()).isZero();
    }

    private static ByteBuffer nonsense() {
        return ByteBuffer.allocate(16).putInt(0, 12).put(4, (byte) 0x70);
    }

    private Path optimized(String name) {
        unit.put(1, AluaState.OPTIMIZED);
        Path path = unit.add(name, 1);
        alua.settle();
        return path;
    }
}
