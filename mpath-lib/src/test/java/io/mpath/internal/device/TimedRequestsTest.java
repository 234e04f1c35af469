package io.mpath.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceSettings;
import io.mpath.IoOperation;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import io.mpath.policy.ServiceHistory;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimAttempt;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the library counts and times of requests, for the policies that go by it. */
class TimedRequestsTest {
    private static final Duration MILLI = Duration.ofMillis(1);

    @Test
    void latencyIsFromHandingARequestToThePathToItsEnd() {
        var scene = scene(IoPolicies.latency(), "a");
        scene.path("a").latency(MILLI, MILLI);
        scene.read(0);
        scene.idle();

        assertThat(history(scene, "a").latencyNanos()).isEqualTo(1_000_000);
        assertThat(history(scene, "a").serviceNanos()).isEqualTo(1_000_000);
    }

    /** The second one is not timed, nor are the others of the tick. */
    @Test
    void oneRequestOfManyIsTimed() {
        var scene = scene(IoPolicies.latency(), "a");
        scene.path("a").latency(MILLI, MILLI);
        scene.read(0);
        scene.idle();
        scene.path("a").latency(Duration.ofMillis(2), Duration.ofMillis(2));
        for (int i = 0; i < 15; i++) {
            scene.read(i);
            scene.idle();
        }
        assertThat(history(scene, "a").latencyNanos()).isEqualTo(1_000_000);
        scene.read(0);
        scene.idle();

        assertThat(history(scene, "a").latencyNanos()).isEqualTo(1_500_000);
    }

    @Test
    void serviceTimeKnowsHowManyThePortHadAtOnce() {
        var scene = scene(IoPolicies.historicalServiceTime(), "a");
        scene.path("a").answer(SimAnswer.hang());
        for (int i = 1; i <= 3; i++) {
            scene.request().of(IoOperation.DISCARD, i).submit(scene.device());
        }
        scene.read(0);
        scene.pass(Duration.ofMillis(4));
        endAll(scene, "a");

        assertThat(history(scene, "a").latencyNanos()).isEqualTo(4_000_000);
        assertThat(history(scene, "a").serviceNanos()).isEqualTo(1_000_000);
    }

    @Test
    void nothingIsTimedForPoliciesThatDoNotAskForIt() {
        for (IoPolicy policy : IoPolicies.all()) {
            var scene = scene(policy, "a");
            scene.read(0);
            scene.idle();

            assertThat(history(scene, "a").latencyNanos() > 0).as(policy.name()).isEqualTo(policy.timesRequests());
        }
    }

    @Test
    void onlyReadsAndWritesAreTimed() {
        for (IoOperation operation : IoOperation.values()) {
            var scene = scene(IoPolicies.latency(), "a");
            scene.disk().withPassthrough();
            scene.request().of(operation, 0).submit(scene.device());
            scene.idle();

            assertThat(history(scene, "a").latencyNanos() > 0)
                    .as("%s", operation)
                    .isEqualTo(operation == IoOperation.READ || operation == IoOperation.WRITE);
        }
    }

    @Test
    void quickFailureDoesNotMakeAPathFast() {
        var scene = scene(IoPolicies.latency(), "a");
        scene.path("a").latency(MILLI, MILLI);
        scene.read(0);
        scene.idle();
        scene.pass(DeviceSettings.tick());
        scene.path("a")
                .next(
                        1,
                        SimAnswer.fail(PathFailure.fail(IoStatus.MEDIUM_ERROR, "bad block"))
                                .inSubmit());
        scene.read(0);
        scene.idle();

        assertThat(history(scene, "a").latencyNanos()).isEqualTo(1_000_000);
    }

    @Test
    void lateFailureMakesAPathSlow() {
        var scene = scene(IoPolicies.latency(), "a", "b");
        for (int i = 0; i < 4; i++) {
            scene.read(i);
            scene.idle();
        }
        scene.pass(DeviceSettings.tick());
        scene.path("a").latency(Duration.ofSeconds(2), Duration.ofSeconds(2));
        scene.path("a").answer(SimAnswer.fail(PathFailure.failOver(Certainty.TERMINATED, "aborted")));
        for (int i = 0; i < 4; i++) {
            scene.read(i);
        }
        scene.passMillis(2_500);

        assertThat(history(scene, "a").latencyNanos()).isEqualTo(2_000_000_000L);
    }

    @Test
    void bytesInFlightAreThoseThatAreSent() {
        var scene = scene(IoPolicies.serviceTime(), "a");
        scene.path("a").answer(SimAnswer.hang());
        scene.request().read(0, 8).submit(scene.device());
        scene.request().write(16, 4, 1).submit(scene.device());
        assertThat(bytes(scene, "a")).isEqualTo(12 * Scene.BLOCK);
        scene.request().of(IoOperation.DISCARD, 40).submit(scene.device());
        assertThat(bytes(scene, "a")).isEqualTo(13 * Scene.BLOCK);
        endAll(scene, "a");

        assertThat(bytes(scene, "a")).isZero();
    }

    @Test
    void discardCountsAsNoMoreThanItsCommand() {
        var scene = scene(IoPolicies.serviceTime(), "a");
        scene.path("a").answer(SimAnswer.hang());
        scene.device().submit(IoRequest.create().discard(0, 64 * Scene.BLOCK));

        assertThat(bytes(scene, "a")).isEqualTo(512);
    }

    @Test
    void historyOfAPathThatWasAwayIsForgotten() {
        var scene = scene(IoPolicies.latency(), "a", "b");
        for (int i = 0; i < 8; i++) {
            scene.read(i);
            scene.idle();
        }
        ServiceHistory away = history(scene, "a");
        ServiceHistory stays = history(scene, "b");
        assertThat(away.latencyNanos()).isPositive();
        assertThat(stays.latencyNanos()).isPositive();
        scene.port("a").pull();
        scene.port("a").putBack();
        scene.idle();

        assertThat(away).isSameAs(history(scene, "a"));
        assertThat(away.latencyNanos()).isZero();
        assertThat(away.untried()).isTrue();
        assertThat(stays.latencyNanos()).isPositive();
    }

    /** Through the whole device: the policy, what is timed for it, and the clock of the control loop. */
    @Test
    void slowPathThatRecoversIsFoundAgain() {
        var scene = scene(IoPolicies.latency(), "a", "b");
        scene.path("a").latency(MILLI, MILLI);
        scene.path("b").latency(Duration.ofMillis(40), Duration.ofMillis(40));
        long slow = readsThroughB(scene, 3_000);
        assertThat(slow).as("reads of 3,000 through the slow path").isBetween(1L, 100L);
        scene.path("b").latency(Duration.ofNanos(100_000), Duration.ofNanos(100_000));
        readsThroughB(scene, 6_000);

        assertThat(readsThroughB(scene, 1_000)).isGreaterThan(900);
    }

    private static long readsThroughB(Scene scene, int reads) {
        long before = scene.path("b").submitted();
        for (int i = 0; i < reads; i++) {
            scene.read(i % 64);
            scene.idle();
        }
        return scene.path("b").submitted() - before;
    }

    private static Scene scene(IoPolicy policy, String... ports) {
        return Scene.with(DeviceSettings.defaults().withPolicy(policy), ports);
    }

    private static void endAll(Scene scene, String port) {
        scene.path(port).underWay().forEach(SimAttempt::complete);
        scene.idle();
    }

    private static ServiceHistory history(Scene scene, String port) {
        return Scene.record(scene.device(), port).target().history();
    }

    private static long bytes(Scene scene, String port) {
        return Scene.record(scene.device(), port).port().bytesInFlight();
    }
}
