package io.mpath.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceSettings;
import io.mpath.Effect;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;
import io.mpath.sim.SimAnswer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a request whose first attempt failed: every verdict, certainty and operation, against a table. */
@ParameterizedClass
@EnumSource(Via.class)
class FailoverTruthTest {
    private static final Set<IoOperation> CHANGE_NOTHING = EnumSet.of(IoOperation.READ, IoOperation.FLUSH);
    private static final Set<IoOperation> SAME_TWICE =
            EnumSet.of(IoOperation.WRITE, IoOperation.DISCARD, IoOperation.WRITE_ZEROES);

    @Parameter
    Via via;

    record Row(Verdict verdict, Certainty certainty, IoOperation operation, boolean unsafe) {
        IoStatus statusOfTheFailure() {
            return switch (verdict) {
                case RETRY -> IoStatus.TARGET_ERROR;
                case FAIL_OVER -> IoStatus.PATH_ERROR;
                case FAIL -> IoStatus.MEDIUM_ERROR;
            };
        }

        PathFailure failure() {
            return new PathFailure(verdict, certainty, statusOfTheFailure(), "as the script says", 1_000_000, 0, 0);
        }
    }

    record Outcome(@Nullable IoStatus status, @Nullable Effect effect, int held, long attemptsOnA, long attemptsOnB) {}

    private static final Outcome HELD = new Outcome(null, null, 1, 1, 0);

    static Stream<Row> rows() {
        return Stream.of(Verdict.values())
                .flatMap(verdict -> Stream.of(Certainty.values())
                        .flatMap(certainty -> Stream.of(IoOperation.values())
                                .flatMap(operation -> Stream.of(false, true)
                                        .map(unsafe -> new Row(verdict, certainty, operation, unsafe)))));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void outcomeIsThatOfTheTable(Row row) {
        assertThat(outcome(row)).isEqualTo(expected(row));
    }

    static Stream<Row> lostWrites() {
        return rows().filter(row -> row.certainty == Certainty.UNKNOWN
                && row.verdict != Verdict.FAIL
                && row.operation == IoOperation.WRITE
                && !row.unsafe);
    }

    @ParameterizedTest
    @MethodSource("lostWrites")
    void tableThatReplaysLostWritesIsRefuted(Row row) {
        Outcome asLinuxDoes = expected(new Row(row.verdict, row.certainty, row.operation, true));

        assertThat(outcome(row)).isNotEqualTo(asLinuxDoes);
    }

    private static Outcome expected(Row row) {
        if (row.verdict != Verdict.FAIL && mayBeSentAgain(row)) {
            boolean samePath = row.verdict == Verdict.RETRY;
            return new Outcome(IoStatus.SUCCESS, Effect.DONE, 0, samePath ? 2 : 1, samePath ? 0 : 1);
        }
        if (row.verdict != Verdict.FAIL && row.certainty == Certainty.UNKNOWN && SAME_TWICE.contains(row.operation)) {
            return HELD;
        }
        if (CHANGE_NOTHING.contains(row.operation) || row.certainty == Certainty.NOT_EXECUTED) {
            return new Outcome(row.statusOfTheFailure(), Effect.NONE, 0, 1, 0);
        }
        return row.certainty == Certainty.UNKNOWN
                ? new Outcome(IoStatus.OUTCOME_UNKNOWN, Effect.MAY_STILL_HAPPEN, 0, 1, 0)
                : new Outcome(row.statusOfTheFailure(), Effect.MAY_HAVE_HAPPENED, 0, 1, 0);
    }

    private static boolean mayBeSentAgain(Row row) {
        if (CHANGE_NOTHING.contains(row.operation)) {
            return true;
        }
        return switch (row.certainty) {
            case NOT_EXECUTED -> row.operation != IoOperation.PASSTHROUGH;
            case TERMINATED -> SAME_TWICE.contains(row.operation);
            case UNKNOWN -> SAME_TWICE.contains(row.operation) && row.unsafe;
        };
    }

    private Outcome outcome(Row row) {
        var settings = DeviceSettings.defaults().withUnsafeReplayOfUnknownWrites(row.unsafe);
        var scene = via.with(settings, "a", "b");
        scene.path("a").next(1, SimAnswer.fail(row.failure()));
        Told told = scene.request().of(row.operation, 0).submit(scene.device());
        scene.pass(Duration.ofSeconds(1));

        int held = scene.device().snapshot().held();
        assertThat(told.ends + held).isOne();
        return new Outcome(
                told.status,
                told.effect,
                held,
                scene.path("a").submitted(),
                scene.path("b").submitted());
    }
}
