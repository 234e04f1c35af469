package io.mpath.internal.device;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.ConfigurationException;
import io.mpath.DeviceSettings;
import io.mpath.IoCallback;
import io.mpath.IoChannel;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import io.mpath.MultipathDevice;
import io.mpath.observe.PathSnapshot;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.policy.IoPolicies;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimAttempt;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a channel does that the shared door does not; the rest is tested by both. */
class ChannelTest {
    private static final PathFailure REFUSED = PathFailure.failOver(Certainty.NOT_EXECUTED, "refused by the test");

    @Test
    void endsAreToldInsidePollAndNowhereElse() {
        var scene = Scene.with("a", "b");
        IoChannel channel = scene.device().openChannel();
        scene.path("a")
                .next(1, SimAnswer.succeed())
                .next(1, SimAnswer.fail(REFUSED))
                .next(1, SimAnswer.fail(PathFailure.fail(IoStatus.MEDIUM_ERROR, "bad block")));
        Told ended = scene.request().read(0, 1);
        channel.submit(ended.request);
        Told failedOver = scene.request().read(1, 1);
        channel.submit(failedOver.request);
        Told failed = scene.request().read(2, 1);
        channel.submit(failed.request);
        scene.idle();
        Told outside = scene.request().read(1 << 20, 1);
        channel.submit(outside.request);
        scene.idle();
        assertThat(scene.ended()).isEmpty();
        assertThat(channel.inFlight()).isEqualTo(4);

        pollAll(scene, channel);
        assertThat(List.of(ended.status, failedOver.status, failed.status, outside.status))
                .containsExactly(IoStatus.SUCCESS, IoStatus.SUCCESS, IoStatus.MEDIUM_ERROR, IoStatus.OUT_OF_RANGE);
        assertThat(channel.inFlight()).isZero();
        assertThat(channel.poll()).isZero();
    }

    @Test
    void requestThatACallbackSubmitsIsToldByTheNextPoll() {
        var scene = Scene.with("a");
        scene.path("a").answer(SimAnswer.succeed().inSubmit());
        IoChannel channel = scene.device().openChannel();
        IoRequest request = IoRequest.create();
        List<Integer> depths = new ArrayList<>();
        request.read(0, ByteBuffer.allocate(Scene.BLOCK)).onComplete((ended, status) -> {
            depths.add(channel.inFlight());
            channel.submit(ended.read(0, ByteBuffer.allocate(Scene.BLOCK)));
        });
        channel.submit(request);

        for (int round = 1; round <= 1000; round++) {
            assertThat(channel.poll()).isOne();
        }
        assertThat(depths).hasSize(1000).containsOnly(0);
    }

    @Test
    void pollInsideACallbackIsRefused() {
        var scene = Scene.with("a");
        IoChannel channel = scene.device().openChannel();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        channel.submit(IoRequest.create().flush().onComplete((ended, status) -> {
            try {
                channel.poll();
            } catch (IllegalStateException e) {
                thrown.set(e);
            }
        }));
        pollAll(scene, channel);

        assertThat(thrown.get()).hasMessageContaining("inside a callback");
    }

    @Test
    void callbackThatThrowsHarmsNobody() {
        var scene = Scene.with("a");
        IoChannel channel = scene.device().openChannel();
        channel.submit(IoRequest.create().flush().onComplete((ended, status) -> {
            throw new IllegalStateException("thrown by a test's callback");
        }));
        Told next = scene.request().read(0, 1);
        channel.submit(next.request);
        pollAll(scene, channel);

        assertThat(next.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(channel.inFlight()).isZero();
    }

    @Test
    void channelIsAsDeepAsItWasOpenedWhateverTheDeviceTakes() {
        var scene = Scene.with(DeviceSettings.defaults().withMaxInFlight(1), "a");
        scene.path("a").answer(SimAnswer.hang());
        scene.read(100);
        IoChannel channel = scene.device().openChannel(3);
        List<Told> reads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            reads.add(scene.request().read(i, 1));
            channel.submit(reads.get(i).request);
        }
        channel.poll();
        assertThat(reads).extracting(read -> read.status).containsExactly(null, null, null, IoStatus.QUEUE_FULL);
        assertThat(scene.path("a").underWay()).hasSize(4);

        scene.path("a").underWay().forEach(SimAttempt::complete);
        pollAll(scene, channel);
        assertThat(reads).filteredOn(read -> read.status == IoStatus.SUCCESS).hasSize(3);
        Told again = scene.request().read(0, 1);
        scene.path("a").answer(SimAnswer.succeed());
        channel.submit(again.request);
        pollAll(scene, channel);
        assertThat(again.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void depthHasItsBounds() {
        var scene = Scene.with("a");

        assertThatThrownBy(() -> scene.device().openChannel(0)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> scene.device().openChannel(65_537)).isInstanceOf(ConfigurationException.class);
        assertThatCode(() -> scene.device().openChannel(65_536).close()).doesNotThrowAnyException();
    }

    @Test
    void channelChoosesByItsOwnRequestsAndTheSharedDoorByAll() {
        var scene = Scene.with(DeviceSettings.defaults().withPolicy(IoPolicies.queueDepth()), "a", "b");
        scene.path("a").answer(SimAnswer.hang());
        scene.path("b").answer(SimAnswer.hang());
        IoChannel first = scene.device().openChannel();
        for (int i = 0; i < 4; i++) {
            first.submit(scene.request().read(i, 1).request);
        }
        assertThat(Scene.inFlight(scene.device(), "a")).isEqualTo(2);
        assertThat(Scene.inFlight(scene.device(), "b")).isEqualTo(2);
        scene.becomes("b", UNAVAILABLE);
        for (int i = 0; i < 4; i++) {
            first.submit(scene.request().read(i, 1).request);
        }
        scene.becomes("b", OPTIMIZED);
        assertThat(Scene.inFlight(scene.device(), "a")).isEqualTo(6);

        IoChannel second = scene.device().openChannel();
        for (int i = 0; i < 2; i++) {
            second.submit(scene.request().read(i, 1).request);
        }
        assertThat(scene.path("a").underWay())
                .as("the second knows nothing of the first")
                .hasSize(7);
        assertThat(scene.path("b").underWay()).hasSize(3);

        for (int i = 0; i < 4; i++) {
            scene.read(i);
        }
        assertThat(scene.path("b").underWay())
                .as("the shared door knows of both")
                .hasSize(7);

        for (String port : List.of("a", "b")) {
            scene.path(port).underWay().forEach(SimAttempt::complete);
        }
        pollAll(scene, first);
        pollAll(scene, second);
        assertThat(Scene.inFlight(scene.device(), "a")).isZero();
        assertThat(Scene.inFlight(scene.device(), "b")).isZero();
    }

    @Test
    void channelFollowsThePathTable() {
        var scene = Scene.with("a", "b");
        IoChannel channel = scene.device().openChannel();
        scene.becomes("a", UNAVAILABLE);
        readOne(scene, channel);
        assertThat(scene.path("b").submitted()).isOne();
        scene.becomes("b", NON_OPTIMIZED);
        scene.becomes("a", OPTIMIZED);
        readOne(scene, channel);
        assertThat(scene.path("a").submitted()).isOne();
        scene.await(scene.device().removePath("a.d"));
        scene.idle();
        readOne(scene, channel);
        assertThat(scene.path("b").submitted()).isEqualTo(2);
    }

    @Test
    void pathThatLeftIsPolledForAsLongAsItHasAnAttempt() {
        var scene = Scene.with("a", "b");
        scene.path("a").answer(SimAnswer.hang());
        IoChannel channel = scene.device().openChannel();
        Told read = scene.request().read(0, 1);
        channel.submit(read.request);
        CompletableFuture<Void> removed = scene.device().removePath("a.d");
        scene.await(removed);
        readOne(scene, channel);
        scene.path("a").underWay().forEach(SimAttempt::complete);
        pollAll(scene, channel);

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void whatAChannelSentStaysCountedWhenItIsClosed() {
        var scene = Scene.with("a");
        IoChannel channel = scene.device().openChannel();
        readOne(scene, channel);
        readOne(scene, channel);
        assertThat(counted(scene)).isEqualTo(2);
        channel.close();

        assertThat(counted(scene)).isEqualTo(2);
    }

    @Test
    void closedChannelStillTellsWhatIsUnderWay() {
        var scene = Scene.with("a");
        scene.path("a").answer(SimAnswer.hang());
        IoChannel channel = scene.device().openChannel();
        Told read = scene.request().read(0, 1);
        channel.submit(read.request);
        channel.close();
        channel.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> channel.submit(scene.request().read(1, 1).request))
                .withMessageContaining("closed");
        assertThat(slotsTaken(scene.device())).isOne();

        scene.path("a").underWay().forEach(SimAttempt::complete);
        pollAll(scene, channel);
        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(channel.inFlight()).isZero();
        assertThat(slotsTaken(scene.device())).isZero();
    }

    @Test
    void buffersThatAreStillInUseAreReleasedInsideAPoll() {
        var scene = Scene.with("a");
        scene.path("a").answer(SimAnswer.hang());
        IoChannel channel = scene.device().openChannel();
        Told read = scene.request().read(0, 1).timeout(Duration.ofSeconds(1));
        channel.submit(read.request);
        scene.pass(Duration.ofSeconds(2));
        assertThat(channel.poll()).isOne();
        assertThat(read.status).isEqualTo(IoStatus.TIMED_OUT);
        assertThat(read.buffersInUse).isTrue();
        assertThat(channel.inFlight()).isOne();

        scene.path("a").underWay().forEach(SimAttempt::complete);
        scene.idle();
        assertThat(read.releases).isZero();
        assertThat(channel.poll()).isOne();
        assertThat(read.releases).isOne();
        assertThat(channel.inFlight()).isZero();
    }

    @Test
    void requestThatIsSubmittedWhenBuffersAreReleasedIsCounted() {
        var scene = Scene.with("a");
        scene.path("a").answer(SimAnswer.hang());
        IoChannel channel = scene.device().openChannel();
        Told next = scene.request().read(1, 1);
        IoRequest lingers = IoRequest.create()
                .read(0, ByteBuffer.allocate(Scene.BLOCK))
                .timeout(Duration.ofSeconds(1))
                .onComplete(new IoCallback() {
                    @Override
                    public void completed(IoRequest ended, IoStatus status) {}

                    @Override
                    public void buffersReleased(IoRequest released) {
                        channel.submit(next.request);
                    }
                });
        channel.submit(lingers);
        scene.pass(Duration.ofSeconds(2));
        assertThat(channel.poll()).isOne();
        scene.path("a").underWay().forEach(SimAttempt::complete);
        scene.idle();
        assertThat(channel.poll()).isOne();
        assertThat(channel.inFlight()).isOne();

        scene.path("a").underWay().forEach(SimAttempt::complete);
        pollAll(scene, channel);
        assertThat(next.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(channel.inFlight()).isZero();
    }

    /** Its end, and the release of its buffers, when both have come before it is polled. */
    @Test
    void endAndReleaseAreToldTogether() {
        var scene = Scene.with("a");
        scene.path("a").answer(SimAnswer.hang());
        IoChannel channel = scene.device().openChannel();
        Told read = scene.request().read(0, 1).timeout(Duration.ofSeconds(1));
        channel.submit(read.request);
        scene.pass(Duration.ofSeconds(2));
        scene.path("a").underWay().forEach(SimAttempt::complete);
        scene.idle();
        assertThat(channel.poll()).isOne();
        pollAll(scene, channel);

        assertThat(read.ends).isOne();
        assertThat(read.releases).isOne();
        assertThat(channel.inFlight()).isZero();
    }

    @Test
    void longRequestIsToldOnceItsPiecesHaveEnded() {
        var scene = Scene.with("a", "b");
        IoChannel channel = scene.device().openChannel(1);
        int blocks = 5 * Scene.LIMIT / Scene.BLOCK;
        Told write = scene.request().write(0, blocks, 3);
        channel.submit(write.request);
        scene.idle();
        assertThat(write.ended()).isFalse();
        assertThat(channel.poll()).isOne();

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.disk().contents(0, blocks * Scene.BLOCK)).isEqualTo(Told.bytes(blocks, 3));
    }

    @Test
    void deviceThatHasEndedIsToldInsidePoll() {
        var scene = Scene.with("a");
        MultipathDevice device = scene.device();
        IoChannel channel = device.openChannel();
        scene.path("a").answer(SimAnswer.hang());
        Told before = scene.request().read(0, 1);
        channel.submit(before.request);
        CompletableFuture<Void> closed = device.closeAsync();
        scene.pass(Duration.ofMinutes(1));
        assertThat(closed).isCompleted();
        Told after = scene.request().read(0, 1);
        channel.submit(after.request);
        assertThat(scene.ended()).isEmpty();
        channel.poll();

        assertThat(before.status).isEqualTo(IoStatus.CLOSED);
        assertThat(after.status).isEqualTo(IoStatus.CLOSED);
    }

    @Test
    void requestUnderWayCannotBeSubmittedAgain() {
        var scene = Scene.with("a");
        scene.path("a").answer(SimAnswer.succeed().inSubmit());
        IoChannel channel = scene.device().openChannel();
        Told read = scene.request().read(0, 1);
        channel.submit(read.request);
        assertThatIllegalStateException().isThrownBy(() -> channel.submit(read.request));
        assertThat(channel.inFlight()).isOne();
        assertThat(channel.poll()).isOne();

        channel.submit(read.request);
        assertThat(channel.poll()).isOne();
    }

    @Test
    void otherThreadsAreToldToKeepOut() throws Exception {
        var scene = Scene.with("a");
        IoChannel channel = scene.device().openChannel();
        List<Throwable> thrown = new ArrayList<>();
        Thread other = new Thread(() -> {
            for (Runnable use : List.<Runnable>of(
                    () -> channel.submit(IoRequest.create().flush()),
                    channel::poll,
                    channel::inFlight,
                    channel::close)) {
                try {
                    use.run();
                } catch (IllegalStateException e) {
                    thrown.add(e);
                }
            }
        });
        other.setName("intruder");
        other.start();
        other.join();

        assertThat(thrown).hasSize(4).allSatisfy(e -> assertThat(e).hasMessageContainingAll("intruder", "main"));
    }

    @Test
    void channelOfAThreadThatHasEndedIsAnybodysToClose() throws Exception {
        var scene = Scene.with("a");
        scene.path("a").answer(SimAnswer.hang());
        AtomicReference<IoChannel> left = new AtomicReference<>();
        Told read = scene.request().read(0, 1);
        MultipathDevice device = scene.device();
        Thread owner = new Thread(() -> {
            left.set(device.openChannel());
            left.get().submit(read.request);
        });
        owner.start();
        owner.join();
        IoChannel channel = left.get();
        assertThatIllegalStateException().isThrownBy(channel::poll);
        channel.close();
        scene.path("a").underWay().forEach(SimAttempt::complete);
        pollAll(scene, channel);

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(channel.inFlight()).isZero();
    }

    private static void readOne(Scene scene, IoChannel channel) {
        Told read = scene.request().read(7, 1);
        channel.submit(read.request);
        pollAll(scene, channel);
        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
    }

    /** Time and again: what a poll finds to have failed the control loop sends elsewhere. */
    private static void pollAll(Scene scene, IoChannel channel) {
        for (int round = 0; round < 5; round++) {
            scene.idle();
            channel.poll();
        }
    }

    private static long counted(Scene scene) {
        return scene.device().snapshot().paths().stream()
                .map(PathSnapshot::counters)
                .mapToLong(counters -> counters.requests())
                .sum();
    }

    private static int slotsTaken(MultipathDevice device) {
        int[] flights = new int[1];
        ((DeviceHead) device).stripes().scan(flight -> flights[0]++);
        return flights[0];
    }
}
