package io.mpath.internal.device;

import com.google.common.collect.ImmutableList;
import io.mpath.AccessState;
import io.mpath.internal.io.PathTarget;
import io.mpath.policy.IoPolicy;
import io.mpath.policy.NumaTopology;
import io.mpath.policy.PathSelector;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The best non-empty of four groups of usable paths, with a selector over them: sound ones before marginal ones, and of each
 * kind the optimized before the non-optimized.
 *
 * @param paths none when no path is usable
 * @param preferred which of them are preferred, in the same order
 * @param countsInFlight whether the policy wants requests counted per port
 * @param timesRequests whether it wants some of them timed, too, for which they are counted
 */
@SuppressWarnings("ArrayRecordComponent") // indexed for every request, compared by nobody
record Tier(
        PathTarget[] paths,
        boolean[] preferred,
        IoPolicy policy,
        PathSelector selector,
        boolean countsInFlight,
        boolean timesRequests) {
    private static final int USELESS = 4;
    private static final PathTarget[] NO_PATHS = {};
    private static final boolean[] NONE = {};
    private static final PathSelector ALWAYS_FIRST = cursor -> 0;
    private static final PathSelector NEVER_ASKED = cursor -> {
        throw new IllegalStateException("nothing to choose from");
    };

    /**
     * The tier of {@code views}; {@code before} itself when it would be the same.
     *
     * @param misbehaved told when the policy throws
     */
    static Tier of(
            List<PathView> views,
            IoPolicy policy,
            NumaTopology numa,
            Tier before,
            BiConsumer<String, String> misbehaved) {
        PathTarget[] paths = best(views);
        boolean[] preferred = new boolean[paths.length];
        for (int i = 0; i < paths.length; i++) {
            preferred[i] = paths[i].preferred();
        }
        if (policy == before.policy
                && Arrays.equals(paths, before.paths)
                && Arrays.equals(preferred, before.preferred)) {
            return before;
        }
        if (paths.length == 0) {
            return empty(policy);
        }
        // A policy of the user's that throws must not keep the table from being published: the first path serves
        // meanwhile.
        try {
            PathSelector selector = policy.selector(ImmutableList.copyOf(paths), numa);
            boolean times = policy.timesRequests();
            if (times) {
                // Before submitters can ask for them, whether or not the policy did.
                for (PathTarget path : paths) {
                    path.history();
                }
            }
            return new Tier(paths, preferred, policy, selector, policy.countsInFlight() || times, times);
        } catch (RuntimeException e) {
            misbehaved.accept("", "policy " + policy.name() + " made no selector: " + e);
            return new Tier(paths, preferred, policy, ALWAYS_FIRST, false, false);
        }
    }

    /** No paths. */
    static Tier empty(IoPolicy policy) {
        return new Tier(NO_PATHS, NONE, policy, NEVER_ASKED, false, false);
    }

    private static PathTarget[] best(List<PathView> views) {
        int best = USELESS;
        int count = 0;
        for (PathView view : views) {
            int group = group(view);
            count = group < best ? 1 : count + (group == best ? 1 : 0);
            best = Math.min(best, group);
        }
        if (best == USELESS) {
            return NO_PATHS;
        }
        PathTarget[] picked = new PathTarget[count];
        int at = 0;
        for (PathView view : views) {
            if (group(view) == best) {
                picked[at++] = view.target();
            }
        }
        return picked;
    }

    /** The number of its group, the best one's 0. */
    private static int group(PathView view) {
        if (!view.usable()) {
            return USELESS;
        }
        return (view.sound() ? 0 : 2) + (view.accessState() == AccessState.OPTIMIZED ? 0 : 1);
    }

    boolean isEmpty() {
        return paths.length == 0;
    }
}
