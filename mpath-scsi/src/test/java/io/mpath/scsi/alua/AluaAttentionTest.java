package io.mpath.scsi.alua;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.scsi.alua.AluaWorld.Path;
import io.mpath.scsi.alua.AluaWorld.Unit;
import io.mpath.scsi.command.AluaState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each path is told of one change by itself, with its next command: that is no reason to read the states for each. */
class AluaAttentionTest {
    private final AluaWorld alua = AluaWorld.seeded(1);
    private final Unit unit = alua.unit().put(1, AluaState.OPTIMIZED).put(2, AluaState.OPTIMIZED);
    private final Path a = unit.add("a", 1);
    private final Path b = unit.add("b", 1);
    private final Path c = unit.add("c", 2);
    private final Path d = unit.add("d", 2);

    @BeforeEach
    void begin() {
        alua.pass(Duration.ofMinutes(1));
        unit.commands.clear();
    }

    private void attention(Path path) {
        path.sense(AluaWorld.STATE_CHANGED);
        alua.settle();
    }

    private void pass(int millis) {
        alua.pass(Duration.ofMillis(millis));
    }

    @Test
    void pathsThatAreToldOfOneChangeOneAfterAnotherCostOneMoreLook() {
        unit.put(1, AluaState.NON_OPTIMIZED);
        for (Path path : List.of(a, b, c, d)) {
            attention(path);
            assertThat(a.state()).isEqualTo(NON_OPTIMIZED);
            pass(1_500);
        }
        pass(30_000);

        assertThat(unit.commands).hasSize(2);
    }

    @Test
    void pathsThatAreToldWhileTheyAreReadCostOneMoreLook() {
        alua.world.blocking().hold();
        attention(a);
        alua.world.blocking().release();
        alua.world.blocking().holdMessages();
        alua.settle();
        List.of(b, c, d).forEach(this::attention);
        alua.world.blocking().releaseMessages();
        pass(30_000);

        assertThat(unit.commands).hasSize(2);
    }

    /** It may be of a change after the look, and then nothing else tells of it. */
    @Test
    void changeRightAfterALookIsReadALittleLater() {
        attention(a);
        pass(500);
        unit.put(2, AluaState.NON_OPTIMIZED);
        attention(c);
        assertThat(c.state()).isEqualTo(OPTIMIZED);
        pass(5_000);

        assertThat(c.state()).isEqualTo(NON_OPTIMIZED);
    }

    /** What it carried since the look was not told of a change: so that came after the look. */
    @Test
    void changeThatAPathWithCommandsSinceIsToldOfIsReadAtOnce() {
        attention(a);
        c.ended++;
        pass(2_000);
        unit.put(2, AluaState.NON_OPTIMIZED);
        attention(c);

        assertThat(c.state()).isEqualTo(NON_OPTIMIZED);
    }

    @Test
    void changeLongAfterTheLastLookIsReadAtOnce() {
        attention(a);
        pass(15_000);
        unit.put(2, AluaState.NON_OPTIMIZED);
        attention(c);

        assertThat(c.state()).isEqualTo(NON_OPTIMIZED);
    }

    @Test
    void attentionIsReadAtOnceWhereNoPathIsUsable() {
        unit.put(1, AluaState.STANDBY).put(2, AluaState.STANDBY);
        attention(a);
        unit.put(2, AluaState.OPTIMIZED);
        attention(c);

        assertThat(c.state()).isEqualTo(OPTIMIZED);
    }

    /** Checks go through paths in standby, too, again and again. */
    @Test
    void refusalForTheStateThatIsKnownIsNoReasonToRead() {
        unit.put(1, AluaState.STANDBY);
        attention(a);
        unit.commands.clear();
        a.reports.clear();
        for (int i = 0; i < 10; i++) {
            a.sense(AluaWorld.STANDBY);
            pass(3_000);
        }

        assertThat(unit.commands).isEmpty();
        assertThat(a.reports).isEmpty();
    }

    @Test
    void refusalForAnotherStateThanIsKnownHasThemRead() {
        unit.put(1, AluaState.STANDBY);
        attention(a);
        unit.put(1, AluaState.UNAVAILABLE);
        a.sense(AluaWorld.UNAVAILABLE);
        alua.settle();

        assertThat(a.state()).isEqualTo(UNAVAILABLE);
    }

    /** The host tells of what the path's I/O is told as well. */
    @Test
    void changeThatTheHostTellsTooCostsOneMoreLookAtMost() {
        unit.put(1, AluaState.NON_OPTIMIZED);
        for (Path path : List.of(a, b, c, d)) {
            attention(path);
            unit.monitor.changed(path);
            pass(1_000);
        }
        pass(30_000);

        assertThat(unit.commands).hasSize(2);
        assertThat(a.state()).isEqualTo(NON_OPTIMIZED);
    }

    /** It waits for a look already, and not for so long. */
    @Test
    void pathInDoubtDoesNotWaitForAttentionsToBeGathered() {
        unit.put(1, AluaState.STANDBY);
        a.sense(AluaWorld.STANDBY);
        alua.settle();
        unit.put(1, AluaState.OPTIMIZED);
        unit.monitor.changed();
        alua.settle();
        assertThat(a.state()).isEqualTo(OPTIMIZED);
        attention(c);
        a.sense(AluaWorld.STANDBY);
        pass(2_100);

        assertThat(a.state()).isEqualTo(OPTIMIZED);
    }

    /** One that is put off is not put off again. */
    @Test
    void attentionsWithoutEndDoNotKeepTheStatesFromBeingRead() {
        attention(a);
        unit.put(2, AluaState.NON_OPTIMIZED);
        for (int i = 0; i < 12; i++) {
            c.sense(AluaWorld.STATE_CHANGED);
            pass(500);
        }

        assertThat(c.state()).isEqualTo(NON_OPTIMIZED);
        assertThat(unit.commands).hasSize(2);
    }

    @Test
    void attentionAfterALookThatToldNothingIsReadAtOnce() {
        unit.nonsense = ByteBuffer.allocate(3);
        attention(a);
        unit.nonsense = null;
        unit.commands.clear();
        attention(c);

        assertThat(unit.commands).hasSize(1);
        assertThat(c.state()).isEqualTo(OPTIMIZED);
    }

    /** The requests that were told go to another path first, and the loop and the processors are theirs. */
    @Test
    void looksLetRequestsGoFirst() {
        a.sense(AluaWorld.STATE_CHANGED);
        a.sense(AluaWorld.STANDBY);
        alua.settleNow();
        alua.pass(Duration.ofNanos(AluaMonitor.SOON_NANOS - 1));
        assertThat(unit.commands).isEmpty();

        alua.pass(Duration.ofNanos(1));
        assertThat(unit.commands).hasSize(1);
        assertThat(a.state()).isEqualTo(OPTIMIZED);
    }

    /** Then they wait for what it tells. */
    @Test
    void looksAreAtOnceWhereNoPathIsUsable() {
        List.of(a, b, c, d).forEach(path -> path.sense(AluaWorld.STANDBY));
        alua.settleNow();

        assertThat(unit.commands).hasSize(1);
        assertThat(d.state()).isEqualTo(OPTIMIZED);
    }

    @Test
    void lookThatLetsRequestsGoFirstIsMadeWhenTheLastUsablePathIsRefused() {
        a.sense(AluaWorld.STANDBY);
        alua.settleNow();
        assertThat(unit.commands).isEmpty();
        List.of(b, c, d).forEach(path -> path.sense(AluaWorld.STANDBY));
        alua.settleNow();

        assertThat(unit.commands).hasSize(1);
    }

    @Test
    void pathThatCannotBeGivenCommandsIsNoneToGoTo() {
        List.of(a, b, c).forEach(path -> path.live = false);
        d.sense(AluaWorld.STANDBY);
        alua.settleNow();

        assertThat(unit.commands).hasSize(1);
    }

    /** What has them read for another reason meanwhile has answered it. */
    @Test
    void lookThatIsMadeMeanwhileIsTheOne() {
        a.sense(AluaWorld.STATE_CHANGED);
        alua.settleNow();
        unit.add("e", 2);
        alua.settleNow();
        assertThat(unit.commands).hasSize(1);

        pass(1_000);
        assertThat(unit.commands).hasSize(1);
    }

    @Test
    void nothingIsAskedOfAUnitWithoutPaths() {
        a.sense(AluaWorld.STATE_CHANGED);
        alua.settleNow();
        for (Path path : List.of(a, b, c, d)) {
            unit.remove(path);
        }
        pass(1_000);
        assertThat(unit.commands).isEmpty();
        assertThat(alua.timersPending()).isZero();

        Path e = unit.add("e", 1);
        alua.settle();
        e.sense(AluaWorld.STANDBY);
        alua.settle();
        assertThat(unit.commands).hasSize(2);
    }
}
