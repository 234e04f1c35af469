package io.mpath.nvme.ana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.AccessState;
import io.mpath.nvme.ana.AnaHistory.Kind;
import io.mpath.nvme.ana.AnaHistory.Step;
import io.mpath.nvme.command.AnaState;
import java.util.HashSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Logs and histories of any kind: {@link AnaHistory} has the rules. */
class AnaMonitorProperties {
    @Property(tries = 1000)
    void membersAreWhatTheLogSays(@ForAll("histories") List<Step> history, @ForAll long seed, @ForAll boolean events) {
        var run = new AnaHistory(events ? AnaWorld.withEvents(seed, 4) : AnaWorld.polled(seed));

        history.forEach(run::step);

        run.finish();
    }

    @Example
    void usableStateThatNoLogGaveIsCaught() {
        var ana = AnaWorld.withEvents();
        var run = new AnaHistory(ana);
        run.step(new Step(Kind.PUT, 1, 1, AnaState.INACCESSIBLE));
        run.step(new Step(Kind.LIVE, 1, 1, AnaState.CHANGE));
        run.step(new Step(Kind.ADD, 1, 1, AnaState.CHANGE));
        run.step(new Step(Kind.SETTLE, 1, 1, AnaState.CHANGE));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> run.member(1).accessState(AccessState.OPTIMIZED));
    }

    @Example
    void stateThatIsClearedByAnOlderReadIsCaught() {
        var ana = AnaWorld.withEvents();
        var run = new AnaHistory(ana);
        run.step(new Step(Kind.PUT, 1, 1, AnaState.OPTIMIZED));
        run.step(new Step(Kind.LIVE, 1, 1, AnaState.CHANGE));
        run.step(new Step(Kind.ADD, 1, 1, AnaState.CHANGE));
        run.step(new Step(Kind.SETTLE, 1, 1, AnaState.CHANGE));
        run.step(new Step(Kind.HOLD_LOOKS, 1, 1, AnaState.CHANGE));
        run.step(new Step(Kind.ERROR, 1, 1, AnaState.CHANGE));
        run.step(new Step(Kind.SETTLE, 1, 1, AnaState.CHANGE));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> run.member(1).accessState(AccessState.OPTIMIZED));
    }

    @Example
    void sourceThatMissesAChangeIsCaught() {
        var ana = AnaWorld.withEvents();
        var run = new AnaHistory(ana);
        run.step(new Step(Kind.PUT, 1, 1, AnaState.OPTIMIZED));
        ana.controller.prepared = ana.controller.page();
        run.step(new Step(Kind.PUT, 1, 1, AnaState.NON_OPTIMIZED));
        run.step(new Step(Kind.LIVE, 1, 1, AnaState.CHANGE));
        run.step(new Step(Kind.ADD, 1, 1, AnaState.CHANGE));

        assertThatExceptionOfType(AssertionError.class).isThrownBy(run::finish);
    }

    @Example
    void historiesReachEachState() {
        var states = new HashSet<AccessState>();
        for (AnaState state : AnaState.values()) {
            var ana = AnaWorld.withEvents();
            var run = new AnaHistory(ana);
            run.step(new Step(Kind.PUT, 1, 1, state));
            run.step(new Step(Kind.ADD, 1, 1, state));
            run.step(new Step(Kind.LIVE, 1, 1, state));
            run.step(new Step(Kind.SETTLE, 1, 1, state));
            states.add(run.member(1).state());
            run.finish();
        }

        assertThat(states).hasSize(AnaState.values().length);
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.longs().between(1, AnaHistory.NAMESPACES),
                        Arbitraries.longs().between(1, 3),
                        Arbitraries.of(AnaState.class))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }
}
