package io.mpath.policy;

import static io.mpath.AccessState.OPTIMIZED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.Liveness;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumaPolicyTest {
    private static final List<List<Integer>> DISTANCES =
            List.of(List.of(10, 20, 30), List.of(20, 10, 15), List.of(30, 15, 10));

    @Test
    void everyNodeIsServedByItsNearestPath() {
        List<ModelPath> paths = List.of(path(0, 0, false), path(1, 2, false));

        assertThat(chosenFrom(0, paths)).isZero();
        assertThat(chosenFrom(1, paths)).isEqualTo(1);
        assertThat(chosenFrom(2, paths)).isEqualTo(1);
    }

    @Test
    void firstAttachedOfEquallyNearPathsGetsAllRequests() {
        List<ModelPath> paths = List.of(path(3, 1, false), path(7, 1, false));
        SelectorCursor cursor = new SelectorCursor(new TestNuma(DISTANCES, 1), 5);
        PathSelector selector = IoPolicies.numa().selector(paths, new TestNuma(DISTANCES, 1));

        for (int i = 0; i < 1000; i++) {
            assertThat(selector.select(cursor)).isZero();
        }
    }

    @Test
    void preferredPathIsTakenBeforeANearerOne() {
        assertThat(chosenFrom(0, List.of(path(0, 0, false), path(1, 2, true)))).isEqualTo(1);
    }

    @Test
    void nearestOfSeveralPreferredPathsIsTaken() {
        assertThat(chosenFrom(0, List.of(path(0, 0, false), path(1, 2, true), path(2, 1, true))))
                .isEqualTo(2);
    }

    @Test
    void portOnNoParticularNodeIsAsNearAsTheCallersOwn() {
        assertThat(chosenFrom(0, List.of(path(0, 1, false), path(1, -1, false))))
                .isEqualTo(1);
        assertThat(chosenFrom(0, List.of(path(0, 0, false), path(1, -1, false))))
                .isZero();
    }

    @Test
    void portOnANodeThatTheMachineDoesNotHaveIsOnNoParticularOne() {
        assertThat(chosenFrom(0, List.of(path(0, 1, false), path(1, 3, false)))).isEqualTo(1);
    }

    /** Asking costs a system call. */
    @Test
    void callersNodeIsNotAskedWhereAllNodesGoDownOnePath() {
        NumaTopology numa = new TestNuma(DISTANCES, 0);
        for (List<ModelPath> paths : List.of(
                List.of(path(0, 2, false)),
                List.of(path(0, 1, false), path(1, 1, false)),
                List.of(path(0, 0, true), path(1, 2, false)))) {
            PathSelector selector = IoPolicies.numa().selector(paths, numa);
            assertThat(selector.select(new SelectorCursor(new Unasked(), 0))).isZero();
        }
    }

    @Test
    void callersNodeIsAskedWhereNodesGoDownDifferentPaths() {
        List<ModelPath> paths = List.of(path(0, 0, false), path(1, 2, false));
        PathSelector selector = IoPolicies.numa().selector(paths, new TestNuma(DISTANCES, 0));
        SelectorCursor cursor = new SelectorCursor(new Unasked(), 0);
        assertThatThrownBy(() -> selector.select(cursor)).hasMessage("asked");
    }

    @Test
    void machineWithoutNodesIsAsNearAsANodeToItself() {
        assertThat(NumaTopology.flat().distance(0, 0)).isEqualTo(10);
    }

    private static final class Unasked implements NumaTopology {
        @Override
        public int currentNode() {
            throw new AssertionError("asked");
        }

        @Override
        public int nodes() {
            return DISTANCES.size();
        }

        @Override
        public int distance(int from, int to) {
            return DISTANCES.get(from).get(to);
        }
    }

    private static int chosenFrom(int node, List<ModelPath> paths) {
        NumaTopology numa = new TestNuma(DISTANCES, node);
        return IoPolicies.numa().selector(paths, numa).select(new SelectorCursor(numa, 0));
    }

    private static ModelPath path(int ordinal, int node, boolean preferred) {
        return new ModelPath(ordinal, OPTIMIZED, Liveness.LIVE, true, node, preferred, 0);
    }
}
