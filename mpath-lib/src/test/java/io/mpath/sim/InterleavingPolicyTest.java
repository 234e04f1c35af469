package io.mpath.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.policy.IoPolicies;
import io.mpath.policy.NumaTopology;
import io.mpath.policy.PathSelector;
import io.mpath.policy.SelectablePath;
import io.mpath.policy.SelectorCursor;
import io.mpath.policy.ServiceHistory;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InterleavingPolicyTest {
    private record Path(String name, int ordinal) implements SelectablePath {
        @Override
        public int numaNode() {
            return -1;
        }

        @Override
        public boolean preferred() {
            return false;
        }

        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public long bytesInFlight() {
            return 0;
        }

        @Override
        public ServiceHistory history() {
            return new ServiceHistory();
        }
    }

    private static final List<Path> PATHS = List.of(new Path("a", 0), new Path("b", 1), new Path("c", 2));

    @Test
    void othersRunDuringSomeChoicesAndNotDuringAll() {
        Set<Boolean> preempted = new LinkedHashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            preempted.add(otherRanDuringOneChoice(seed));
            assertThat(otherRanDuringOneChoice(seed)).isEqualTo(otherRanDuringOneChoice(seed));
        }

        assertThat(preempted).containsExactlyInAnyOrder(true, false);
    }

    private static boolean otherRanDuringOneChoice(int seed) {
        var world = SimWorld.seeded(seed);
        var policy = new InterleavingPolicy(world, IoPolicies.roundRobin());
        PathSelector selector = policy.selector(PATHS, NumaTopology.flat());
        boolean[] ran = new boolean[1];
        world.thread("other").execute(() -> ran[0] = true);
        selector.select(new SelectorCursor(NumaTopology.flat(), 0));
        return ran[0];
    }

    @Test
    void choosesAsTheWrappedPolicyDoes() {
        var policy = new InterleavingPolicy(SimWorld.seeded(1), IoPolicies.roundRobin());
        PathSelector wrapped = policy.selector(PATHS, NumaTopology.flat());
        PathSelector plain = IoPolicies.roundRobin().selector(PATHS, NumaTopology.flat());
        var one = new SelectorCursor(NumaTopology.flat(), 0);
        var two = new SelectorCursor(NumaTopology.flat(), 0);

        for (int i = 0; i < 10; i++) {
            assertThat(wrapped.select(one)).isEqualTo(plain.select(two));
        }
        assertThat(policy.name()).isEqualTo("round-robin");
        assertThat(policy.countsInFlight()).isFalse();
        assertThat(policy.timesRequests()).isFalse();
        assertThat(new InterleavingPolicy(SimWorld.seeded(1), IoPolicies.latency()).timesRequests())
                .isTrue();
    }
}
