package io.mpath.internal.device;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.DeviceSettings;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import io.mpath.sim.SimAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is given requests, by the tables that SPDK's and dm-multipath's own tests hold them to, through a whole device. */
class TruthTablesTest {
    /** SPDK's active/passive is numa on one node; its active/active is round-robin. */
    static Stream<Arguments> statusRows() {
        IoPolicy passive = IoPolicies.numa();
        IoPolicy active = IoPolicies.roundRobin();
        return Stream.of(
                Arguments.of(passive, OPTIMIZED, OPTIMIZED, "p1", "p1 p2"),
                Arguments.of(passive, NON_OPTIMIZED, OPTIMIZED, "p2", "p1 p2"),
                Arguments.of(passive, NON_OPTIMIZED, NON_OPTIMIZED, "p1", "p1 p2"),
                Arguments.of(passive, NON_OPTIMIZED, UNAVAILABLE, "p1", "p1"),
                Arguments.of(passive, UNAVAILABLE, UNAVAILABLE, "", ""),
                Arguments.of(passive, UNAVAILABLE, OPTIMIZED, "p2", "p2"),
                Arguments.of(active, OPTIMIZED, OPTIMIZED, "p1 p2", "p1 p2"),
                Arguments.of(active, NON_OPTIMIZED, OPTIMIZED, "p2", "p1 p2"),
                Arguments.of(active, NON_OPTIMIZED, NON_OPTIMIZED, "p1 p2", "p1 p2"),
                Arguments.of(active, NON_OPTIMIZED, UNAVAILABLE, "p1", "p1"));
    }

    @ParameterizedTest
    @MethodSource("statusRows")
    void currentAndAccessiblePathsAreThoseOfTheTable(
            IoPolicy policy, AccessState first, AccessState second, String current, String accessible) {
        var scene = Scene.with(DeviceSettings.defaults().withPolicy(policy), "p1", "p2");
        set(scene, first, second);
        for (int i = 0; i < 6; i++) {
            scene.read(i);
            scene.idle();
        }

        assertThat(given(scene)).isEqualTo(current);
        assertThat(usable(scene)).isEqualTo(accessible);
    }

    @Test
    void requestsWaitUntilOneOfTwoInaccessiblePathsRecovers() {
        var scene = Scene.with("p1", "p2");
        set(scene, UNAVAILABLE, UNAVAILABLE);
        Told read = scene.read(0);
        scene.idle();
        assertThat(given(scene)).isEmpty();
        scene.becomes("p2", NON_OPTIMIZED);

        assertThat(read.ended()).isTrue();
        assertThat(given(scene)).isEqualTo("p2");
    }

    static Stream<Arguments> rotationRows() {
        return Stream.of(
                Arguments.of("p2", List.of(UNAVAILABLE, OPTIMIZED, UNAVAILABLE), "p2"),
                Arguments.of("p2", List.of(NON_OPTIMIZED, OPTIMIZED, NON_OPTIMIZED), "p2"),
                Arguments.of("p2", List.of(OPTIMIZED, OPTIMIZED, NON_OPTIMIZED), "p1"),
                Arguments.of("p3", List.of(UNAVAILABLE, NON_OPTIMIZED, NON_OPTIMIZED), "p2"));
    }

    @ParameterizedTest
    @MethodSource("rotationRows")
    void rotationGoesOnBehindTheCurrentPath(String current, List<AccessState> states, String next) {
        var scene = Scene.with(DeviceSettings.defaults().withPolicy(IoPolicies.roundRobin()), "p1", "p2", "p3");
        String last = "";
        while (!last.equals(current)) {
            last = next(scene);
        }
        set(scene, states.toArray(AccessState[]::new));

        assertThat(next(scene)).isEqualTo(next);
    }

    static Stream<Arguments> depthRows() {
        return Stream.of(
                Arguments.of(List.of(OPTIMIZED, OPTIMIZED, NON_OPTIMIZED), List.of(2, 1, 0), "p2"),
                Arguments.of(List.of(NON_OPTIMIZED, NON_OPTIMIZED, UNAVAILABLE), List.of(2, 1, 0), "p2"),
                Arguments.of(List.of(OPTIMIZED, OPTIMIZED, UNAVAILABLE), List.of(2, 1, 0), "p2"),
                Arguments.of(List.of(OPTIMIZED, OPTIMIZED, UNAVAILABLE), List.of(2, 4, 0), "p1"));
    }

    @ParameterizedTest
    @MethodSource("depthRows")
    void shallowestPathOfTheBestTierIsGivenTheNext(List<AccessState> states, List<Integer> depths, String next) {
        var scene = Scene.with(DeviceSettings.defaults().withPolicy(IoPolicies.queueDepth()), "p1", "p2", "p3");
        for (int path = 0; path < 3; path++) {
            for (int other = 0; other < 3; other++) {
                scene.becomes("p" + (other + 1), other == path ? OPTIMIZED : UNAVAILABLE);
            }
            scene.path("p" + (path + 1)).answer(SimAnswer.hang());
            for (int i = 0; i < depths.get(path); i++) {
                scene.read(i);
            }
        }
        set(scene, states.toArray(AccessState[]::new));

        assertThat(next(scene)).isEqualTo(next);
    }

    /** Negative control: the rows are told apart, since a device of another policy contradicts some. */
    @Test
    void numaContradictsTheRowsOfRoundRobin() {
        var scene = Scene.with("p1", "p2");
        for (int i = 0; i < 6; i++) {
            scene.read(i);
            scene.idle();
        }

        assertThat(given(scene)).isNotEqualTo("p1 p2");
    }

    private static void set(Scene scene, AccessState... states) {
        for (int i = 0; i < states.length; i++) {
            scene.becomes("p" + (i + 1), states[i]);
        }
    }

    private static String next(Scene scene) {
        List<Long> before = submitted(scene);
        scene.read(0);
        scene.idle();
        List<Long> after = submitted(scene);
        for (int i = 0; i < after.size(); i++) {
            if (after.get(i) > before.get(i)) {
                return "p" + (i + 1);
            }
        }
        return "none";
    }

    private static List<Long> submitted(Scene scene) {
        List<Long> counts = new ArrayList<>();
        scene.array.paths().forEach(path -> counts.add(path.submitted()));
        return counts;
    }

    private static String given(Scene scene) {
        return String.join(
                " ",
                scene.array.paths().stream()
                        .filter(path -> path.submitted() > 0)
                        .map(path -> path.port().port().name())
                        .toList());
    }

    private static String usable(Scene scene) {
        return String.join(
                " ",
                scene.device().snapshot().paths().stream()
                        .filter(path -> path.usable())
                        .map(path -> path.port())
                        .toList());
    }
}
