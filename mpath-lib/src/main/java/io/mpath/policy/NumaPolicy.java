package io.mpath.policy;

import java.util.List;

/**
 * All requests of a memory node go down one path: a preferred one before others, then the nearest to the node, then the one
 * attached first (Linux {@code nvme_find_path} with iopolicy numa).
 *
 * <p>Two differences from Linux. The choice is made when the candidates change, not cached until an error clears it, so it can
 * never be a path that is disabled; and the nearest non-optimized path serves its node just as an optimized one would, where
 * Linux searches again for every request. A port on no particular node counts as near to all.
 */
public record NumaPolicy() implements IoPolicy {
    private static final int LOCAL_DISTANCE = 10;

    @Override
    public String name() {
        return "numa";
    }

    @Override
    public boolean countsInFlight() {
        return false;
    }

    @Override
    public PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa) {
        if (candidates.size() == 1) {
            return cursor -> 0;
        }
        int[] byNode = new int[numa.nodes()];
        boolean everywhereTheSame = true;
        for (int node = 0; node < byNode.length; node++) {
            byNode[node] = best(candidates, numa, node);
            everywhereTheSame &= byNode[node] == byNode[0];
        }
        if (everywhereTheSame) {
            int only = byNode[0];
            return cursor -> only;
        }
        return cursor -> byNode[cursor.node()];
    }

    private static int best(List<? extends SelectablePath> candidates, NumaTopology numa, int node) {
        int best = 0;
        for (int i = 1; i < candidates.size(); i++) {
            SelectablePath challenger = candidates.get(i);
            SelectablePath champion = candidates.get(best);
            boolean wins = challenger.preferred() == champion.preferred()
                    ? distance(numa, node, challenger) < distance(numa, node, champion)
                    : challenger.preferred();
            if (wins) {
                best = i;
            }
        }
        return best;
    }

    private static int distance(NumaTopology numa, int node, SelectablePath path) {
        boolean known = path.numaNode() >= 0 && path.numaNode() < numa.nodes();
        return known ? numa.distance(node, path.numaNode()) : LOCAL_DISTANCE;
    }
}
