package io.mpath.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceSettings;
import io.mpath.DeviceState;
import io.mpath.IoStatus;
import io.mpath.MultipathException;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.policy.IoPolicies;
import io.mpath.sim.InterleavingPolicy;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimPath;
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

/** Holding a device still. */
@ParameterizedClass
@EnumSource(Via.class)
class QuiesceTest {
    @Parameter
    Via via;

    @Test
    void completesWhenWhatIsWithAPathHasEnded() {
        var scene = via.with("a");
        scene.path("a").answer(SimAnswer.hang());
        Told read = scene.read(0);
        CompletableFuture<Void> still = scene.device().quiesce();
        scene.pass(Duration.ofMinutes(1));
        assertThat(still).isNotDone();

        scene.path("a").underWay().get(0).complete();
        scene.pass(Duration.ofSeconds(1));
        assertThat(still).isCompleted();
        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void laterRequestsWaitInOrderForTheResume() {
        var scene = via.with("a");
        scene.await(scene.device().quiesce());
        List<Told> reads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            reads.add(scene.read(i));
        }
        scene.pass(Duration.ofSeconds(10));
        assertThat(scene.ended()).isEmpty();
        assertThat(scene.path("a").submitted()).isZero();
        assertThat(scene.device().state()).isEqualTo(DeviceState.QUIESCED);

        scene.await(scene.device().resume());
        scene.idle();
        assertThat(scene.ended()).containsExactlyInAnyOrderElementsOf(reads);
        assertThat(scene.path("a").attempts()).isSortedAccordingTo((x, y) -> Long.compare(x.offset(), y.offset()));
    }

    @Test
    void pathThatIsRemovedWhileItHoldsTheDeviceStillLetsGoByThat() {
        var scene = via.with("a", "b");
        var reports = new PathReports(Scene.record(scene.device(), "a"), path -> null);
        scene.await(reports.quiesceDevice());
        Told read = scene.read(0);
        scene.idle();
        assertThat(read.ended()).isFalse();

        scene.path("a").vanish();
        scene.idle();
        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        CompletableFuture<Void> resumed = reports.resumeDevice();
        scene.idle();
        assertThat(resumed).isCompletedExceptionally();
    }

    @Test
    void pathEndsOnlyItsOwnHold() {
        var scene = via.with("a");
        scene.await(scene.device().quiesce());
        var resumed = new PathReports(Scene.record(scene.device(), "a"), path -> null).resumeDevice();
        scene.idle();

        assertThat(resumed).isCompletedExceptionally();
        assertThat(scene.device().state()).isEqualTo(DeviceState.QUIESCED);
    }

    @Test
    void callsNest() {
        var scene = via.with("a");
        scene.await(scene.device().quiesce());
        scene.await(scene.device().quiesce());
        Told read = scene.read(0);
        scene.await(scene.device().resume());
        scene.idle();
        assertThat(read.ended()).isFalse();

        scene.await(scene.device().resume());
        scene.idle();
        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void resumeWithoutQuiesceIsRefused() {
        var scene = via.with("a");

        assertThat(scene.failureOf(scene.device().resume())).isInstanceOf(MultipathException.class);
    }

    @Test
    void submitterPreemptedBetweenChoiceAndSendIsWaitedFor() {
        var policy = new PreemptedPolicy(IoPolicies.numa());
        var scene = via.with(DeviceSettings.defaults().withPolicy(policy), "a");
        scene.path("a").answer(SimAnswer.hang());
        var still = new ArrayList<CompletableFuture<Void>>();
        policy.preemptNext(() -> {
            still.add(scene.device().quiesce());
            scene.passMillis(200);
            assertThat(still.get(0)).isNotDone();
        });
        scene.read(0);
        scene.passMillis(200);
        assertThat(still.get(0)).as("the request is with the path").isNotDone();

        scene.path("a").underWay().get(0).complete();
        scene.passMillis(200);
        assertThat(still.get(0)).isCompleted();
    }

    @Test
    void requestThatFailsMeanwhileIsHeldAndSentAfterTheResume() {
        var scene = via.with("a", "b");
        scene.path("a").answer(SimAnswer.hang());
        Told read = scene.read(0);
        CompletableFuture<Void> still = scene.device().quiesce();
        scene.idle();
        scene.path("a").underWay().get(0).fail(PathFailure.failOver(Certainty.UNKNOWN, "lost"));
        scene.await(still);
        assertThat(read.ended()).isFalse();
        assertThat(scene.path("b").submitted()).isZero();

        scene.await(scene.device().resume());
        scene.idle();
        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void requestWhoseOutcomeWasToldEarlyStillCounts() {
        var scene = via.with("a");
        scene.path("a").answer(SimAnswer.hang());
        Told read = scene.request().read(0, 1).timeout(Duration.ofSeconds(1)).submit(scene.device());
        scene.pass(Duration.ofSeconds(2));
        assertThat(read.status).isEqualTo(IoStatus.TIMED_OUT);
        CompletableFuture<Void> still = scene.device().quiesce();
        scene.pass(Duration.ofSeconds(2));
        assertThat(still).as("the path has it still").isNotDone();

        scene.path("a").underWay().get(0).complete();
        scene.pass(Duration.ofSeconds(1));
        assertThat(still).isCompleted();
    }

    @Test
    void closingADeviceWithAHangingPathFailsTheQuiesceInsteadOfLeavingItOpen() {
        var scene = via.with("a");
        scene.path("a").answer(SimAnswer.hang());
        var device = scene.device();
        scene.read(0);
        CompletableFuture<Void> still = device.quiesce();
        scene.await(device.closeAsync());
        scene.idle();

        assertThat(scene.failureOf(still))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("closed");
        assertThat(scene.failureOf(device.quiesce())).isInstanceOf(MultipathException.class);
    }

    @Test
    void closingAnswersWhatIsHeld() {
        var scene = via.with("a");
        scene.await(scene.device().quiesce());
        Told read = scene.read(0);
        scene.await(scene.device().closeAsync());
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void nothingIsWithAPathBetweenStillAndResumeWhateverTheInterleaving(long seed) {
        assertThat(attemptsSeenWhileStill(seed, true)).isZero();
    }

    /** The check of the test above must notice a device that is not held still. */
    @Test
    void attemptsAreSeenWithoutQuiesce() {
        assertThat(attemptsSeenWhileStill(3, false)).isPositive();
    }

    private int attemptsSeenWhileStill(long seed, boolean quiesce) {
        var world = SimWorld.seeded(seed);
        var policy = new InterleavingPolicy(world, IoPolicies.roundRobin());
        var scene = via.in(world, DeviceSettings.defaults().withPolicy(policy), "a", "b");
        List<SimPath> paths = List.of(scene.path("a"), scene.path("b"));
        paths.forEach(path -> path.latency(Duration.ofNanos(10_000), Duration.ofMillis(3)));
        int seen = 0;
        var still = new ArrayList<CompletableFuture<Void>>();
        for (int client = 0; client < 3; client++) {
            var thread = world.thread("client " + client);
            for (int i = 0; i < 40; i++) {
                long block = 100L * client + i;
                thread.schedule(Duration.ofNanos(world.random().between(0, 20_000_000)), () -> scene.read(block));
            }
        }
        world.thread("observer")
                .schedule(
                        Duration.ofMillis(8),
                        () -> still.add(quiesce ? scene.device().quiesce() : CompletableFuture.completedFuture(null)));
        while (world.nanos() < 60_000_000 && world.step()) {
            if (still.stream().anyMatch(CompletableFuture::isDone)) {
                seen += paths.stream().mapToInt(path -> path.underWay().size()).sum();
            }
        }
        assertThat(still).hasSize(1).allMatch(CompletableFuture::isDone);
        return seen;
    }
}
