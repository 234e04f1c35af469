package io.mpath.policy;

import java.util.List;

/**
 * The path whose port has the fewest requests in flight, over all logical units behind that port (Linux {@code
 * nvme_queue_depth_path}).
 *
 * <p>Differences from Linux: ties rotate, where Linux always takes the first path in its list; and each request is counted by
 * a mark of its own, so the count returns to zero after any history of policy changes, retries and resets.
 */
public record QueueDepthPolicy() implements IoPolicy {
    @Override
    public String name() {
        return "queue-depth";
    }

    @Override
    public boolean countsInFlight() {
        return true;
    }

    @Override
    public PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa) {
        return candidates.size() == 1 ? cursor -> 0 : new Shallowest(candidates.toArray(SelectablePath[]::new));
    }

    /** The least deep of fixed candidates, the search starting behind the last choice so that ties rotate. */
    static final class Shallowest implements PathSelector {
        private final SelectablePath[] candidates;

        Shallowest(SelectablePath[] candidates) {
            this.candidates = candidates;
        }

        @Override
        public int select(SelectorCursor cursor) {
            int count = candidates.length;
            int best = 0;
            int bestDepth = Integer.MAX_VALUE;
            int at = cursor.searchFrom(count);
            for (int i = 0; i < count; i++) {
                if (++at >= count) {
                    at = 0;
                }
                int depth = candidates[at].inFlight();
                if (depth < bestDepth) {
                    bestDepth = depth;
                    best = at;
                    if (depth == 0) {
                        break;
                    }
                }
            }
            cursor.chose(best, candidates[best].ordinal());
            return best;
        }
    }
}
