package io.mpath.internal.device;

import static io.mpath.AccessState.OFFLINE;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.PERSISTENT_LOSS;
import static io.mpath.AccessState.TRANSITIONING;
import static io.mpath.AccessState.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.DeviceSettings;
import io.mpath.DeviceState;
import io.mpath.IoFuture;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.NoPathPolicy;
import io.mpath.observe.MultipathEvent;
import io.mpath.sim.SimAnswer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests while no path is usable. */
@ParameterizedClass
@EnumSource(Via.class)
class NoPathTest {
    private static final Duration BOUND = Duration.ofSeconds(5);

    @Parameter
    Via via;

    @Test
    void requestFailsAtOnceWhenThePolicyIsNotToWait() {
        var scene = withoutPath(NoPathPolicy.fail());
        Told read = scene.read(0);
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.NO_PATH);
        assertThat(scene.device().state()).isEqualTo(DeviceState.FAILED);
        assertThat(scene.device().snapshot().counters().noPathFailures()).isOne();
    }

    @Test
    void nothingFailsBeforeTheBoundAndAllFailsAtItInOrder() {
        var scene = withoutPath(NoPathPolicy.queueFor(BOUND));
        List<Told> reads = submitEvery(scene, 100, Duration.ofMillis(10));
        scene.pass(BOUND.minusMillis(1_001));
        assertThat(scene.ended()).isEmpty();
        assertThat(scene.device().snapshot().waiting()).isEqualTo(100);
        scene.passMillis(1);

        assertThat(scene.ended()).containsExactlyElementsOf(reads);
        assertThat(reads).allMatch(read -> read.status == IoStatus.NO_PATH && read.endedAtNanos == BOUND.toNanos());
    }

    @Test
    void laterRequestsFailAtOnceUntilAPathIsBack() {
        var scene = withoutPath(NoPathPolicy.queueFor(BOUND));
        scene.pass(BOUND);
        Told late = scene.read(0);
        scene.idle();
        assertThat(late.status).isEqualTo(IoStatus.NO_PATH);

        scene.becomes("a", OPTIMIZED);
        Told served = scene.read(0);
        scene.idle();
        assertThat(served.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void pathThatComesBackInTimeServesAllInOrder() {
        var scene = withoutPath(NoPathPolicy.queueFor(BOUND));
        List<Told> reads = submitEvery(scene, 100, Duration.ofMillis(10));
        scene.pass(BOUND.minusMillis(1_010));
        scene.becomes("a", OPTIMIZED);

        assertThat(reads).allMatch(read -> read.status == IoStatus.SUCCESS);
        assertThat(scene.path("a").attempts())
                .extracting(attempt -> attempt.offset() / Scene.BLOCK)
                .isEqualTo(reads.stream()
                        .map(read -> read.request.offset() / Scene.BLOCK)
                        .toList());
        assertThat(scene.device().snapshot().counters().requeues()).isEqualTo(100);
        assertThat(scene.events(MultipathEvent.Requeueing.class)).hasSize(1);
    }

    @Test
    void secondWaitIsMeasuredFromItsOwnBeginning() {
        var scene = withoutPath(NoPathPolicy.queueFor(BOUND));
        scene.passMillis(4_900);
        scene.becomes("a", OPTIMIZED);
        scene.becomes("a", UNAVAILABLE);
        Told read = scene.read(0);
        scene.passMillis(4_999);
        assertThat(read.ended()).isFalse();
        scene.passMillis(1);

        assertThat(read.status).isEqualTo(IoStatus.NO_PATH);
    }

    @ParameterizedTest
    @EnumSource(
            value = AccessState.class,
            names = {"STANDBY", "UNAVAILABLE", "TRANSITIONING", "OFFLINE", "UNKNOWN"})
    void requestWaitsForWhatMayComeBack(AccessState state) {
        var scene = via.with(Scene.waiting(NoPathPolicy.queueForever()), "a");
        scene.becomes("a", state);
        Told read = scene.read(0);
        scene.pass(Duration.ofHours(1));
        assertThat(read.ended()).isFalse();
        assertThat(scene.device().state()).isEqualTo(DeviceState.WAITING);

        scene.becomes("a", AccessState.NON_OPTIMIZED);
        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void persistentLossIsNotWaitedFor() {
        var scene = withoutPath(NoPathPolicy.queueForever());
        Told read = scene.read(0);
        scene.idle();
        scene.becomes("a", PERSISTENT_LOSS);

        assertThat(read.status).isEqualTo(IoStatus.NO_PATH);
    }

    @Test
    void lossOfOnePathIsWaitedOutWhileAnotherMayComeBack() {
        var scene = via.with(Scene.waiting(NoPathPolicy.queueForever()), "a", "b");
        scene.becomes("a", PERSISTENT_LOSS);
        scene.becomes("b", OFFLINE);
        Told read = scene.read(0);
        scene.pass(Duration.ofHours(1));
        assertThat(read.ended()).isFalse();

        scene.port("b").liveness(Liveness.DELETING);
        scene.idle();
        assertThat(read.status).isEqualTo(IoStatus.NO_PATH);
    }

    @Test
    void expiredFastFailEndsTheWait() {
        var scene = via.with(Scene.waiting(NoPathPolicy.queueForever()), "a");
        scene.port("a").pull();
        Told read = scene.read(0);
        scene.pass(Duration.ofMinutes(10));
        assertThat(read.ended()).isFalse();
        scene.port("a").fastFailExpired();
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.NO_PATH);
    }

    @Test
    void deadPortTakesTheDeviceWithIt() {
        var scene = withoutPath(NoPathPolicy.queueForever());
        var device = scene.device();
        Told read = scene.read(0);
        scene.idle();
        scene.port("a").liveness(Liveness.DEAD);
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.DEVICE_GONE);
        assertThat(device.state()).isEqualTo(DeviceState.CLOSED);
        assertThat(scene.registry.devices()).isEmpty();
    }

    @Test
    void boundIsMeasuredAnewFromTheBeginningWhenThePolicyChanges() {
        var scene = withoutPath(NoPathPolicy.queueForever());
        Told read = scene.read(0);
        scene.passMillis(3_000);
        scene.await(scene.device().noPath(NoPathPolicy.queueFor(BOUND)));
        scene.passMillis(1_999);
        assertThat(read.ended()).isFalse();
        scene.passMillis(1);

        assertThat(read.endedAtNanos).isEqualTo(BOUND.toNanos());
    }

    @Test
    void policyThatWouldHaveGivenUpAlreadyGivesUpNow() {
        var scene = withoutPath(NoPathPolicy.queueForever());
        Told read = scene.read(0);
        scene.pass(BOUND.plusSeconds(1));
        scene.await(scene.device().noPath(NoPathPolicy.queueFor(BOUND)));
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.NO_PATH);
    }

    @Test
    void longerBoundRescuesWhatStillWaits() {
        var scene = withoutPath(NoPathPolicy.queueFor(BOUND));
        Told read = scene.read(0);
        scene.passMillis(4_900);
        scene.await(scene.device().noPath(NoPathPolicy.queueForever()));
        scene.pass(Duration.ofHours(1));
        assertThat(read.ended()).isFalse();
        scene.becomes("a", OPTIMIZED);

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void ownDeadlineEndsAWaitWithoutBound() {
        var scene = withoutPath(NoPathPolicy.queueForever());
        Told hasty = scene.request().read(0, 1).timeout(Duration.ofSeconds(2)).submit(scene.device());
        Told patient = scene.read(1);
        scene.passMillis(1_999);
        assertThat(hasty.ended()).isFalse();
        scene.passMillis(101);

        assertThat(hasty.status).isEqualTo(IoStatus.TIMED_OUT);
        assertThat(patient.ended()).isFalse();
    }

    @Test
    void defaultTimeoutEndsABoundedWait() {
        var settings =
                Scene.waiting(NoPathPolicy.queueFor(Duration.ofHours(1))).withRequestTimeout(Duration.ofSeconds(3));
        var scene = via.with(settings, "a");
        scene.becomes("a", TRANSITIONING);
        Told read = scene.read(0);
        scene.passMillis(3_100);

        assertThat(read.status).isEqualTo(IoStatus.TIMED_OUT);
    }

    @Test
    void defaultTimeoutBeginsAnewAfterAWaitWithoutBound() {
        var scene = withoutPath(NoPathPolicy.queueForever());
        Told read = scene.read(0);
        scene.pass(Duration.ofHours(1));
        scene.path("a").answer(SimAnswer.hang()).accessState(OPTIMIZED);
        scene.pass(Duration.ofSeconds(179));
        assertThat(read.ended()).isFalse();
        scene.pass(Duration.ofSeconds(2));

        assertThat(read.status).isEqualTo(IoStatus.TIMED_OUT);
    }

    @Test
    void requestThatFoundTheDeviceFullWaitsAsLongAsTheOthers() {
        var scene = via.with(Scene.waiting(NoPathPolicy.queueForever()).withMaxInFlight(2), "a");
        scene.becomes("a", UNAVAILABLE);
        var reads = new ArrayList<IoFuture>();
        for (int i = 0; i < 6; i++) {
            reads.add(scene.device().read((long) i * Scene.BLOCK, ByteBuffer.allocate(Scene.BLOCK)));
        }
        scene.pass(Duration.ofHours(1));
        scene.becomes("a", OPTIMIZED);

        assertThat(reads).allMatch(read -> read.isDone() && !read.isCompletedExceptionally());
    }

    @Test
    void requestThatBeganToWaitWhileHeldStillWaitsAsLongAsTheOthers() {
        var scene = withoutPath(NoPathPolicy.queueForever());
        scene.await(scene.device().quiesce());
        Told read = scene.read(0);
        scene.idle();
        scene.await(scene.device().resume());
        scene.pass(Duration.ofHours(1));
        scene.path("a").latency(Duration.ofSeconds(1)).accessState(OPTIMIZED);
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
    }

    private Scene withoutPath(NoPathPolicy policy) {
        var scene = via.with(DeviceSettings.defaults().withNoPath(policy), "a");
        scene.becomes("a", UNAVAILABLE);
        return scene;
    }

    private static List<Told> submitEvery(Scene scene, int count, Duration gap) {
        List<Told> reads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            reads.add(scene.read(7L * i));
            scene.pass(gap);
        }
        return reads;
    }
}
