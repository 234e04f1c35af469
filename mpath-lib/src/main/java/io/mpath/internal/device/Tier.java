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
        PathTarget[] paths = best(views, true);
        if (paths.length == 0) {
            paths = best(views, false);
        }
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

    private static PathTarget[] best(List<PathView> views, boolean sound) {
        PathTarget[] optimized = pick(views, AccessState.OPTIMIZED, sound);
        return optimized.length > 0 ? optimized : pick(views, AccessState.NON_OPTIMIZED, sound);
    }

    private static PathTarget[] pick(List<PathView> views, AccessState state, boolean sound) {
        int count = 0;
        for (PathView view : views) {
            count += in(view, state, sound) ? 1 : 0;
        }
        if (count == 0) {
            return NO_PATHS;
        }
        PathTarget[] picked = new PathTarget[count];
        int at = 0;
        for (PathView view : views) {
            if (in(view, state, sound)) {
                picked[at++] = view.target();
            }
        }
        return picked;
    }

    private static boolean in(PathView view, AccessState state, boolean sound) {
        return view.usable() && view.accessState() == state && view.sound() == sound;
    }

    boolean isEmpty() {
        return paths.length == 0;
    }
}
