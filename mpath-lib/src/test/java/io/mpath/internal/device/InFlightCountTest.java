package io.mpath.internal.device;

import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.DeviceSettings;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.MultipathDevice;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import io.mpath.policy.NumaTopology;
import io.mpath.policy.PathSelector;
import io.mpath.policy.SelectablePath;
import io.mpath.sim.InterleavingPolicy;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimRandom;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests in flight per port, whatever becomes of them, and the policy's change in the middle. */
@ParameterizedClass
@EnumSource(Via.class)
class InFlightCountTest {
    private static final DeviceSettings QUEUE_DEPTH = DeviceSettings.defaults().withPolicy(IoPolicies.queueDepth());
    private static final List<String> PORTS = List.of("a", "b", "c");

    @Parameter
    Via via;

    @Test
    void requestIsCountedWhileItsPathHasIt() {
        var scene = via.with(QUEUE_DEPTH, "a");
        scene.path("a").answer(SimAnswer.hang());
        scene.read(0);
        scene.read(1);
        assertThat(Scene.inFlight(scene.device(), "a")).isEqualTo(2);
        scene.path("a").underWay().forEach(attempt -> attempt.complete());
        scene.idle();

        assertThat(Scene.inFlight(scene.device(), "a")).isZero();
    }

    @Test
    void policyThatComesMidFlightDoesNotDiscountWhatItDidNotCount() {
        var scene = via.with("a");
        scene.path("a").answer(SimAnswer.hang());
        Told uncounted = scene.read(0);
        scene.await(scene.device().policy(IoPolicies.queueDepth()));
        Told counted = scene.read(1);
        assertThat(Scene.inFlight(scene.device(), "a")).isOne();
        scene.await(scene.device().policy(IoPolicies.roundRobin()));
        scene.path("a").underWay().forEach(attempt -> attempt.complete());
        scene.idle();

        assertThat(Scene.inFlight(scene.device(), "a")).isZero();
        assertThat(List.of(uncounted, counted)).allMatch(read -> read.status == IoStatus.SUCCESS);
    }

    @Test
    void abandonedRequestCountsUntilItsPathIsDoneWithIt() {
        var scene = via.with(QUEUE_DEPTH, "a");
        scene.path("a").answer(SimAnswer.hang());
        scene.request().read(0, 1).timeout(Duration.ofSeconds(1)).submit(scene.device());
        scene.pass(Duration.ofSeconds(2));
        assertThat(Scene.inFlight(scene.device(), "a")).isOne();
        scene.path("a").underWay().get(0).complete();
        scene.idle();

        assertThat(Scene.inFlight(scene.device(), "a")).isZero();
    }

    @Test
    void refusalsAndContractBreachesAreNotCounted() {
        var scene = via.with(QUEUE_DEPTH, "a");
        scene.path("a")
                .next(1, SimAnswer.refuse())
                .next(1, SimAnswer.breakContract())
                .next(1, SimAnswer.succeed().twice());
        for (int i = 0; i < 4; i++) {
            scene.read(i);
        }
        scene.pass(Duration.ofSeconds(1));

        assertThat(scene.ended()).hasSize(4).allMatch(read -> read.status == IoStatus.SUCCESS);
        assertThat(Scene.inFlight(scene.device(), "a")).isZero();
    }

    @Test
    void policyThatCannotMakeASelectorIsRefusedAndTheOldOneStays() {
        var scene = via.with("a");

        assertThat(scene.failureOf(scene.device().policy(new Throwing(1)))).hasMessageContaining("no selector");
        assertThat(scene.device().snapshot().policy()).isEqualTo("numa");
        Told read = scene.read(0);
        scene.idle();
        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void policyThatThrowsWhenPathsChangeDoesNotKeepTheChangeFromHappening() {
        var scene = via.with("a", "b");
        scene.await(scene.device().policy(new Throwing(1)));
        scene.becomes("a", UNAVAILABLE);
        Told read = scene.read(0);
        scene.idle();

        assertThat(scene.seen("a").usable()).isFalse();
        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.path("b").submitted()).isOne();
    }

    /** Failures of every kind, retries, time-outs, removals, returns and changes of policy, in a seeded order. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void countsAreZeroAfterAnyHistory(long seed) {
        var world = SimWorld.seeded(seed);
        var scene = via.in(world, QUEUE_DEPTH, "a", "b", "c");
        MultipathDevice device = scene.device();
        List<Told> submitted = history(scene, world.random());
        endEverything(scene);

        assertThat(submitted).allMatch(Told::ended);
        assertThat(submitted).allMatch(told -> told.ends == 1);
        for (String port : PORTS) {
            assertThat(Scene.inFlight(device, port))
                    .as("in flight through " + port)
                    .isZero();
            assertThat(Scene.seen(device, port).inFlight()).isZero();
            assertThat(Scene.record(device, port).port().bytesInFlight())
                    .as("bytes in flight through " + port)
                    .isZero();
        }
    }

    /** Negative control: the same check sees what has not ended. */
    @Test
    void countIsNotZeroBeforeTheEnd() {
        var scene = via.in(SimWorld.seeded(1), QUEUE_DEPTH, "a", "b", "c");
        PORTS.forEach(port -> scene.path(port).answer(SimAnswer.hang()));
        scene.read(0);
        scene.idle();

        assertThat(PORTS.stream()
                        .mapToInt(port -> Scene.inFlight(scene.device(), port))
                        .sum())
                .isOne();
        assertThat(PORTS.stream()
                        .mapToLong(port ->
                                Scene.record(scene.device(), port).port().bytesInFlight())
                        .sum())
                .isEqualTo(Scene.BLOCK);
    }

    private static List<Told> history(Scene scene, SimRandom random) {
        List<Told> submitted = new ArrayList<>();
        List<IoPolicy> policies = List.of(
                IoPolicies.queueDepth(),
                IoPolicies.roundRobin(),
                IoPolicies.serviceTime(),
                IoPolicies.latency(),
                new InterleavingPolicy(scene.world, IoPolicies.queueDepth()));
        List<CompletableFuture<Void>> changes = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String port = PORTS.get(random.nextInt(PORTS.size()));
            switch (random.nextInt(8)) {
                case 0 -> scene.path(port).next(1, answer(random));
                case 1 -> changes.add(scene.device().policy(policies.get(random.nextInt(policies.size()))));
                case 2 -> scene.path(port).accessState(random.chance(3, 4) ? OPTIMIZED : AccessState.TRANSITIONING);
                case 3 -> {
                    if (scene.port(port).liveness() == Liveness.LIVE) {
                        scene.port(port).pull();
                    } else {
                        scene.port(port).putBack();
                    }
                }
                default -> {
                    Told told = random.chance(1, 2)
                            ? scene.request().read(i, 1)
                            : scene.request().write(i, 1, i);
                    submitted.add(told.timeout(Duration.ofMillis(random.between(100, 3_000)))
                            .submit(scene.device()));
                }
            }
            scene.pass(Duration.ofNanos(random.between(0, 10_000_000)));
        }
        assertThat(changes).isNotEmpty();
        return submitted;
    }

    private static SimAnswer answer(SimRandom random) {
        return switch (random.nextInt(7)) {
            case 0 -> SimAnswer.fail(PathFailure.failOver(Certainty.UNKNOWN, "lost"));
            case 1 ->
                SimAnswer.fail(PathFailure.failOver(Certainty.TERMINATED, "aborted"))
                        .inSubmit();
            case 2 -> SimAnswer.fail(PathFailure.retry(1_000_000, "busy"));
            case 3 -> SimAnswer.fail(PathFailure.fail(IoStatus.MEDIUM_ERROR, "bad block"));
            case 4 -> SimAnswer.hang();
            case 5 -> SimAnswer.refuse();
            default -> SimAnswer.succeed().twice();
        };
    }

    private static void endEverything(Scene scene) {
        for (String port : PORTS) {
            scene.port(port).putBack();
            scene.path(port).accessState(OPTIMIZED);
        }
        scene.pass(Duration.ofSeconds(10));
        PORTS.forEach(port -> scene.path(port).underWay().forEach(attempt -> attempt.complete()));
        scene.pass(Duration.ofSeconds(1));
    }

    /** Makes no selector for a certain number of paths. */
    private record Throwing(int count) implements IoPolicy {
        @Override
        public String name() {
            return "throwing";
        }

        @Override
        public boolean countsInFlight() {
            return false;
        }

        @Override
        public PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa) {
            if (candidates.size() == count) {
                throw new IllegalStateException("no selector for " + count);
            }
            return cursor -> 0;
        }
    }
}
