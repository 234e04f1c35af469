package io.mpath.policy;

import java.util.List;
import java.util.Optional;

/** Something that selects paths, with a memory of what it selected before. */
@FunctionalInterface
interface SelectionSubject {
    /** The path that takes the next request when the paths are these, or none. */
    Optional<ModelPath> choose(List<ModelPath> paths);

    /**
     * A policy's selectors, given their candidates by {@link ReferenceSelection#tier} and made anew only when those
     * change, as the path table does.
     */
    static SelectionSubject selectorsOf(IoPolicy policy, NumaTopology numa) {
        return new SelectionSubject() {
            private final SelectorCursor cursor = new SelectorCursor(numa, 0);
            private Candidates candidates = new Candidates(List.of());
            private PathSelector selector = unused -> -1;

            @Override
            public Optional<ModelPath> choose(List<ModelPath> paths) {
                List<ModelPath> tier = ReferenceSelection.tier(paths);
                if (tier.isEmpty()) {
                    return Optional.empty();
                }
                if (!candidates.serve(tier)) {
                    candidates = new Candidates(tier);
                    selector = policy.selector(candidates.list(), numa);
                }
                return Optional.of(tier.get(selector.select(cursor)));
            }
        };
    }
}
