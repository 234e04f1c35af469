package io.mpath.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.DeviceSettings;
import io.mpath.IoOperation;
import io.mpath.MarginalPolicy;
import io.mpath.observe.MultipathEvent;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import io.mpath.sim.SimAnswer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that are far slower than their siblings, or on which nothing ends. Requests come every 7 ms, out of step with ticks. */
@ParameterizedClass
@EnumSource(Via.class)
class SlowPathTest {
    private static final DeviceSettings ROUND_ROBIN = with(IoPolicies.roundRobin());

    @Parameter
    Via via;

    private static DeviceSettings with(IoPolicy policy) {
        return DeviceSettings.defaults().withPolicy(policy).withRequestTimeout(Duration.ofMinutes(10));
    }

    @Test
    void pathFarSlowerThanItsSiblingsIsMarginal() {
        var scene = scene(ROUND_ROBIN, Duration.ofMillis(1), Duration.ofMillis(200));
        run(scene, Duration.ofSeconds(21));

        assertThat(scene.seen("b").marginal()).matches("slow: (19|20)\\d ms, where a sibling takes \\d{3,4} µs");
        assertThat(scene.seen("a").marginal()).isEmpty();
        long before = scene.path("b").submitted();
        run(scene, Duration.ofSeconds(5));
        assertThat(scene.path("b").submitted()).isEqualTo(before);
    }

    @Test
    void queueDepthPolicyShowsTheSlowOneToo() {
        var scene = scene(with(IoPolicies.queueDepth()), Duration.ofMillis(5), Duration.ofMillis(200));
        run(scene, Duration.ofSeconds(40));

        assertThat(scene.seen("b").marginal()).startsWith("slow: ");
    }

    @Test
    void meanIsThatOfTheRequests() {
        var scene = scene(ROUND_ROBIN, Duration.ofMillis(30), Duration.ofMillis(300));
        run(scene, Duration.ofSeconds(11));
        PathLoad load = Scene.record(scene.device(), "b").load();

        assertThat(load.meanNanos()).isBetween(270_000_000L, 330_000_000L);
        assertThat(load.ended()).as("every 14 ms for 5 s").isBetween(340L, 370L);
    }

    @Test
    void slowPathIsUsedWhereThatIsSwitchedOff() {
        var scene = scene(ROUND_ROBIN.withMarginal(MarginalPolicy.off()), Duration.ofMillis(1), Duration.ofMillis(200));
        run(scene, Duration.ofMinutes(1));

        assertThat(scene.events(MultipathEvent.PathMarginal.class)).isEmpty();
    }

    @Test
    void pathLessThanTenTimesSlowerIsSound() {
        var scene = scene(ROUND_ROBIN, Duration.ofMillis(30), Duration.ofMillis(240));
        run(scene, Duration.ofMinutes(1));

        assertThat(scene.events(MultipathEvent.PathMarginal.class)).isEmpty();
    }

    @Test
    void pathThatIsFastEnoughIsSoundHoweverFastItsSiblingsAre() {
        var scene = scene(ROUND_ROBIN, Duration.ofNanos(10_001), Duration.ofMillis(15));
        run(scene, Duration.ofMinutes(1));

        assertThat(scene.events(MultipathEvent.PathMarginal.class)).isEmpty();
    }

    @Test
    void slownessOfAMomentDoesNotCount() {
        var scene = scene(ROUND_ROBIN, Duration.ofMillis(1), Duration.ofMillis(1));
        for (int i = 0; i < 5; i++) {
            scene.path("b").latency(Duration.ofMillis(300));
            run(scene, Duration.ofSeconds(6));
            scene.path("b").latency(Duration.ofMillis(1));
            run(scene, Duration.ofSeconds(14));
        }

        assertThat(scene.events(MultipathEvent.PathMarginal.class)).isEmpty();
    }

    @Test
    void arrayThatIsSlowOnEveryPathMakesNoneMarginal() {
        var scene = scene(ROUND_ROBIN, Duration.ofSeconds(1), Duration.ofSeconds(1));
        run(scene, Duration.ofMinutes(1));

        assertThat(scene.events(MultipathEvent.PathMarginal.class)).isEmpty();
    }

    @Test
    void fewRequestsDoNotDecide() {
        var scene = scene(ROUND_ROBIN, Duration.ofMillis(1), Duration.ofSeconds(2));
        for (int i = 0; i < 60; i++) {
            scene.read(0);
            scene.pass(Duration.ofSeconds(1));
        }

        assertThat(scene.events(MultipathEvent.PathMarginal.class)).isEmpty();
    }

    @Test
    void pathsOfDifferentAccessStatesAreNotCompared() {
        var scene = scene(ROUND_ROBIN, Duration.ofMillis(1), Duration.ofMillis(200));
        for (int i = 0; i < 12; i++) {
            run(scene, Duration.ofMillis(2500));
            scene.becomes("a", AccessState.UNAVAILABLE);
            scene.becomes("b", AccessState.NON_OPTIMIZED);
            run(scene, Duration.ofMillis(2500));
            scene.becomes("a", AccessState.OPTIMIZED);
        }

        assertThat(scene.events(MultipathEvent.PathMarginal.class)).isEmpty();
    }

    @Test
    void slowPathIsProbedByRealUseAgainLater() {
        var scene = scene(ROUND_ROBIN, Duration.ofMillis(1), Duration.ofMillis(200));
        run(scene, Duration.ofSeconds(21));
        assertThat(scene.seen("b").marginal()).isNotEmpty();
        scene.path("b").latency(Duration.ofMillis(1));
        run(scene, Duration.ofMinutes(2));

        assertThat(scene.events(MultipathEvent.PathMarginal.class)).hasSize(2);
        assertThat(scene.seen("b").selected()).isTrue();
    }

    /** Policy numa gives everything to the first one, so there is no sibling to compare it with. */
    @Test
    void pathOnWhichNothingEndsIsLeftForAnother() {
        var scene = via.with(with(IoPolicies.numa()), "a", "b");
        run(scene, Duration.ofSeconds(1));
        scene.path("a").answer(SimAnswer.hang());
        scene.read(0);
        scene.pass(Duration.ofSeconds(9));
        assertThat(scene.seen("a").marginal()).isEmpty();
        scene.pass(Duration.ofSeconds(12));
        assertThat(scene.seen("a").marginal()).startsWith("hangs: nothing ended for PT");
        Told read = scene.read(0);
        scene.idle();

        assertThat(read.ended()).isTrue();
        assertThat(scene.path("b").submitted()).isOne();
    }

    @Test
    void hungPathStaysMarginalWhileItHangs() {
        var scene = via.with(with(IoPolicies.numa()), "a", "b");
        scene.path("a").answer(SimAnswer.hang());
        scene.read(0);
        scene.pass(Duration.ofMinutes(5));
        assertThat(scene.seen("a").marginal()).startsWith("hangs");
        scene.path("a").answer(SimAnswer.succeed());
        scene.path("a").underWay().get(0).complete();
        scene.pass(Duration.ofSeconds(40));

        assertThat(scene.seen("a").marginal()).isEmpty();
    }

    @Test
    void hangingPathIsUsedWhereThatIsSwitchedOff() {
        var scene = via.with(
                with(IoPolicies.numa()).withMarginal(MarginalPolicy.defaults().withHang(Duration.ZERO)), "a", "b");
        scene.path("a").answer(SimAnswer.hang());
        scene.read(0);
        scene.pass(Duration.ofMinutes(5));

        assertThat(scene.events(MultipathEvent.PathMarginal.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLUSH", "DISCARD", "WRITE_ZEROES", "PASSTHROUGH"})
    void operationsThatTakeLongByNatureAreNoHang(String operation) {
        var scene = via.with(with(IoPolicies.numa()), "a", "b");
        scene.path("a").answer(SimAnswer.hang());
        scene.request().of(IoOperation.valueOf(operation), 0).submit(scene.device());
        scene.pass(Duration.ofMinutes(1));

        assertThat(scene.path("a").underWay()).hasSize(1);
        assertThat(scene.events(MultipathEvent.PathMarginal.class)).isEmpty();
    }

    @Test
    void pathThatEndsSomethingNowAndThenDoesNotHang() {
        var scene = via.with(with(IoPolicies.numa()), "a", "b");
        scene.path("a").answer(SimAnswer.hang());
        for (int i = 0; i < 20; i++) {
            scene.read(i);
            scene.read(i);
            scene.pass(Duration.ofSeconds(4));
            scene.path("a").underWay().get(0).complete();
        }

        assertThat(scene.events(MultipathEvent.PathMarginal.class)).isEmpty();
    }

    private Scene scene(DeviceSettings settings, Duration a, Duration b) {
        var scene = via.with(settings, "a", "b");
        scene.path("a").latency(a);
        scene.path("b").latency(b);
        return scene;
    }

    private static void run(Scene scene, Duration time) {
        for (long left = time.toMillis(); left > 0; left -= 7) {
            scene.read(0);
            scene.passMillis(7);
        }
    }
}
