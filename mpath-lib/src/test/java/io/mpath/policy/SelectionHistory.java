package io.mpath.policy;

import io.mpath.AccessState;
import io.mpath.Liveness;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * A machine, a device on it, and what becomes of its paths while it is given requests.
 *
 * @param ports how many ports the paths are dealt out to, one after the other; paths of one port share its depth
 */
record SelectionHistory(TestNuma numa, int ports, List<Step> steps) {
    private static final int MAX_PATHS = 32;
    private static final int MAX_NODES = 4;

    /**
     * The paths as they are for some requests.
     *
     * @param completions before each request one request of this port ends, if it has any; from the beginning again
     *     when used up
     */
    record Step(List<ModelPath> paths, int requests, List<Integer> completions) {}

    /** Random ones, with 1 to 32 paths. Most paths are usable at any time, or there would be little to choose from. */
    static final class Any implements ArbitrarySupplier<SelectionHistory> {
        @Override
        public Arbitrary<SelectionHistory> get() {
            return Arbitraries.integers()
                    .between(1, MAX_PATHS)
                    .flatMap(count -> Combinators.combine(
                                    numa(), Arbitraries.integers().between(1, count), steps(count))
                            .as(SelectionHistory::new));
        }

        private static Arbitrary<TestNuma> numa() {
            return Arbitraries.integers().between(1, MAX_NODES).flatMap(nodes -> {
                var row = Arbitraries.integers().between(10, 40).list().ofSize(nodes);
                return Combinators.combine(
                                row.list().ofSize(nodes), Arbitraries.integers().between(0, nodes - 1))
                        .as(TestNuma::new);
            });
        }

        private static Arbitrary<List<Step>> steps(int count) {
            var completions = Arbitraries.integers()
                    .between(0, count - 1)
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(8);
            return Combinators.combine(paths(count), Arbitraries.integers().between(1, 40), completions)
                    .as(Step::new)
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(8);
        }

        private static Arbitrary<List<ModelPath>> paths(int count) {
            return facts().list().ofSize(count).map(each -> {
                List<ModelPath> paths = new ArrayList<>();
                for (int ordinal = 0; ordinal < count; ordinal++) {
                    Facts facts = each.get(ordinal);
                    if (facts.present) {
                        paths.add(new ModelPath(
                                ordinal, facts.state, facts.liveness, facts.ready, facts.node, facts.preferred, 0));
                    }
                }
                return paths;
            });
        }

        private static Arbitrary<Facts> facts() {
            return Combinators.combine(
                            often(true, List.of(false)),
                            Arbitraries.of(AccessState.class),
                            often(Liveness.LIVE, List.of(Liveness.values())),
                            often(true, List.of(false)),
                            Arbitraries.integers().between(-1, MAX_NODES),
                            often(false, List.of(true)))
                    .as(Facts::new);
        }

        private static <T> Arbitrary<T> often(T usual, List<T> others) {
            return Arbitraries.frequencyOf(Tuple.of(8, Arbitraries.just(usual)), Tuple.of(1, Arbitraries.of(others)));
        }

        private record Facts(
                boolean present, AccessState state, Liveness liveness, boolean ready, int node, boolean preferred) {}
    }
}
