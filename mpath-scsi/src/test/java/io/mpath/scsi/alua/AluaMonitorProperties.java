package io.mpath.scsi.alua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.AccessState;
import io.mpath.scsi.alua.AluaHistory.Kind;
import io.mpath.scsi.alua.AluaHistory.Step;
import io.mpath.scsi.alua.AluaWorld.Unit;
import io.mpath.scsi.command.AluaState;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Answers and histories of any kind: {@link AluaHistory} has the rules. */
class AluaMonitorProperties {
    private final AluaWorld world = AluaWorld.seeded(1);
    private final Unit unit = world.unit();
    private final AluaHistory run = new AluaHistory(world, unit);

    @Property(tries = 1000)
    void pathsAreWhatTheUnitSays(@ForAll("histories") List<Step> history, @ForAll long seed) {
        AluaWorld alua = AluaWorld.seeded(seed);
        var any = new AluaHistory(alua, alua.unit());

        history.forEach(any::step);

        any.finish();
    }

    /** Found by the property: one is looked for every ten seconds, and the other's doubt came when that had begun. */
    @Example
    void pathInDoubtDoesNotWaitForOneThatIsNotListed() {
        AluaWorld alua = AluaWorld.seeded(3);
        var history = new AluaHistory(alua, alua.unit());
        history.step(new Step(Kind.STANDBY, 1, 1, AluaState.OPTIMIZED));
        history.step(new Step(Kind.ADD, 1, 1, AluaState.OPTIMIZED));
        history.step(new Step(Kind.ADD, 2, 2, AluaState.OPTIMIZED));
        history.step(new Step(Kind.PUT, 1, 1, AluaState.OPTIMIZED));

        history.finish();
    }

    /** Found by the property: the answer on its way counted no more, and the next look at a group that is overdue is slow to come. */
    @Example
    void groupThatIsOverdueIsReadAnewAfterARefusalDuringALook() {
        AluaWorld alua = AluaWorld.seeded(1);
        var history = new AluaHistory(alua, alua.unit());
        var in = AluaState.OPTIMIZED;
        history.step(new Step(Kind.ADD, 1, 1, in));
        history.step(new Step(Kind.PUT, 1, 1, AluaState.TRANSITIONING));
        history.step(new Step(Kind.MINUTE, 1, 1, in));
        history.step(new Step(Kind.MINUTE, 1, 1, in));
        history.step(new Step(Kind.PUT, 1, 1, in));
        history.step(new Step(Kind.CHANGED, 1, 1, in));
        history.step(new Step(Kind.HOLD_ANSWERS, 1, 1, in));
        history.step(new Step(Kind.SETTLE, 1, 1, in));
        history.step(new Step(Kind.TRANSITION, 1, 1, in));
        history.step(new Step(Kind.SETTLE, 1, 1, in));
        history.step(new Step(Kind.RELEASE_ANSWERS, 1, 1, in));
        history.step(new Step(Kind.SECONDS, 1, 1, in));

        history.checkAllAtRest();
    }

    @Example
    void usableStateThatNoAnswerGaveIsCaught() {
        steps(AluaState.STANDBY, Kind.PUT, Kind.ADD, Kind.SETTLE);

        assertReportIsCaught();
    }

    @Example
    void doubtThatIsClearedByAnOlderAnswerIsCaught() {
        steps(AluaState.OPTIMIZED, Kind.PUT, Kind.ADD, Kind.SETTLE, Kind.HOLD_LOOKS, Kind.STANDBY, Kind.SETTLE);

        assertReportIsCaught();
    }

    @Example
    void neighbourOfATransitionThatIsClearedByAnOlderAnswerIsCaught() {
        steps(AluaState.OPTIMIZED, Kind.PUT, Kind.ADD, Kind.SETTLE, Kind.HOLD_LOOKS);
        run.step(new Step(Kind.ADD, 2, 1, AluaState.OPTIMIZED));
        steps(AluaState.OPTIMIZED, Kind.SETTLE);
        run.step(new Step(Kind.TRANSITION, 2, 1, AluaState.OPTIMIZED));
        steps(AluaState.OPTIMIZED, Kind.SETTLE);

        assertReportIsCaught();
    }

    @Example
    void monitorThatHearsOfNothingIsCaught() {
        steps(AluaState.OPTIMIZED, Kind.PUT, Kind.ADD, Kind.SETTLE);
        unit.nonsense = unit.frozen();
        steps(AluaState.NON_OPTIMIZED, Kind.PUT);

        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> {
            List.of(Kind.CHANGED, Kind.SETTLE).forEach(kind -> steps(AluaState.NON_OPTIMIZED, kind));
            run.checkAllAtRest();
        });
    }

    @Example
    void eachStateIsReachedAndRests() {
        for (AluaState state : AluaState.values()) {
            AluaWorld alua = AluaWorld.seeded(1);
            var each = new AluaHistory(alua, alua.unit());
            List.of(Kind.PUT, Kind.ADD, Kind.SETTLE).forEach(kind -> each.step(new Step(kind, 1, 1, state)));
            assertThat(each.member(1).known).isEqualTo(1);
            each.finish();
        }
    }

    private void assertReportIsCaught() {
        var path = run.member(1);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> path.accessStates(List.of(path.change(AccessState.OPTIMIZED, false))));
    }

    private void steps(AluaState state, Kind... kinds) {
        for (Kind kind : kinds) {
            run.step(new Step(kind, 1, 1, state));
        }
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(
                        // Without paths and groups there is little to get wrong.
                        Arbitraries.frequencyOf(
                                Tuple.of(1, Arbitraries.of(Kind.ADD, Kind.PUT)),
                                Tuple.of(4, Arbitraries.of(Kind.class))),
                        Arbitraries.integers().between(1, AluaHistory.PATHS),
                        Arbitraries.integers().between(1, AluaHistory.GROUPS),
                        Arbitraries.of(AluaState.class))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }
}
