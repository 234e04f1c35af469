package io.mpath.sim;

import static io.mpath.IoOperation.DISCARD;
import static io.mpath.IoOperation.WRITE;
import static io.mpath.IoOperation.WRITE_ZEROES;
import static io.mpath.sim.Violation.Rule.COMPARED;
import static io.mpath.sim.Violation.Rule.DENIED;
import static io.mpath.sim.Violation.Rule.GHOST;
import static io.mpath.sim.Violation.Rule.INVENTED;
import static io.mpath.sim.Violation.Rule.LATE;
import static io.mpath.sim.Violation.Rule.LOST;
import static io.mpath.sim.Violation.Rule.MISSING;
import static io.mpath.sim.Violation.Rule.STALE;
import static io.mpath.sim.Violation.Rule.UNDONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Effect;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegisterHistoryTest {
    private static final int BLOCKS = 4;

    private final List<Violation> violations = new ArrayList<>();
    private final RegisterHistory history = new RegisterHistory(BLOCKS, violations::add);
    private final long[] disk = new long[BLOCKS];
    private long now;
    private boolean over;

    @Test
    void writesThatFollowEachOtherAreRight() {
        written(1, 0, 2);
        reads(10, 0, 1, 1, 0);
        written(2, 1, 2);
        reads(11, 0, 1, 2, 2, 0);

        assertThat(broken()).isEmpty();
    }

    @Test
    void readSeesEitherOfTheWritesUnderWay() {
        begins(1, 0, 1);
        begins(2, 0, 1);
        lands(1, 0, 1);
        reads(10, 0, 1);
        lands(2, 0, 1);
        reads(11, 0, 2);
        done(2);
        done(1);

        assertThat(broken()).isEmpty();
    }

    @Test
    void acknowledgedWriteThatNeverLandedIsMissed() {
        begins(1, 0, 2);
        lands(1, 0, 1);
        done(1);

        assertThat(broken()).contains(MISSING);
        assertThat(messages()).anySatisfy(message -> assertThat(message).contains("block 1", "write 1 (1..3 ns"));
    }

    @Test
    void writeInPiecesIsDoneWhenAllOfThemLanded() {
        begins(1, 0, 3);
        lands(1, 2, 1);
        lands(1, 0, 2);
        done(1);

        assertThat(broken()).isEmpty();
    }

    @Test
    void acknowledgedWriteThatNobodyFindsIsLost() {
        written(1, 0, 1);
        reads(10, 0, 1);
        begins(2, 0, 1);
        done(2);
        reads(11, 0, 1);

        assertThat(broken()).containsOnly(MISSING, LOST);
        assertThat(messages())
                .anySatisfy(message -> assertThat(message)
                        .startsWith("block 0: write 2 (6..7 ns")
                        .contains("in the midst of write 1 (1..3 ns", "the disk (10..10 ns)"));
    }

    @Test
    void olderValueThatComesBackIsStale() {
        written(1, 0, 1);
        written(2, 0, 1);
        reads(10, 0, 2);
        reads(11, 0, 1);
        reads(12, 0, 2);

        assertThat(broken()).containsOnly(STALE);
    }

    @Test
    void readsOfOneOrderForbidTheOther() {
        begins(1, 0, 1);
        begins(2, 0, 1);
        reads(10, 0, 1);
        reads(11, 0, 2);
        reads(12, 0, 1);
        lands(1, 0, 1);
        lands(2, 0, 1);
        done(1);
        done(2);

        assertThat(broken()).contains(STALE);
    }

    @Test
    void valueThatNobodyWroteIsInvented() {
        reads(10, 0, 7);

        assertThat(broken()).containsOnly(INVENTED);
    }

    @Test
    void valueThatIsReadBeforeItIsWrittenIsInvented() {
        reads(10, 0, 1);
        written(1, 0, 1);

        assertThat(broken()).containsOnly(INVENTED);
    }

    @Test
    void attemptThatLandsBesideItsRangeIsInvented() {
        begins(1, 0, 2);
        lands(1, 1, 2);

        assertThat(broken()).contains(INVENTED);
    }

    @Test
    void landingForWhichNobodyAskedIsInvented() {
        lands(0, 0, 1);
        lands(9, 0, 1);

        assertThat(broken()).contains(INVENTED);
    }

    @Test
    void writeWithoutEffectIsNotSeen() {
        written(1, 0, 1);
        begins(2, 0, 1);
        ends(2, IoStatus.NO_PATH, Effect.NONE);
        reads(10, 0, 2);

        assertThat(broken()).containsOnly(DENIED);
    }

    @Test
    void writeWithoutEffectHasNotLandedEither() {
        begins(1, 0, 1);
        lands(1, 0, 1);
        written(2, 0, 1);
        ends(1, IoStatus.NO_PATH, Effect.NONE);

        assertThat(broken()).containsOnly(DENIED);
    }

    @Test
    void writeThatMayHaveHappenedIsSeenOrNot() {
        begins(1, 0, 1);
        ends(1, IoStatus.TARGET_ERROR, Effect.MAY_HAVE_HAPPENED);
        begins(2, 1, 1);
        lands(2, 1, 1);
        ends(2, IoStatus.TARGET_ERROR, Effect.MAY_HAVE_HAPPENED);
        reads(10, 0, 0, 2);

        assertThat(broken()).isEmpty();
    }

    @Test
    void writeThatMayHaveHappenedDoesNotDoSoAfterItsEnd() {
        begins(1, 0, 1);
        ends(1, IoStatus.TARGET_ERROR, Effect.MAY_HAVE_HAPPENED);
        reads(10, 0, 0);
        lands(1, 0, 1);

        assertThat(broken()).contains(LATE, STALE);
    }

    @Test
    void acknowledgedWriteDoesNotLandAgain() {
        written(1, 0, 1);
        lands(1, 0, 1);

        assertThat(broken()).containsOnly(LATE);
    }

    @Test
    void writeThatMayStillHappenDoesSoLater() {
        begins(1, 0, 1);
        ends(1, IoStatus.OUTCOME_UNKNOWN, Effect.MAY_STILL_HAPPEN);
        reads(10, 0, 0);
        lands(1, 0, 1);
        reads(11, 0, 1);
        written(2, 0, 1);

        assertThat(broken()).isEmpty();
    }

    @Test
    void writeThatMayStillHappenDoesNotDoSoBehindItsFence() {
        begins(1, 0, 1);
        ends(1, IoStatus.OUTCOME_UNKNOWN, Effect.MAY_STILL_HAPPEN);
        history.fenced(1, ++now);
        reads(10, 0, 0);
        lands(1, 0, 1);

        assertThat(broken()).contains(LATE, STALE);
    }

    @Test
    void writeThatMayStillHappenDoesNotLandOverALaterOne() {
        begins(1, 0, 2);
        ends(1, IoStatus.OUTCOME_UNKNOWN, Effect.MAY_STILL_HAPPEN);
        begins(2, 1, 1);
        lands(2, 1, 1);
        lands(1, 0, 2);
        done(2);

        assertThat(broken()).containsOnly(GHOST);
    }

    @Test
    void writeThatMayStillHappenIsNotSeenAfterALaterOne() {
        begins(1, 0, 1);
        lands(1, 0, 1);
        ends(1, IoStatus.OUTCOME_UNKNOWN, Effect.MAY_STILL_HAPPEN);
        written(2, 0, 1);
        reads(10, 0, 1);

        assertThat(broken()).contains(GHOST);
    }

    @Test
    void writeThatMayStillHappenIsNotSeenAfterLaterZeroes() {
        begins(1, 0, 1);
        lands(1, 0, 1);
        ends(1, IoStatus.OUTCOME_UNKNOWN, Effect.MAY_STILL_HAPPEN);
        zeroed(2, DISCARD, 0, 1);
        reads(10, 0, 1);

        assertThat(broken()).contains(GHOST);
    }

    @Test
    void lostAttemptMayLandOverAWriteThatWasUnderWayWithIt() {
        begins(1, 0, 1);
        begins(2, 0, 1);
        ends(1, IoStatus.OUTCOME_UNKNOWN, Effect.MAY_STILL_HAPPEN);
        lands(2, 0, 1);
        done(2);
        lands(1, 0, 1);

        assertThat(broken()).isEmpty();
    }

    @Test
    void replayDoesNotUndoWhatWasAcknowledgedMeanwhile() {
        begins(1, 0, 1);
        lands(1, 0, 1);
        begins(2, 0, 1);
        lands(2, 0, 1);
        done(2);
        lands(1, 0, 1);
        done(1);

        assertThat(broken()).containsExactly(UNDONE);
    }

    @Test
    void replayMayComeAfterWhatItNeverLandedBefore() {
        begins(1, 0, 1);
        begins(2, 0, 1);
        lands(2, 0, 1);
        done(2);
        lands(1, 0, 1);
        lands(1, 0, 1);
        done(1);

        assertThat(broken()).isEmpty();
    }

    @Test
    void diskThatHoldsTheOlderOfTwoAcknowledgedWritesWhenAllIsQuietIsWrong() {
        written(1, 0, 1);
        begins(2, 0, 1);
        lands(2, 0, 1);
        lands(1, 0, 1);
        done(2);

        assertThat(broken()).contains(LATE, LOST);
    }

    @Test
    void whatTheDiskHoldsInTheEndIsReadToo() {
        written(1, 0, 1);
        disk[0] = 0;

        assertThat(broken()).containsExactly(LOST);
    }

    @Test
    void zeroesReplaceWhatWasThere() {
        written(1, 0, 2);
        zeroed(2, WRITE_ZEROES, 0, 1);
        reads(10, 0, 0, 1);
        zeroed(3, DISCARD, 0, 2);
        reads(11, 0, 0, 0);

        assertThat(broken()).isEmpty();
    }

    @Test
    void zeroesThatNobodyAskedForAreALoss() {
        zeroed(1, DISCARD, 0, 1);
        written(2, 0, 1);
        reads(10, 0, 0);
        disk[0] = 0;

        assertThat(broken()).containsOnly(LOST);
        assertThat(messages())
                .anySatisfy(message -> assertThat(message)
                        .contains("read 10 (7..8 ns) found zeroes, and nothing explains what became of write 2"));
    }

    @Test
    void zeroesBetweenTwoSightsOfOneWriteAreStale() {
        zeroed(1, DISCARD, 0, 1);
        begins(9, DISCARD, 0, 1);
        written(2, 0, 1);
        reads(10, 0, 0);
        reads(11, 0, 2);

        assertThat(broken()).contains(STALE);
    }

    @Test
    void acknowledgedZeroesThatNobodyFindsAreLost() {
        written(1, 0, 1);
        zeroed(2, DISCARD, 0, 1);
        reads(10, 0, 1);

        assertThat(broken()).contains(LOST);
    }

    @Test
    void zeroingMayTakeEffectAnyTimeUntilItsEnd() {
        begins(1, WRITE_ZEROES, 0, 1);
        written(2, 0, 1);
        lands(0, 0, 1);
        reads(10, 0, 0);
        done(1);

        assertThat(broken()).isEmpty();
    }

    @Test
    void zeroesOfOneOfTwoRequestsAreHeldAgainstNeither() {
        begins(1, WRITE_ZEROES, 0, 1);
        begins(2, DISCARD, 0, 2);
        lands(0, 0, 1);
        done(1);
        ends(2, IoStatus.NO_PATH, Effect.NONE);

        assertThat(broken()).isEmpty();
    }

    @Test
    void zeroesThatLandAfterTheEndOfTheirRequestAreLate() {
        zeroed(1, DISCARD, 0, 1);
        written(2, 0, 1);
        lands(0, 0, 1);

        assertThat(broken()).contains(LATE, LOST);
    }

    @Test
    void lostZeroesDoNotLandOverALaterWrite() {
        begins(1, DISCARD, 0, 1);
        ends(1, IoStatus.OUTCOME_UNKNOWN, Effect.MAY_STILL_HAPPEN);
        written(2, 0, 1);
        lands(0, 0, 1);
        reads(10, 0, 0);

        assertThat(broken()).contains(GHOST, LOST);
    }

    @Test
    void compareAndWriteFindsWhatItExpects() {
        written(1, 0, 1);
        compares(2, 0, 1);
        lands(2, 0, 1);
        done(2);
        reads(10, 0, 2);

        assertThat(broken()).isEmpty();
    }

    @Test
    void compareAndWriteDoesNotFindWhatWasReplaced() {
        written(1, 0, 1);
        written(2, 0, 1);
        reads(10, 0, 2);
        compares(3, 0, 1);
        lands(3, 0, 1);
        done(3);

        assertThat(broken()).contains(STALE);
    }

    @Test
    void twoCompareAndWritesDoNotFindTheSame() {
        written(1, 0, 1);
        compares(2, 0, 1);
        compares(3, 0, 1);
        lands(2, 0, 1);
        lands(3, 0, 1);
        done(2);
        done(3);

        assertThat(broken()).containsOnly(COMPARED);
    }

    @Test
    void compareAndWriteThatMissedButLandedIsDenied() {
        written(1, 0, 1);
        compares(2, 0, 1);
        lands(2, 0, 1);
        ends(2, IoStatus.MISCOMPARE, Effect.NONE);

        assertThat(broken()).contains(DENIED);
    }

    private void written(long id, int first, int count) {
        begins(id, first, count);
        lands(id, first, count);
        done(id);
    }

    private void zeroed(long id, IoOperation operation, int first, int count) {
        begins(id, operation, first, count);
        lands(0, first, count);
        done(id);
    }

    private void begins(long id, int first, int count) {
        begins(id, WRITE, first, count);
    }

    private void begins(long id, IoOperation operation, int first, int count) {
        history.changing(id, operation, first, count, ++now);
    }

    private void compares(long id, int first, long... expected) {
        history.comparing(id, first, expected, ++now);
    }

    private void lands(long value, int first, int count) {
        history.landed(value, first, count, ++now);
        for (int block = first; block < first + count; block++) {
            disk[block] = value;
        }
    }

    private void done(long id) {
        ends(id, IoStatus.SUCCESS, Effect.DONE);
    }

    private void ends(long id, IoStatus status, Effect effect) {
        history.ended(id, status, effect, ++now);
    }

    private void reads(long id, int first, long... values) {
        history.reading(id, ++now);
        history.read(id, first, values, ++now);
    }

    private List<Violation> violations() {
        if (!over) {
            over = true;
            history.check(disk, ++now);
        }
        return violations;
    }

    private List<Violation.Rule> broken() {
        return violations().stream().map(Violation::rule).toList();
    }

    private List<String> messages() {
        return violations().stream().map(Violation::message).toList();
    }
}
