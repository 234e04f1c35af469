package io.mpath.policy;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueDepthPolicyTest {
    private final SelectionSubject shallowest =
            SelectionSubject.selectorsOf(IoPolicies.queueDepth(), NumaTopology.flat());

    @Test
    void deepOptimizedPathIsTakenBeforeAnIdleNonOptimizedOne() {
        List<ModelPath> paths = List.of(ModelPath.of(0, OPTIMIZED).withInFlight(1000), ModelPath.of(1, NON_OPTIMIZED));

        assertThat(chosen(paths, 3)).containsOnly("p1");
    }

    @Test
    void idlePathsAreUsedOneToOneAlthoughTheSearchStopsAtTheFirst() {
        List<String> names = chosen(paths(0, 0), 300);

        assertThat(Collections.frequency(names, "p1")).isEqualTo(150);
    }

    /** The search passes the deep path between the two, which must not give the one behind it a turn more. */
    @Test
    void tiedPathsAreUsedOneToOneBesideADeeperOne() {
        List<String> names = chosen(paths(4, 9, 4), 300);

        assertThat(Collections.frequency(names, "p1")).isEqualTo(150);
        assertThat(Collections.frequency(names, "p3")).isEqualTo(150);
    }

    @Test
    void choiceFollowsTheDepthsAsTheyMove() {
        assertThat(chosen(paths(3, 2, 1), 1)).containsExactly("p3");
        assertThat(chosen(paths(3, 2, 4), 1)).containsExactly("p2");
        assertThat(chosen(paths(0, 2, 4), 1)).containsExactly("p1");
    }

    @Test
    void deepestCountThereIsLeavesAChoice() {
        assertThat(chosen(paths(Integer.MAX_VALUE, Integer.MAX_VALUE), 1)).hasSize(1);
    }

    private List<String> chosen(List<ModelPath> paths, int requests) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            names.add(shallowest.choose(paths).orElseThrow().name());
        }
        return names;
    }

    private static List<ModelPath> paths(int... inFlight) {
        List<ModelPath> paths = new ArrayList<>();
        for (int depth : inFlight) {
            paths.add(ModelPath.of(paths.size(), OPTIMIZED).withInFlight(depth));
        }
        return paths;
    }
}
