package io.mpath.policy;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.Liveness;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The negative control of {@link SelectionProperties}: selectors with one mistake each do not pass its checks. */
class SelectionChecksTest {
    private static final TestNuma TWO_NODES = new TestNuma(List.of(List.of(10, 20), List.of(20, 10)), 1);

    @Test
    void selectorsWithoutAMistakePass() {
        SelectionChecks.agreesWithReference(IoPolicies.numa(), history(numaPaths()));
        SelectionChecks.agreesWithReference(IoPolicies.roundRobin(), history(equalPaths(3)));
        SelectionChecks.agreesWithReference(IoPolicies.queueDepth(), history(equalPaths(3)));
    }

    @Test
    void rotationThatSkipsAPathIsCaught() {
        IoPolicy skips = broken("round-robin", (candidates, cursor) -> (cursor.position() + 2) % candidates.size());

        caught(() -> SelectionChecks.agreesWithReference(skips, history(equalPaths(3))));
        caught(() -> SelectionChecks.sharesEvenly(skips, equalPaths(4), 0, 8));
    }

    @Test
    void rotationThatStopsOneShortIsCaught() {
        IoPolicy short1 =
                broken("round-robin", (candidates, cursor) -> (cursor.position() + 1) % (candidates.size() - 1));

        caught(() -> SelectionChecks.agreesWithReference(short1, history(equalPaths(3))));
        caught(() -> SelectionChecks.sharesEvenly(short1, equalPaths(3), 0, 8));
    }

    @Test
    void rotationThatGoesBackwardsIsCaughtThoughItIsFair() {
        IoPolicy backwards =
                broken("round-robin", (candidates, cursor) -> Math.floorMod(cursor.position() - 1, candidates.size()));

        SelectionChecks.sharesEvenly(backwards, equalPaths(3), 0, 8);
        caught(() -> SelectionChecks.agreesWithReference(backwards, history(equalPaths(3))));
    }

    @Test
    void rotationThatBeginsAgainAfterEveryChangeIsCaught() {
        List<ModelPath> three = equalPaths(3);
        var history = new SelectionHistory(
                TWO_NODES, 3, List.of(step(three, 1), step(three.subList(0, 2), 1), step(three, 1)));
        IoPolicy forgets = broken("round-robin", (candidates, cursor) -> 0);

        SelectionChecks.agreesWithReference(IoPolicies.roundRobin(), history);
        caught(() -> SelectionChecks.agreesWithReference(forgets, history));
    }

    @Test
    void firstOfEquallyDeepPathsEveryTimeIsCaught() {
        IoPolicy firstAlways = broken("queue-depth", SelectionChecksTest::firstShallowest);

        caught(() -> SelectionChecks.agreesWithReference(firstAlways, onePort(equalPaths(3))));
        caught(() -> SelectionChecks.sharesEvenly(firstAlways, equalPaths(2), 0, 8));
    }

    @Test
    void pathDeeperThanTheShallowestIsCaught() {
        IoPolicy blind = broken("queue-depth", (candidates, cursor) -> (cursor.position() + 1) % candidates.size());

        SelectionChecks.sharesEvenly(blind, equalPaths(3), 0, 8);
        caught(() -> SelectionChecks.agreesWithReference(blind, history(equalPaths(3))));
    }

    @Test
    void twoToOneUseOfEquallyDeepPathsIsCaught() {
        int[] turn = {0};
        IoPolicy twoToOne = broken("queue-depth", (candidates, cursor) -> turn[0]++ % 3 == 2 ? 1 : 0);

        caught(() -> SelectionChecks.sharesEvenly(twoToOne, equalPaths(2), 0, 9));
    }

    @Test
    void numaThatPrefersTheFarthestIsCaught() {
        IoPolicy first = broken("numa", (candidates, cursor) -> 0);

        caught(() -> SelectionChecks.agreesWithReference(first, history(numaPaths())));
    }

    @Test
    void trustInTheCursorIsCaught() {
        IoPolicy trusts = broken("round-robin", (candidates, cursor) -> cursor.position());

        caught(() -> SelectionChecks.staysInBounds(trusts, equalPaths(2), 7, 0));
        caught(() -> SelectionChecks.staysInBounds(trusts, equalPaths(2), -1, 0));
    }

    @Test
    void stripesThatAllStartOnOnePathAreCaught() {
        IoPolicy inStep = broken("round-robin", (candidates, cursor) -> 0);

        caught(() -> SelectionChecks.stripesStartApart(inStep, equalPaths(2), 4));
    }

    @Test
    void candidatesThatBreakThePromisesToAPolicyAreNoted() {
        CheckedPolicy checked = new CheckedPolicy(IoPolicies.roundRobin());

        checked.selector(equalPaths(3), TWO_NODES);
        assertThat(checked.violations()).isEmpty();

        checked.selector(List.of(), TWO_NODES);
        checked.selector(List.of(ModelPath.of(1, OPTIMIZED), ModelPath.of(0, OPTIMIZED)), TWO_NODES);
        assertThat(checked.violations())
                .containsExactly("no candidates", "candidates not in the order of their ordinals, at 1");
    }

    private static int firstShallowest(List<? extends SelectablePath> candidates, SelectorCursor cursor) {
        int best = 0;
        for (int i = 1; i < candidates.size(); i++) {
            if (candidates.get(i).inFlight() < candidates.get(best).inFlight()) {
                best = i;
            }
        }
        return best;
    }

    private static void caught(ThrowingCallable check) {
        assertThatThrownBy(check).isInstanceOf(AssertionError.class);
    }

    private static IoPolicy broken(
            String name, BiFunction<List<? extends SelectablePath>, SelectorCursor, Integer> choice) {
        return new IoPolicy() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean countsInFlight() {
                return false;
            }

            @Override
            public PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa) {
                return cursor -> {
                    int chosen = choice.apply(candidates, cursor);
                    cursor.chose(chosen, chosen);
                    return chosen;
                };
            }
        };
    }

    private static List<ModelPath> equalPaths(int count) {
        List<ModelPath> paths = new ArrayList<>();
        for (int ordinal = 0; ordinal < count; ordinal++) {
            paths.add(ModelPath.of(ordinal, NON_OPTIMIZED));
        }
        return paths;
    }

    private static List<ModelPath> numaPaths() {
        return List.of(
                new ModelPath(0, OPTIMIZED, Liveness.LIVE, true, 0, false, 0),
                new ModelPath(1, OPTIMIZED, Liveness.LIVE, true, 1, false, 0));
    }

    private static SelectionHistory history(List<ModelPath> paths) {
        return new SelectionHistory(TWO_NODES, paths.size(), List.of(step(paths, 9)));
    }

    /** Of one port, and so of one depth. */
    private static SelectionHistory onePort(List<ModelPath> paths) {
        return new SelectionHistory(TWO_NODES, 1, List.of(step(paths, 9)));
    }

    private static SelectionHistory.Step step(List<ModelPath> paths, int requests) {
        return new SelectionHistory.Step(paths, requests, List.of(0));
    }
}
