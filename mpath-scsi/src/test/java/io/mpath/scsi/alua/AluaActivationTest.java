package io.mpath.scsi.alua;

import static io.mpath.AccessState.OFFLINE;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.STANDBY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.scsi.alua.AluaWorld.Path;
import io.mpath.scsi.alua.AluaWorld.Unit;
import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.command.HostByte;
import io.mpath.scsi.command.SenseData;
import io.mpath.scsi.command.SenseKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When SET TARGET PORT GROUPS is sent, to which group, and how often. */
class AluaActivationTest {
    private final AluaWorld alua = AluaWorld.seeded(1);
    private final Unit unit = alua.activatedUnit();

    @Test
    void nothingIsSentUnlessItWasAskedFor() {
        Unit left = alua.unit("lun1", Duration.ZERO).put(1, AluaState.STANDBY);
        left.add("a", 1);
        alua.settle();

        alua.pass(Duration.ofHours(1));

        assertThat(left.commands).containsExactly("RTPG a");
    }

    @Test
    void groupIsMadeOptimizedWhenNoPathIsUsable() {
        unit.put(1, AluaState.UNAVAILABLE).put(2, AluaState.STANDBY);
        Path first = unit.add("a", 1);
        Path second = unit.add("b", 2);
        settle();

        assertThat(unit.count("STPG b")).isEqualTo(1);
        assertThat(unit.count("STPG")).isEqualTo(1);
        assertThat(unit.commands).last().isNotEqualTo("STPG b");
        assertThat(first.state()).isEqualTo(io.mpath.AccessState.UNAVAILABLE);
        assertThat(second.state()).isEqualTo(OPTIMIZED);
        assertThat(alua.timersPending()).isZero();
    }

    /** It ends when the group has changed: to give it up before may have the target give it up. */
    @Test
    void activationIsGivenAsLongAsATransitionMayTake() {
        unit.put(1, AluaState.STANDBY);
        unit.add("a", 1);
        settle();
        assertThat(unit.commands).containsExactly("RTPG a", "STPG a", "RTPG a");
        assertThat(unit.timeouts).containsExactly(Duration.ZERO, Duration.ofMinutes(1), Duration.ZERO);
    }

    @Test
    void activationIsGivenTheTransitionTimeThatTheUnitTellsWhereThatIsLonger() {
        unit.transitionSeconds = 200;
        unit.put(1, AluaState.STANDBY);
        unit.add("a", 1);
        settle();
        assertThat(unit.timeouts).contains(Duration.ofSeconds(200));
    }

    @Test
    void preferredGroupComesFirst() {
        unit.put(1, AluaState.STANDBY).put(2, AluaState.UNAVAILABLE).group(2).preferred = true;
        unit.add("a", 1);
        unit.add("b", 2);
        settle();

        assertThat(unit.count("STPG b")).isEqualTo(1);
        assertThat(unit.count("STPG a")).isZero();
    }

    @Test
    void usableGroupIsLeftAsTheTargetHasIt() {
        unit.put(1, AluaState.NON_OPTIMIZED).put(2, AluaState.STANDBY).group(2).preferred = true;
        unit.add("a", 1);
        unit.add("b", 2);

        alua.pass(Duration.ofMinutes(10));

        assertThat(unit.count("STPG")).isZero();
    }

    @Test
    void usableGroupOfADeadNexusIsNone() {
        unit.put(1, AluaState.OPTIMIZED).put(2, AluaState.STANDBY);
        Path first = unit.add("a", 1);
        Path second = unit.add("b", 2);
        settle();
        assertThat(unit.count("STPG")).isZero();

        first.nexusNotLive();
        settle();

        assertThat(unit.count("STPG b")).isEqualTo(1);
        assertThat(second.state()).isEqualTo(OPTIMIZED);
    }

    @Test
    void groupThatIsOnItsWayIsWaitedFor() {
        unit.put(1, AluaState.TRANSITIONING);
        unit.add("a", 1);
        alua.pass(Duration.ofSeconds(59));
        assertThat(unit.count("STPG")).isZero();

        alua.pass(Duration.ofSeconds(2));

        assertThat(unit.count("STPG")).isEqualTo(1);
    }

    @Test
    void offlineGroupNeedsAnOperator() {
        unit.put(1, AluaState.OFFLINE);
        Path path = unit.add("a", 1);

        alua.pass(Duration.ofMinutes(10));

        assertThat(unit.count("STPG")).isZero();
        assertThat(unit.commands.size()).isLessThan(20);
        assertThat(path.state()).isEqualTo(OFFLINE);
    }

    @Test
    void groupThatCannotBeOptimizedIsNotAskedFor() {
        unit.put(1, AluaState.STANDBY).group(1).supported = 0x06;
        unit.add("a", 1);

        alua.pass(Duration.ofMinutes(10));

        assertThat(unit.count("STPG")).isZero();
    }

    /** Another host may be asking for the opposite. */
    @Test
    void attemptsGetRarer() {
        unit.put(1, AluaState.STANDBY);
        unit.activatedTo = null;
        Path path = unit.add("a", 1);

        alua.pass(Duration.ofSeconds(9));
        assertThat(unit.count("STPG")).isEqualTo(1);
        alua.pass(Duration.ofSeconds(2));
        assertThat(unit.count("STPG")).isEqualTo(2);
        alua.pass(Duration.ofHours(1));

        assertThat(unit.count("STPG")).isBetween(2L + 10, 2L + 17);
        assertThat(path.state()).isEqualTo(STANDBY);
    }

    @Test
    void pauseStartsAnewAfterAPathWasUsable() {
        unit.put(1, AluaState.STANDBY);
        unit.activatedTo = null;
        unit.add("a", 1);
        alua.pass(Duration.ofMinutes(20));
        unit.put(1, AluaState.OPTIMIZED);
        unit.monitor.changed();
        alua.settle();
        long before = unit.count("STPG");

        unit.put(1, AluaState.STANDBY);
        unit.monitor.changed();
        settle();

        assertThat(unit.count("STPG")).isEqualTo(before + 1);
    }

    @Test
    void commandThatIsNotTakenIsNotSentAgain() {
        unit.put(1, AluaState.STANDBY);
        unit.refusesActivation = AluaWorld.INVALID_FIELD;
        unit.add("a", 1);

        alua.pass(Duration.ofHours(1));

        assertThat(unit.count("STPG")).isEqualTo(1);
    }

    /** 04/67/0A: it takes the command, and could not do it this time. */
    @Test
    void commandThatFailedIsSentAgain() {
        unit.put(1, AluaState.STANDBY);
        unit.refusesActivation = SenseData.of(SenseKey.HARDWARE_ERROR, 0x67, 0x0a);
        Path path = unit.add("a", 1);
        settle();
        unit.refusesActivation = null;

        alua.pass(Duration.ofSeconds(11));

        assertThat(unit.count("STPG")).isEqualTo(2);
        assertThat(path.state()).isEqualTo(OPTIMIZED);
    }

    @Test
    void unitAttentionIsWorkedOffAndTheListSentWhole() {
        unit.put(1, AluaState.STANDBY);
        Path path = unit.add("a", 1);
        path.whenAsked = () -> {
            if (unit.count("STPG") == 1) {
                path.script.add(AluaWorld.ended(AluaWorld.RESET));
                path.whenAsked = () -> {};
            }
        };
        settle();

        assertThat(unit.count("STPG")).isEqualTo(2);
        assertThat(path.state()).isEqualTo(OPTIMIZED);
    }

    @Test
    void pathThatIsNotAnsweredIsNoRefusal() {
        unit.put(1, AluaState.STANDBY);
        Path path = unit.add("a", 1);
        alua.settle();
        path.broken = HostByte.DID_NO_CONNECT;
        settle();
        path.broken = null;

        alua.pass(Duration.ofSeconds(30));

        assertThat(path.state()).isEqualTo(OPTIMIZED);
    }

    private void settle() {
        alua.pass(Duration.ofSeconds(1));
    }
}
