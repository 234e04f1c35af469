package io.mpath.internal.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.DeviceSettings;
import io.mpath.DeviceState;
import io.mpath.Effect;
import io.mpath.IoFuture;
import io.mpath.IoStatus;
import io.mpath.MultipathDevice;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.policy.IoPolicies;
import io.mpath.sim.SimAnswer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a device: every request answered, in bounded time, buffers given back when no path has them. */
@ParameterizedClass
@EnumSource(Via.class)
class CloseTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final DeviceSettings SETTINGS = DeviceSettings.defaults().withCloseTimeout(TIMEOUT);

    @Parameter
    Via via;

    @Test
    void letsWhatIsWithAPathEnd() {
        var scene = via.with(SETTINGS, "a");
        scene.path("a").latency(Duration.ofSeconds(2));
        Told write = scene.write(0, 1);
        CompletableFuture<Void> closed = scene.device().closeAsync();
        scene.passMillis(1_999);
        assertThat(closed).isNotDone();
        scene.passMillis(10);

        assertThat(closed).isCompleted();
        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void answersWithoutAHangingPathWhenTheTimeIsOverAndKeepsTheBuffers() {
        var scene = via.with(SETTINGS, "a");
        scene.path("a").answer(SimAnswer.hang());
        Told write = scene.write(0, 1);
        Told read = scene.read(1);
        CompletableFuture<Void> closed = scene.device().closeAsync();
        scene.passMillis(TIMEOUT.toMillis() - 1);
        assertThat(scene.ended()).isEmpty();
        scene.passMillis(1);

        assertThat(closed).isCompleted();
        assertThat(write.status).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
        assertThat(write.effect).isEqualTo(Effect.MAY_STILL_HAPPEN);
        assertThat(read.status).isEqualTo(IoStatus.CLOSED);
        assertThat(read.effect).isEqualTo(Effect.NONE);
        assertThat(scene.ended()).allMatch(told -> told.buffersInUse && told.releases == 0);
    }

    @Test
    void requestCannotBeUsedAgainBeforeItsBuffersAreReleased() {
        var scene = via.with(SETTINGS, "a");
        scene.path("a").answer(SimAnswer.hang());
        Told read = scene.read(0);
        scene.await(scene.device().closeAsync());
        assertThat(read.status).isEqualTo(IoStatus.CLOSED);
        assertThatThrownBy(() -> read.read(1, 1)).isInstanceOf(IllegalStateException.class);

        scene.path("a").underWay().get(0).complete();
        scene.idle();
        assertThat(read.releases).isOne();
        assertThat(read.ends).isOne();
        read.read(1, 1);
    }

    @Test
    void futureTellsOfItsBuffersApartFromItsOutcome() {
        var scene = via.with(SETTINGS, "a");
        scene.path("a").answer(SimAnswer.hang());
        IoFuture read = scene.device().read(0, ByteBuffer.allocate(Scene.BLOCK));
        CompletableFuture<Void> released = read.buffersReleased().toCompletableFuture();
        scene.await(scene.device().closeAsync());
        assertThat(read).isCompletedExceptionally();
        assertThat(released).isNotDone();

        scene.path("a").underWay().get(0).complete();
        scene.idle();
        assertThat(released).isCompleted();
    }

    @Test
    void closingTwiceIsClosingOnce() {
        var scene = via.with(SETTINGS, "a");
        MultipathDevice device = scene.device();
        CompletableFuture<Void> first = device.closeAsync();
        CompletableFuture<Void> second = device.closeAsync();
        scene.await(first);
        scene.await(second);
        scene.await(device.closeAsync());

        assertThat(scene.events(MultipathEvent.DeviceRemoved.class)).hasSize(1);
    }

    @Test
    void mayBeBegunFromACallback() {
        var scene = via.with(SETTINGS, "a");
        MultipathDevice device = scene.device();
        var closed = new ArrayList<CompletableFuture<Void>>();
        Told read = scene.request().read(0, 1);
        read.request.onComplete((request, status) -> closed.add(device.closeAsync()));
        read.submit(device);
        scene.idle();

        assertThat(closed).hasSize(1);
        scene.await(closed.get(0));
        assertThat(device.state()).isEqualTo(DeviceState.CLOSED);
    }

    @Test
    void requestAfterwardsEndsAsClosedInEveryForm() {
        var scene = via.with(SETTINGS, "a");
        MultipathDevice device = scene.device();
        scene.await(device.closeAsync());
        Told read = scene.request().read(0, 1).submit(device);
        IoFuture write = device.write(0, Told.filled(1, 1));
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.CLOSED);
        assertThat(read.effect).isEqualTo(Effect.NONE);
        assertThat(scene.failureOf(write)).hasMessageContaining("closed");
        assertThat(scene.path("a").submitted()).isZero();
    }

    @Test
    void submitterPreemptedBetweenChoiceAndSendIsAnswered() {
        var policy = new PreemptedPolicy(IoPolicies.numa());
        var scene = via.with(SETTINGS.withPolicy(policy), "a");
        MultipathDevice device = scene.device();
        var closed = new ArrayList<CompletableFuture<Void>>();
        policy.preemptNext(() -> {
            closed.add(device.closeAsync());
            scene.passMillis(10);
        });
        Told write = scene.write(0, 1);
        scene.pass(TIMEOUT);

        assertThat(closed.get(0)).isCompleted();
        assertThat(write.status).isEqualTo(IoStatus.CLOSED);
        assertThat(write.effect).isEqualTo(Effect.NONE);
        assertThat(scene.disk().executed()).isZero();
    }

    @Test
    void submitterPreemptedForLongerThanTheTimeToCloseIsAnswered() {
        var policy = new PreemptedPolicy(IoPolicies.numa());
        var scene = via.with(SETTINGS.withPolicy(policy), "a");
        MultipathDevice device = scene.device();
        var closed = new ArrayList<CompletableFuture<Void>>();
        policy.preemptNext(() -> {
            closed.add(device.closeAsync());
            scene.pass(TIMEOUT.multipliedBy(2));
        });
        Told read = scene.read(0);
        scene.idle();

        assertThat(closed.get(0)).isCompleted();
        assertThat(read.status).isEqualTo(IoStatus.CLOSED);
    }

    /** It saw the open device, found it full, and was stopped on its way to the control loop until all was over. */
    @Test
    void requestThatFindsTheDeviceFullWhileItClosesIsAnswered() {
        var scene = via.with(SETTINGS.withMaxInFlight(1), "a");
        scene.path("a").answer(SimAnswer.hang());
        MultipathDevice device = scene.device();
        scene.read(0);
        var client = scene.world.thread("client");
        var late = new ArrayList<IoFuture>();
        client.holdMessages();
        client.execute(() -> late.add(device.read(0, ByteBuffer.allocate(Scene.BLOCK))));
        scene.idle();
        scene.await(device.closeAsync());
        client.releaseMessages();
        scene.idle();

        assertThat(late).hasSize(1);
        assertThat(late.get(0)).isCompletedExceptionally();
    }

    @Test
    void waitersForASlotAreAnswered() {
        var scene = via.with(SETTINGS.withMaxInFlight(1), "a");
        scene.path("a").answer(SimAnswer.hang());
        MultipathDevice device = scene.device();
        List<IoFuture> reads = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            reads.add(device.read(0, ByteBuffer.allocate(Scene.BLOCK)));
        }
        scene.idle();
        scene.await(device.closeAsync());
        scene.idle();

        assertThat(reads).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void retryThatPausesIsAnsweredWithoutWaitingForItsTime() {
        var scene = via.with(SETTINGS, "a");
        scene.path("a").answer(SimAnswer.fail(PathFailure.retry(9_000_000_000L, "busy")));
        Told read = scene.read(0);
        scene.idle();
        scene.await(scene.device().closeAsync());
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.CLOSED);
        assertThat(read.endedAtNanos).isZero();
    }

    @Test
    void lostWriteOfAClosingDeviceIsUnknownNotClosed() {
        var scene = via.with(SETTINGS, "a");
        scene.path("a").answer(SimAnswer.hang());
        Told write = scene.write(0, 1);
        CompletableFuture<Void> closed = scene.device().closeAsync();
        scene.idle();
        scene.path("a").underWay().get(0).fail(PathFailure.failOver(Certainty.UNKNOWN, "lost"));
        scene.await(closed);
        scene.idle();

        assertThat(write.status).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
    }

    @Test
    void rejectingCompletionExecutorKeepsNoAnswerBack() throws Exception {
        var scene = via.with(SETTINGS, "a");
        scene.world.rejectCompletions(true);
        MultipathDevice device = scene.device();
        scene.await(device.quiesce());
        Told read = scene.read(0);
        CompletableFuture<Void> closed = device.closeAsync();
        scene.idle();

        assertThat(closed).isCompleted();
        assertThat(read.status).isEqualTo(IoStatus.CLOSED);
    }

    @Test
    void closingTheRegistryClosesEveryDeviceAndRefusesLaterOffers() {
        var scene = via.with(SETTINGS, "a");
        scene.path("a").answer(SimAnswer.hang());
        MultipathDevice device = scene.device();
        Told read = scene.read(0);
        scene.array.withPort("late");
        scene.await(scene.registry.closeAsync());

        assertThat(scene.world.nanos()).isEqualTo(TIMEOUT.toNanos());
        assertThat(read.status).isEqualTo(IoStatus.CLOSED);
        assertThat(device.state()).isEqualTo(DeviceState.CLOSED);
        assertThat(scene.failureOf(scene.offer("late"))).hasMessageContaining("closed");
        scene.await(scene.registry.closeAsync());
    }

    @Test
    void lateEndOfAnAbandonedRequestIsCountedAndTellsNothingTwice() {
        var scene = via.with(SETTINGS, "a");
        scene.path("a").answer(SimAnswer.hang());
        MultipathDevice device = scene.device();
        Told write = scene.write(0, 1);
        scene.await(device.closeAsync());
        scene.path("a").underWay().get(0).complete();
        scene.idle();

        assertThat(write.ends).isOne();
        assertThat(write.status).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
        assertThat(device.snapshot().counters().lateCompletions()).isOne();
    }

    /** What the tests above take for an answer must not be there while nothing has ended. */
    @Test
    void requestUnderWayIsNotAnswered() {
        var scene = via.with(SETTINGS, "a");
        scene.path("a").answer(SimAnswer.hang());
        Told read = scene.read(0);
        scene.pass(TIMEOUT.multipliedBy(2));

        assertThat(read.ended()).isFalse();
        assertThatThrownBy(read.request::status).isInstanceOf(IllegalStateException.class);
    }
}
