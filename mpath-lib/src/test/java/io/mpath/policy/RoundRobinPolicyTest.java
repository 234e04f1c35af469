package io.mpath.policy;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundRobinPolicyTest {
    private final SelectionSubject rotation =
            SelectionSubject.selectorsOf(IoPolicies.roundRobin(), NumaTopology.flat());

    @Test
    void nonOptimizedPathsAreVisitedForwards() {
        assertThat(chosen(4, NON_OPTIMIZED, NON_OPTIMIZED, NON_OPTIMIZED)).containsExactly("p1", "p2", "p3", "p1");
    }

    @Test
    void onlyPathOfATierCountsAsTheOneChosenLast() {
        assertThat(chosen(1, OPTIMIZED, OPTIMIZED, OPTIMIZED)).containsExactly("p1");
        assertThat(chosen(5, UNAVAILABLE, OPTIMIZED, UNAVAILABLE)).containsOnly("p2");

        assertThat(chosen(2, OPTIMIZED, OPTIMIZED, OPTIMIZED)).containsExactly("p3", "p1");
    }

    @Test
    void rotationGoesOnBehindTheLastPathWhenTheTierFallsAndRises() {
        assertThat(chosen(2, OPTIMIZED, OPTIMIZED, NON_OPTIMIZED, NON_OPTIMIZED))
                .containsExactly("p1", "p2");
        assertThat(chosen(1, UNAVAILABLE, UNAVAILABLE, NON_OPTIMIZED, NON_OPTIMIZED))
                .containsExactly("p3");

        assertThat(chosen(3, OPTIMIZED, OPTIMIZED, OPTIMIZED, OPTIMIZED)).containsExactly("p4", "p1", "p2");
    }

    @Test
    void pathChosenLastIsNotTakenAgainWhenOneBeforeItLeaves() {
        assertThat(chosen(2, OPTIMIZED, OPTIMIZED, OPTIMIZED)).containsExactly("p1", "p2");

        assertThat(chosen(1, UNAVAILABLE, OPTIMIZED, OPTIMIZED)).containsExactly("p3");
    }

    @Test
    void pathThatJoinsIsVisitedInItsTurn() {
        assertThat(chosen(3, OPTIMIZED, OPTIMIZED)).containsExactly("p1", "p2", "p1");

        assertThat(chosen(4, OPTIMIZED, OPTIMIZED, OPTIMIZED)).containsExactly("p2", "p3", "p1", "p2");
    }

    @Test
    void eachCursorHasARotationOfItsOwn() {
        PathSelector selector = IoPolicies.roundRobin()
                .selector(List.of(ModelPath.of(0, OPTIMIZED), ModelPath.of(1, OPTIMIZED)), NumaTopology.flat());
        SelectorCursor one = new SelectorCursor(NumaTopology.flat(), 0);
        SelectorCursor other = new SelectorCursor(NumaTopology.flat(), 0);

        assertThat(List.of(selector.select(one), selector.select(one), selector.select(other)))
                .containsExactly(0, 1, 0);
    }

    private List<String> chosen(int requests, AccessState... states) {
        List<ModelPath> paths = new ArrayList<>();
        for (AccessState state : states) {
            paths.add(ModelPath.of(paths.size(), state));
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            names.add(rotation.choose(paths).orElseThrow().name());
        }
        return names;
    }
}
