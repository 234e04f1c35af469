package io.mpath.internal.device;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.DeviceState;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.MultipathDevice;
import io.mpath.NoPathPolicy;
import io.mpath.Offer;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The races that Linux has had, or has, at this spot, each forced into the order that hurts.
 *
 * <table>
 * <caption>Races and where they are met</caption>
 * <tr><td>1 stranded on path live</td><td>{@link #requestParkedBehindTheDrainIsStillServed}, {@link
 *     #submitterPreemptedWhileItsPathGoesAndComesIsServed}</td></tr>
 * <tr><td>2 stranded on head removal</td><td>{@link #requestParkedBehindTheRemovalIsAnswered}, {@link
 *     #submitterPreemptedAcrossTheRemovalIsAnswered}</td></tr>
 * <tr><td>3 only inaccessible paths left</td><td>{@link #requestsAreAnsweredWhenOnlyInaccessiblePathsRemain}</td></tr>
 * <tr><td>4 scan holds a lock</td><td>no locks on state: the control loop never waits for I/O</td></tr>
 * <tr><td>5 path live before ready</td><td>{@link #livePathGetsNothingBeforeItIsReady}, {@link
 *     #restThatEndsWithAReturnDoesNotHurryTheCheckOfIdentity}</td></tr>
 * <tr><td>6 four-way deadlock</td><td>no locks; {@link #reportIsCarriedOutWhileASubmitterIsStuck}</td></tr>
 * <tr><td>7 removal of a controller against a scan</td><td>{@link #deletingPortsFailRequestsInsteadOfKeepingThem}</td></tr>
 * <tr><td>8 partition scan inside a scan</td><td>joining issues no I/O</td></tr>
 * <tr><td>9, 10, 11 ANA log</td><td>the NVMe adapter</td></tr>
 * <tr><td>12 flags leak through failover</td><td>an attempt has no flags of its own: it reads the request's</td></tr>
 * <tr><td>13, 14 counter drift, policy switch</td><td>{@link InFlightCountTest}</td></tr>
 * <tr><td>15, 16 removed or disabled path chosen</td><td>{@link #pathRemovedAfterItWasChosenRefusesAndAnotherServes}</td></tr>
 * <tr><td>17, 18, 36 null pointers</td><td>the type system (NullAway)</td></tr>
 * <tr><td>19, 20 delayed removal</td><td>{@link DelayedRemovalTest}</td></tr>
 * <tr><td>21 remove and add at once</td><td>{@link #pathThatJoinsAsTheLastOneGoesFindsOneDeviceInEitherOrder}</td></tr>
 * <tr><td>22 sleeping in a completion</td><td>a completion only enters the door: {@link
 *     #failureReportedInsideSubmitIsHandledOutsideOfIt}</td></tr>
 * <tr><td>23 device vanishes between error and lookup</td><td>{@link #failureOfAPathThatWasRemovedMeanwhileFailsOver}</td></tr>
 * <tr><td>24 reference counts of a head</td><td>garbage collection; a closed device answers: {@link CloseTest}</td></tr>
 * <tr><td>25, 26, 28 capacity, capabilities, identity</td><td>{@link RegistryTest}</td></tr>
 * <tr><td>27, 29, 30 controller ids, ioctls, keep-alive</td><td>the NVMe adapter</td></tr>
 * <tr><td>31 buffer in use after the end</td><td>{@link CloseTest}</td></tr>
 * <tr><td>32 ghost write</td><td>{@link FailoverTruthTest}: unknown writes are not replayed</td></tr>
 * <tr><td>33 late completion of a recycled tag</td><td>{@link #secondEndOfAnAttemptDoesNotEndTheNextOne}</td></tr>
 * <tr><td>34 order reversed at requeue</td><td>{@link #thousandRequestsOfADeadPathKeepTheirOrder}</td></tr>
 * <tr><td>35 request dropped for want of resources</td><td>{@link #requestsRefusedByAFullPathAreServedInOrder}</td></tr>
 * <tr><td>37 reset mistaken for loss</td><td>{@link #resetIsWaitedOut}</td></tr>
 * <tr><td>38, 39 RTPG and unit attentions</td><td>the SCSI adapter</td></tr>
 * <tr><td>40 blocked port</td><td>{@link #blockedPortLeavesSelectionWithTheReport}</td></tr>
 * </table>
 */
@ParameterizedClass
@EnumSource(Via.class)
class RacesTest {
    private static final PathFailure LOST = PathFailure.failOver(Certainty.UNKNOWN, "lost");

    @Parameter
    Via via;

    @Test
    void requestParkedBehindTheDrainIsStillServed() {
        var scene = via.with("a", "b");
        scene.becomes("a", UNAVAILABLE);
        scene.becomes("b", UNAVAILABLE);
        var client = scene.world.thread("client");
        client.holdMessages();
        var read = new ArrayList<Told>();
        client.execute(() -> read.add(scene.read(0)));
        scene.idle();
        scene.becomes("b", OPTIMIZED);
        assertThat(read.get(0).ended()).isFalse();
        client.releaseMessages();
        scene.idle();

        assertThat(read.get(0).status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.path("b").submitted()).isOne();
    }

    @Test
    void submitterPreemptedWhileItsPathGoesAndComesIsServed() {
        var policy = new PreemptedPolicy(IoPolicies.numa());
        var scene = via.with(DeviceSettings.defaults().withPolicy(policy), "a");
        policy.preemptNext(() -> {
            scene.port("a").pull();
            scene.idle();
            scene.port("a").putBack();
            scene.idle();
            scene.port("a").pull();
            scene.idle();
        });
        Told read = scene.read(0);
        scene.pass(Duration.ofSeconds(1));
        assertThat(read.ended()).isFalse();
        scene.port("a").putBack();
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void requestParkedBehindTheRemovalIsAnswered() {
        var scene = via.with("a");
        scene.becomes("a", UNAVAILABLE);
        MultipathDevice device = scene.device();
        var client = scene.world.thread("client");
        client.holdMessages();
        var read = new ArrayList<Told>();
        client.execute(() -> read.add(scene.read(0)));
        scene.idle();
        scene.path("a").vanish();
        scene.idle();
        assertThat(device.state()).isEqualTo(DeviceState.CLOSED);
        client.releaseMessages();
        scene.idle();

        assertThat(read.get(0).status).isEqualTo(IoStatus.DEVICE_GONE);
    }

    @Test
    void submitterPreemptedAcrossTheRemovalIsAnswered() {
        var policy = new PreemptedPolicy(IoPolicies.numa());
        var scene = via.with(DeviceSettings.defaults().withPolicy(policy), "a");
        policy.preemptNext(() -> {
            scene.path("a").vanish();
            scene.pass(Duration.ofMinutes(1));
        });
        Told write = scene.write(0, 1);
        scene.idle();

        assertThat(write.status).isEqualTo(IoStatus.DEVICE_GONE);
        assertThat(scene.disk().executed()).isZero();
    }

    @Test
    void requestsAreAnsweredWhenOnlyInaccessiblePathsRemain() {
        var scene = via.with(Scene.waiting(NoPathPolicy.queueFor(Duration.ofSeconds(3))), "a", "b");
        scene.becomes("b", UNAVAILABLE);
        scene.path("a").answer(SimAnswer.hang());
        Told read = scene.read(0);
        scene.path("a").vanish();
        scene.pass(Duration.ofSeconds(3));

        assertThat(read.status).isEqualTo(IoStatus.NO_PATH);
    }

    @Test
    void livePathGetsNothingBeforeItIsReady() {
        var scene = via.with("a");
        scene.port("a").pull();
        scene.array.withPort("b");
        scene.path("b").notReady("its queues are being made");
        scene.await(scene.offer("b"));
        Told read = scene.read(0);
        scene.pass(Duration.ofSeconds(1));
        assertThat(scene.seen("b").liveness()).isEqualTo(Liveness.LIVE);
        assertThat(scene.path("b").submitted()).isZero();
        scene.path("b").ready();
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
    }

    /** It failed a request, so it rested; then its port went and came back before the rest was over. */
    @Test
    void restThatEndsWithAReturnDoesNotHurryTheCheckOfIdentity() {
        var scene = via.with("a");
        scene.path("a").next(1, SimAnswer.fail(LOST));
        Told read = scene.read(0);
        scene.idle();
        assertThat(scene.seen("a").reason()).startsWith("rests");
        scene.port("a").pull();
        scene.path("a").describeIdentity(DeviceId.named("other"));
        scene.port("a").putBack();
        scene.pass(Duration.ofSeconds(1));

        assertThat(scene.path("a").submitted()).as("attempts at the other disk").isOne();
        assertThat(read.status).isEqualTo(IoStatus.NO_PATH);
    }

    @Test
    void reportIsCarriedOutWhileASubmitterIsStuck() {
        var policy = new PreemptedPolicy(IoPolicies.numa());
        var scene = via.with(DeviceSettings.defaults().withPolicy(policy), "a", "b");
        var usable = new ArrayList<Boolean>();
        policy.preemptNext(() -> {
            scene.becomes("a", UNAVAILABLE);
            usable.add(scene.seen("a").usable());
        });
        Told read = scene.read(0);
        scene.idle();

        assertThat(usable).containsExactly(false);
        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void deletingPortsFailRequestsInsteadOfKeepingThem() {
        var scene = via.with(Scene.waiting(NoPathPolicy.queueForever()), "a", "b");
        scene.port("a").liveness(Liveness.DELETING);
        scene.port("b").pull();
        Told read = scene.read(0);
        scene.pass(Duration.ofHours(1));
        assertThat(read.ended()).isFalse();
        scene.port("b").liveness(Liveness.DELETING);
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.NO_PATH);
        assertThat(scene.device().state()).isEqualTo(DeviceState.FAILED);
    }

    @Test
    void pathRemovedAfterItWasChosenRefusesAndAnotherServes() {
        for (IoPolicy chooses : List.of(IoPolicies.numa(), IoPolicies.roundRobin(), IoPolicies.queueDepth())) {
            var policy = new PreemptedPolicy(chooses);
            var scene = via.with(DeviceSettings.defaults().withPolicy(policy), "a", "b");
            var first = scene.read(0);
            scene.idle();
            assertThat(first.status).isEqualTo(IoStatus.SUCCESS);
            long before = scene.path("a").submitted();
            policy.preemptNext(() -> scene.await(scene.device().removePath("a.d")));
            Told read = scene.write(1, 1);
            scene.idle();

            assertThat(read.status).as(chooses.name()).isEqualTo(IoStatus.SUCCESS);
            assertThat(scene.path("a").submitted()).isEqualTo(before);
        }
    }

    @Test
    void pathThatJoinsAsTheLastOneGoesFindsOneDeviceInEitherOrder() {
        for (long seed = 0; seed < 30; seed++) {
            var scene = via.in(SimWorld.seeded(seed), DeviceSettings.defaults(), "a");
            MultipathDevice before = scene.device();
            scene.array.withPort("b");
            scene.world.thread("remover").execute(() -> scene.path("a").vanish());
            var admitted = (Offer.Admitted) scene.await(scene.offer("b"));
            scene.idle();
            Told read = scene.read(0);
            scene.idle();

            assertThat(scene.registry.devices()).containsExactly(admitted.device());
            assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
            assertThat(before.state()).isEqualTo(before == admitted.device() ? DeviceState.LIVE : DeviceState.CLOSED);
        }
    }

    @Test
    void failureReportedInsideSubmitIsHandledOutsideOfIt() {
        var scene = via.with("a", "b");
        scene.path("a").answer(SimAnswer.fail(LOST).inSubmit());
        Told read = scene.read(0);
        assertThat(scene.path("b").submitted())
                .as("before the control loop has run")
                .isZero();
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.path("b").submitted()).isOne();
    }

    @Test
    void failureOfAPathThatWasRemovedMeanwhileFailsOver() {
        var scene = via.with("a", "b");
        scene.path("a").answer(SimAnswer.hang());
        Told read = scene.read(0);
        scene.await(scene.device().removePath("a.d"));
        scene.path("a").underWay().get(0).fail(LOST);
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.path("b").submitted()).isOne();
        assertThat(scene.seen("b").usable()).isTrue();
    }

    /** The callback of the first end sends the same request again; then the path reports the first end a second time. */
    @Test
    void secondEndOfAnAttemptDoesNotEndTheNextOne() {
        var scene = via.with("a");
        scene.path("a").next(1, SimAnswer.succeed().twice()).next(1, SimAnswer.hang());
        var ends = new ArrayList<IoStatus>();
        Told read = scene.request().read(0, 1);
        MultipathDevice device = scene.device();
        read.request.onComplete((request, status) -> {
            ends.add(status);
            if (ends.size() == 1) {
                read.read(1, 1).submit(device);
            }
        });
        read.submit(device);
        scene.pass(Duration.ofSeconds(1));
        assertThat(ends).hasSize(1);
        assertThat(device.snapshot().counters().strayCompletions()).isOne();
        scene.path("a").underWay().get(0).complete();
        scene.idle();

        assertThat(ends).containsExactly(IoStatus.SUCCESS, IoStatus.SUCCESS);
    }

    @Test
    void thousandRequestsOfADeadPathKeepTheirOrder() {
        var scene = via.with("a", "b");
        scene.path("a").answer(SimAnswer.hang());
        List<Long> order = submitThousand(scene);
        scene.port("a").pull();
        scene.idle();

        assertThat(scene.ended()).hasSize(1_000).allMatch(read -> read.status == IoStatus.SUCCESS);
        assertThat(offsets(scene, "b")).isEqualTo(order);
    }

    @Test
    void thousandRequestsThatWaitedKeepTheirOrder() {
        var scene = via.with("a");
        scene.path("a").answer(SimAnswer.hang());
        List<Long> order = submitThousand(scene);
        scene.port("a").pull();
        scene.idle();
        scene.path("a").answer(SimAnswer.succeed());
        scene.port("a").putBack();
        scene.idle();

        assertThat(scene.ended()).hasSize(1_000);
        assertThat(offsets(scene, "a").subList(1_000, 2_000)).isEqualTo(order);
    }

    /** Negative control of the two above: the comparison notices two requests that changed places. */
    @Test
    void comparisonOfOrdersNoticesASwap() {
        var scene = via.with("a", "b");
        scene.path("a").answer(SimAnswer.hang());
        List<Long> order = submitThousand(scene);
        var attempts = scene.path("a").underWay();
        Collections.swap(attempts, 400, 401);
        attempts.forEach(attempt -> attempt.fail(LOST));
        scene.idle();

        assertThat(offsets(scene, "b")).hasSize(1_000).isNotEqualTo(order);
    }

    @Test
    void requestsRefusedByAFullPathAreServedInOrder() {
        var scene = via.with("a");
        scene.path("a").capacity(3).latency(Duration.ofMillis(1));
        List<Long> order = submitThousand(scene);
        scene.pass(Duration.ofSeconds(1));

        assertThat(scene.ended()).hasSize(1_000).allMatch(read -> read.status == IoStatus.SUCCESS);
        assertThat(offsets(scene, "a")).isEqualTo(order);
    }

    /** The path had told of room before the control loop knew that it had refused anything. */
    @Test
    void roomToldOfBeforeTheRefusalIsKnownIsNotMissed() {
        var scene = via.with("a");
        scene.path("a").next(1, SimAnswer.refuse());
        var client = scene.world.thread("client");
        client.holdMessages();
        client.execute(() -> scene.read(0));
        scene.idle();
        client.releaseMessages();
        scene.idle();

        assertThat(scene.ended()).hasSize(1);
        assertThat(scene.ended().get(0).endedAtNanos).isZero();
    }

    @Test
    void resetIsWaitedOut() {
        var scene = via.with(Scene.waiting(NoPathPolicy.queueFor(Duration.ofSeconds(10))), "a");
        scene.port("a").liveness(Liveness.RESETTING);
        scene.idle();
        Told read = scene.read(0);
        scene.pass(Duration.ofSeconds(9));
        assertThat(read.ended()).isFalse();
        assertThat(scene.device().state()).isEqualTo(DeviceState.WAITING);
        scene.port("a").liveness(Liveness.LIVE);
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void blockedPortLeavesSelectionWithTheReport() {
        var scene = via.with("a", "b");
        scene.becomes("b", NON_OPTIMIZED);
        scene.port("a").liveness(Liveness.CONNECTING);
        scene.idle();
        for (int i = 0; i < 10; i++) {
            scene.read(i);
        }
        scene.idle();

        assertThat(scene.path("a").submitted()).isZero();
        assertThat(scene.path("b").submitted()).isEqualTo(10);
    }

    private static List<Long> submitThousand(Scene scene) {
        List<Long> order = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            long block = (i * 37L) % 1_000;
            order.add(block * Scene.BLOCK);
            scene.read(block);
        }
        return order;
    }

    private static List<Long> offsets(Scene scene, String port) {
        return scene.path(port).attempts().stream()
                .map(attempt -> attempt.offset())
                .toList();
    }
}
