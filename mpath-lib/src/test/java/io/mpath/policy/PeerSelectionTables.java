package io.mpath.policy;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import io.mpath.AccessState;
import io.mpath.Liveness;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What SPDK's and device-mapper's own tests expect of selection, as far as it is about policies that we have. SPDK's
 * active/passive is our numa on one memory node, its active/active our round-robin and queue-depth.
 *
 * <p><b>Any implementation of selection runs them by implementing {@link #subject}:</b> {@link PeerSelectionTablesTest}
 * does with the bare selectors; a test that drives a real device over simulated paths has to move the paths into the
 * given states and depths, send one request, and say which path it arrived on.
 *
 * <p>Rows that do not apply:
 *
 * <ul>
 *   <li>SPDK round-robin with min_io 2 (p1 p1 p2 p2): our rotation moves on with every request, which is min_io 1. That
 *       p3, non-optimized, is not used beside optimized p1 and p2 is held below.
 *   <li>dm round-robin, a reinstated path goes to the head of the list: ours returns to its place in the order of
 *       attachment, which takes part of the state out of the list and makes the next choice predictable.
 *   <li>dm queue-length, the chosen path goes to the tail: ties rotate here too, by position; the vector is held below.
 *   <li>dm service-time, 2:1 by throughput over time: takes requests that end, see {@link ServiceTimePolicyTest}.
 *   <li>SPDK's {@code connected} column and "no queue pair": a path that is not live, held below as liveness.
 * </ul>
 */
interface PeerSelectionTables {
    /** Takes the cells of a row apart. */
    Splitter WORDS = Splitter.on(' ').omitEmptyStrings();

    /** A fresh subject with this policy, on a machine with one memory node. */
    SelectionSubject subject(IoPolicy policy);

    /** SPDK multipath_status.sh, active/passive: the {@code current} column. */
    @ParameterizedTest
    @CsvSource({
        "optimized     optimized,     p1",
        "non_optimized optimized,     p2",
        "non_optimized non_optimized, p1",
        "non_optimized unavailable,   p1",
        "unavailable   unavailable,   none",
        "unavailable   optimized,     p2",
    })
    default void activePassiveStatusOfTwoPorts(String states, String current) {
        SelectionSubject numa = subject(IoPolicies.numa());

        assertThat(taken(numa, paths(states), 8)).isEqualTo(names(current));
    }

    /** SPDK multipath_status.sh, active/active: the {@code current} column. */
    @ParameterizedTest
    @CsvSource({
        "optimized     optimized,     p1 p2",
        "non_optimized optimized,     p2",
        "non_optimized non_optimized, p1 p2",
        "non_optimized unavailable,   p1",
    })
    default void activeActiveStatusOfTwoPorts(String states, String current) {
        SelectionSubject roundRobin = subject(IoPolicies.roundRobin());
        SelectionSubject queueDepth = subject(IoPolicies.queueDepth());

        assertThat(taken(roundRobin, paths(states), 8)).isEqualTo(names(current));
        assertThat(taken(queueDepth, paths(states), 8)).isEqualTo(names(current));
    }

    /**
     * SPDK multipath_status.sh: the {@code accessible} column, as the paths that get I/O when each is the only one
     * left.
     */
    @ParameterizedTest
    @CsvSource({
        "optimized     optimized,     p1 p2",
        "non_optimized optimized,     p1 p2",
        "non_optimized non_optimized, p1 p2",
        "non_optimized unavailable,   p1",
        "unavailable   unavailable,   none",
        "unavailable   optimized,     p2",
    })
    default void accessibleColumnOfTwoPorts(String states, String accessible) {
        for (IoPolicy policy : IoPolicies.all()) {
            Set<String> served = new TreeSet<>();
            for (ModelPath path : paths(states)) {
                served.addAll(taken(subject(policy), List.of(path), 1));
            }
            assertThat(served).as(policy.name()).isEqualTo(names(accessible));
        }
    }

    /** SPDK host/multipath.sh: where I/O moves, and that it stops without a usable port until one recovers. */
    @Test
    default void ioFollowsTheStatesOfTwoPorts() {
        for (IoPolicy policy : IoPolicies.all()) {
            SelectionSubject subject = subject(policy);

            assertThat(taken(subject, paths("non_optimized optimized"), 4)).isEqualTo(names("p2"));
            assertThat(taken(subject, paths("non_optimized unavailable"), 4)).isEqualTo(names("p1"));
            assertThat(taken(subject, paths("unavailable optimized"), 4)).isEqualTo(names("p2"));
            assertThat(taken(subject, paths("unavailable unavailable"), 4)).isEmpty();
            assertThat(taken(subject, paths("non_optimized unavailable"), 4)).isEqualTo(names("p1"));
        }
    }

    /** SPDK find_next_io_path: one round-robin choice from a current path. */
    @ParameterizedTest
    @CsvSource({
        "p2, unavailable   optimized     unavailable,   p2",
        "p2, non_optimized optimized     non_optimized, p2",
        "p2, optimized     optimized     non_optimized, p1",
        "p3, unavailable   non_optimized non_optimized, p2",
    })
    default void roundRobinGoesOnFromTheCurrentPath(String current, String states, String next) {
        SelectionSubject roundRobin = subject(IoPolicies.roundRobin());
        List<ModelPath> paths = paths(states);

        assertThat(taken(roundRobin, onlyUsable(paths, current), 1)).isEqualTo(names(current));
        assertThat(taken(roundRobin, paths, 1)).isEqualTo(names(next));
    }

    /** SPDK find_next_io_path from empty, with min_io 1 in place of its 2. */
    @Test
    default void roundRobinTakesOptimizedPathsInTurnAndNoOther() {
        SelectionSubject roundRobin = subject(IoPolicies.roundRobin());

        assertThat(sequence(roundRobin, paths("optimized optimized non_optimized"), 6))
                .containsExactly("p1", "p2", "p1", "p2", "p1", "p2");
    }

    /** SPDK find_io_path_min_qd. */
    @ParameterizedTest
    @CsvSource({
        "2 1 0, optimized     optimized     non_optimized, p2",
        "2 1 0, non_optimized non_optimized unavailable,   p2",
        "2 1 0, optimized     optimized     unavailable,   p2",
        "2 4 0, optimized     optimized     unavailable,   p1",
    })
    default void queueDepthTakesTheShallowestOfTheBestTier(String inFlight, String states, String chosen) {
        SelectionSubject queueDepth = subject(IoPolicies.queueDepth());

        assertThat(taken(queueDepth, withInFlight(paths(states), inFlight), 1)).isEqualTo(names(chosen));
    }

    /** SPDK find_io_path with one path. */
    @ParameterizedTest
    @EnumSource(AccessState.class)
    default void onlyOptimizedAndNonOptimizedPathsAreEverTaken(AccessState state) {
        boolean expected = state == OPTIMIZED || state == NON_OPTIMIZED;
        for (IoPolicy policy : IoPolicies.all()) {
            assertThat(subject(policy).choose(List.of(ModelPath.of(0, state))).isPresent())
                    .as(policy.name())
                    .isEqualTo(expected);
        }
    }

    /** SPDK find_io_path without a connected queue pair. */
    @ParameterizedTest
    @EnumSource(Liveness.class)
    default void onlyLivePathsAreEverTaken(Liveness liveness) {
        var path = new ModelPath(0, OPTIMIZED, liveness, true, -1, false, 0);
        for (IoPolicy policy : IoPolicies.all()) {
            assertThat(subject(policy).choose(List.of(path)).isPresent())
                    .as(policy.name())
                    .isEqualTo(liveness == Liveness.LIVE);
        }
    }

    /** dm round-robin: A B C A, and the current path's removal does not stop the rotation. */
    @Test
    default void rotationSurvivesTheRemovalOfItsCurrentPath() {
        SelectionSubject roundRobin = subject(IoPolicies.roundRobin());
        List<ModelPath> three = paths("optimized optimized optimized");

        assertThat(sequence(roundRobin, three, 5)).containsExactly("p1", "p2", "p3", "p1", "p2");
        assertThat(sequence(roundRobin, List.of(three.get(0), three.get(2)), 3)).containsExactly("p3", "p1", "p3");
    }

    /** dm queue-length: of 3, 1 and 1 in flight the two shallow ones take turns. */
    @Test
    default void equallyShallowPathsTakeTurns() {
        SelectionSubject queueDepth = subject(IoPolicies.queueDepth());
        List<ModelPath> paths = withInFlight(paths("optimized optimized optimized"), "3 1 1");

        assertThat(sequence(queueDepth, paths, 6)).containsExactly("p2", "p3", "p2", "p3", "p2", "p3");
    }

    /** dm service-time: idle paths of one throughput share one to one, and one of throughput 0 gets nothing beside another. */
    @Test
    default void idlePathsOfOneThroughputTakeTurnsAndThroughputZeroIsTheLast() {
        List<ModelPath> paths = paths("optimized optimized optimized");

        assertThat(sequence(subject(IoPolicies.serviceTime()), paths.subList(0, 2), 4))
                .containsExactly("p2", "p1", "p2", "p1");
        assertThat(sequence(subject(IoPolicies.serviceTime(Map.of("p1", 0, "p3", 0))), paths, 3))
                .containsOnly("p2");
        assertThat(sequence(subject(IoPolicies.serviceTime(Map.of("p1", 0, "p2", 0, "p3", 0))), paths, 3))
                .containsExactlyInAnyOrder("p1", "p2", "p3");
    }

    private static List<ModelPath> paths(String states) {
        List<ModelPath> paths = new ArrayList<>();
        for (String state : WORDS.split(states)) {
            paths.add(ModelPath.of(paths.size(), AccessState.valueOf(state.toUpperCase(Locale.ROOT))));
        }
        return paths;
    }

    private static List<ModelPath> withInFlight(List<ModelPath> paths, String counts) {
        List<String> each = WORDS.splitToList(counts);
        return paths.stream()
                .map(path -> path.withInFlight(Integer.parseInt(each.get(path.ordinal()))))
                .toList();
    }

    private static List<ModelPath> onlyUsable(List<ModelPath> paths, String name) {
        return paths.stream()
                .map(path -> ModelPath.of(path.ordinal(), path.name().equals(name) ? OPTIMIZED : UNAVAILABLE))
                .toList();
    }

    private static Set<String> names(String text) {
        return text.equals("none") ? Set.of() : new TreeSet<>(WORDS.splitToList(text));
    }

    private static Set<String> taken(SelectionSubject subject, List<ModelPath> paths, int requests) {
        return new TreeSet<>(sequence(subject, paths, requests));
    }

    private static List<String> sequence(SelectionSubject subject, List<ModelPath> paths, int requests) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            subject.choose(paths).ifPresent(path -> names.add(path.name()));
        }
        return names;
    }
}
