package io.mpath.policy;

import io.mpath.AccessState;
import io.mpath.Liveness;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How Linux native multipath selects a path, as naive as it can be said, from the states of all paths and without any
 * table prepared beforehand; with these differences, which the policies state:
 *
 * <ul>
 *   <li>a path of a controller that is being deleted is not usable;
 *   <li>numa: decided anew for every request, so nothing cached can be a disabled path; preferred paths come first;
 *   <li>round-robin: forwards over non-optimized paths too;
 *   <li>queue-depth: equally deep paths take turns.
 * </ul>
 */
final class ReferenceSelection {
    private static final int UNKNOWN_DISTANCE = 10;

    private ReferenceSelection() {}

    static boolean usable(ModelPath path) {
        boolean served = path.accessState() == AccessState.OPTIMIZED || path.accessState() == AccessState.NON_OPTIMIZED;
        return served && path.liveness() == Liveness.LIVE && path.ready();
    }

    /** The usable optimized paths if there are any, else the usable non-optimized ones. */
    static List<ModelPath> tier(List<ModelPath> paths) {
        List<ModelPath> optimized = new ArrayList<>();
        List<ModelPath> others = new ArrayList<>();
        for (ModelPath path : paths) {
            if (usable(path)) {
                (path.accessState() == AccessState.OPTIMIZED ? optimized : others).add(path);
            }
        }
        return optimized.isEmpty() ? others : optimized;
    }

    /** The nearest to the caller's node among the preferred, or among all when none is; the first of equals. */
    static Optional<ModelPath> numa(List<ModelPath> paths, NumaTopology numa) {
        List<ModelPath> tier = tier(paths);
        List<ModelPath> preferred = tier.stream().filter(ModelPath::preferred).toList();
        ModelPath nearest = null;
        for (ModelPath path : preferred.isEmpty() ? tier : preferred) {
            if (nearest == null || distance(numa, path) < distance(numa, nearest)) {
                nearest = path;
            }
        }
        return Optional.ofNullable(nearest);
    }

    private static int distance(NumaTopology numa, ModelPath path) {
        return path.numaNode() < 0 || path.numaNode() >= numa.nodes()
                ? UNKNOWN_DISTANCE
                : numa.distance(numa.currentNode(), path.numaNode());
    }

    /** The path attached next after the one chosen last, the ring closing behind the last of the tier. */
    static Optional<ModelPath> roundRobin(List<ModelPath> paths, int lastOrdinal) {
        return nextOf(tier(paths), lastOrdinal);
    }

    /** Among the shallowest, the one attached next after the one chosen last. */
    static Optional<ModelPath> queueDepth(List<ModelPath> paths, int lastOrdinal) {
        return nextOf(shallowest(paths), lastOrdinal);
    }

    /** Those of the tier than which no other is shallower. */
    static List<ModelPath> shallowest(List<ModelPath> paths) {
        List<ModelPath> tier = tier(paths);
        int depth = tier.stream().mapToInt(ModelPath::inFlight).min().orElse(0);
        return tier.stream().filter(path -> path.inFlight() == depth).toList();
    }

    private static Optional<ModelPath> nextOf(List<ModelPath> ring, int lastOrdinal) {
        return ring.stream()
                .filter(path -> path.ordinal() > lastOrdinal)
                .findFirst()
                .or(() -> ring.stream().findFirst());
    }
}
