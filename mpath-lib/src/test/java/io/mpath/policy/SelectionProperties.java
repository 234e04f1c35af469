package io.mpath.policy;

import io.mpath.AccessState;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * Every policy, over random topologies and histories. That these checks can fail is held by {@link
 * SelectionChecksTest}.
 */
class SelectionProperties {
    @Property(tries = 500)
    void everyChoiceIsTheReferences(
            @ForAll("policies") IoPolicy policy,
            @ForAll(supplier = SelectionHistory.Any.class) SelectionHistory history) {
        SelectionChecks.agreesWithReference(policy, history);
    }

    @Property(tries = 200)
    void rotationSharesEvenlyOverEveryWindow(
            @ForAll("candidates") List<ModelPath> candidates, @ForAll @IntRange(max = 100) int start) {
        SelectionChecks.sharesEvenly(IoPolicies.roundRobin(), candidates, start, 3 * candidates.size() + 2);
    }

    @Property(tries = 200)
    void equallyDeepPathsShareEvenlyOverEveryWindow(
            @ForAll("candidates") List<ModelPath> candidates,
            @ForAll @IntRange(max = 100) int start,
            @ForAll @IntRange(max = 1000) int depth) {
        List<ModelPath> equal =
                candidates.stream().map(path -> path.withInFlight(depth)).toList();

        SelectionChecks.sharesEvenly(IoPolicies.queueDepth(), equal, start, 3 * candidates.size() + 2);
        SelectionChecks.sharesEvenly(IoPolicies.serviceTime(), equal, start, 3 * candidates.size() + 2);
    }

    @Property
    void nothingInACursorLeadsOutOfBounds(
            @ForAll("policies") IoPolicy policy,
            @ForAll("candidates") List<ModelPath> candidates,
            @ForAll int position,
            @ForAll int lastOrdinal) {
        SelectionChecks.staysInBounds(policy, candidates, position, lastOrdinal);
    }

    @Property(tries = 200)
    void stripesDoNotAllStartOnTheSamePath(
            @ForAll("candidates") List<ModelPath> candidates, @ForAll @IntRange(min = 1, max = 128) int stripes) {
        SelectionChecks.stripesStartApart(IoPolicies.roundRobin(), candidates, stripes);
        SelectionChecks.stripesStartApart(IoPolicies.queueDepth(), candidates, stripes);
        SelectionChecks.stripesStartApart(IoPolicies.serviceTime(), candidates, stripes);
        SelectionChecks.stripesStartApart(IoPolicies.latency(), candidates, stripes);
    }

    @Provide
    Arbitrary<IoPolicy> policies() {
        return Arbitraries.of(IoPolicies.all());
    }

    /** 1 to 32 paths of one tier, with gaps between their ordinals where others have left. */
    @Provide
    Arbitrary<List<ModelPath>> candidates() {
        return Arbitraries.integers()
                .between(0, 60)
                .set()
                .ofMinSize(1)
                .ofMaxSize(32)
                .map(ordinals -> ordinals.stream()
                        .sorted()
                        .map(ordinal -> ModelPath.of(ordinal, AccessState.OPTIMIZED))
                        .toList());
    }
}
