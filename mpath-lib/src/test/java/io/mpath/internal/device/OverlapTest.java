package io.mpath.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.Admission;
import io.mpath.DeviceSettings;
import io.mpath.Effect;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.NoPathPolicy;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimAttempt;
import io.mpath.sim.SimPath;
import io.mpath.sim.SimThread;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Changes that overlap an unresolved one wait for it, whatever has become of its request. */
@ParameterizedClass
@EnumSource(Via.class)
class OverlapTest {
    private static final PathFailure LOST = PathFailure.failOver(Certainty.UNKNOWN, "connection lost");
    private static final Duration HOLD = Duration.ofSeconds(10);

    @Parameter
    Via via;

    private Scene scene() {
        return scene(DeviceSettings.defaults());
    }

    private Scene scene(DeviceSettings settings) {
        Scene scene = via.with(settings, "a", "b");
        scene.path("a").hold(HOLD);
        scene.path("b").hold(HOLD);
        return scene;
    }

    /** A write of four blocks from block 4 on, whose request ended unknown, after which its path failed no more. */
    private static void leaveInDoubt(Scene scene) {
        scene.path("a").next(1, SimAnswer.fail(LOST).landingLate(Duration.ofSeconds(5)));
        Told write =
                scene.request().write(4, 4, 1).timeout(Duration.ofSeconds(1)).submit(scene.device());
        scene.pass(Duration.ofSeconds(2));
        assertThat(write.status).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
    }

    /** design.md rule 4: without this, a write that ended unknown can still overwrite the caller's next one. */
    @Test
    void writeThatEndedUnknownDoesNotUndoTheNextOne() {
        Scene scene = scene();
        leaveInDoubt(scene);
        Told next = scene.write(5, 2);
        scene.pass(Duration.ofSeconds(20));

        assertThat(next.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.disk().contents(4 * Scene.BLOCK, Scene.BLOCK)).isEqualTo(Told.bytes(1, 1));
        assertThat(scene.disk().contents(5 * Scene.BLOCK, Scene.BLOCK)).isEqualTo(Told.bytes(1, 2));
    }

    @Test
    void writeThatEndedUnknownUndoesTheNextOneWhereNothingIsHeld() {
        Scene scene = scene(DeviceSettings.defaults().withUnsafeReplayOfUnknownWrites(true));
        scene.path("a").next(1, SimAnswer.fail(LOST).landingLate(Duration.ofSeconds(5)));
        scene.path("b").next(1, SimAnswer.hang());
        scene.request().write(4, 4, 1).timeout(Duration.ofSeconds(1)).submit(scene.device());
        scene.pass(Duration.ofSeconds(2));
        scene.path("b").underWay().forEach(SimAttempt::complete);
        Told next = scene.write(5, 2);
        scene.pass(Duration.ofSeconds(20));

        assertThat(next.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.disk().contents(5 * Scene.BLOCK, Scene.BLOCK)).isEqualTo(Told.bytes(1, 1));
    }

    @ParameterizedTest
    @CsvSource({"3, 1, false", "3, 2, true", "4, 1, true", "7, 1, true", "7, 9, true", "8, 1, false", "0, 20, true"})
    void onlyWhatOverlapsTheRangeInDoubtWaits(long block, int blocks, boolean waits) {
        Scene scene = scene();
        leaveInDoubt(scene);
        Told write = scene.request().write(block, blocks, 2).submit(scene.device());
        scene.idle();

        assertThat(write.ended()).isEqualTo(!waits);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"READ", "FLUSH", "PASSTHROUGH"})
    void everyChangeWaits(IoOperation operation) {
        Scene scene = scene();
        leaveInDoubt(scene);
        Told change = scene.request().of(operation, 4).submit(scene.device());
        scene.idle();
        assertThat(change.ended()).isFalse();
        scene.pass(HOLD);

        assertThat(change.ended()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"READ", "FLUSH", "PASSTHROUGH"})
    void whatChangesNoKnownRangeDoesNotWait(IoOperation operation) {
        Scene scene = scene();
        leaveInDoubt(scene);
        Told other = scene.request().of(operation, 4).submit(scene.device());
        scene.idle();

        assertThat(other.ended()).isTrue();
    }

    @Test
    void changesThatOverlapAreNeverUnderWayTogether() {
        Scene scene = scene();
        scene.path("a").answer(SimAnswer.hang());
        Told first = scene.write(4, 1);
        Told second = scene.request().write(3, 2, 2).submit(scene.device());
        Told third = scene.write(3, 3);
        scene.idle();
        for (Told told : List.of(first, second, third)) {
            assertThat(scene.path("a").underWay()).hasSize(1);
            scene.path("a").underWay().get(0).complete();
            scene.passMillis(100);
            assertThat(told.status).isEqualTo(IoStatus.SUCCESS);
        }

        assertThat(scene.disk().contents(3 * Scene.BLOCK, 2 * Scene.BLOCK))
                .startsWith(Told.bytes(1, 3))
                .endsWith(Told.bytes(1, 2));
        assertThat(scene.device().snapshot().counters().overlaps()).isEqualTo(2);
    }

    /** The first loses its attempt while the second waits behind it: it is sent again before the second, not after. */
    @Test
    void replayDoesNotUndoAnAcknowledgedWriteThatOverlapsIt() {
        Scene scene = scene();
        scene.path("a").next(1, SimAnswer.hang());
        Told first = scene.write(4, 1);
        Told second = scene.write(4, 2);
        scene.idle();
        scene.path("a").underWay().get(0).fail(LOST);
        scene.pass(Duration.ofSeconds(30));

        assertThat(scene.ended()).containsExactly(first, second);
        assertThat(scene.disk().contents(4 * Scene.BLOCK, Scene.BLOCK)).isEqualTo(Told.bytes(1, 2));
    }

    @Test
    void rangeOfAnAttemptThatItsPathKeepsIsInDoubtUntilItIsHandedBack() {
        Scene scene = scene();
        scene.path("a").next(1, SimAnswer.hang());
        scene.request().write(4, 1, 1).timeout(Duration.ofSeconds(1)).submit(scene.device());
        scene.pass(Duration.ofSeconds(2));
        Told next = scene.write(4, 2);
        scene.pass(Duration.ofSeconds(60));
        assertThat(next.ended()).isFalse();
        assertThat(scene.device().unfenced())
                .singleElement()
                .matches(range -> range.left().isEmpty());
        scene.path("a").underWay().get(0).complete();
        scene.idle();

        assertThat(next.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.disk().contents(4 * Scene.BLOCK, Scene.BLOCK)).isEqualTo(Told.bytes(1, 2));
    }

    @Test
    void rangeOfAnAttemptThatIsHandedBackAsLostIsInDoubtForTheHold() {
        Scene scene = scene();
        scene.path("a").next(1, SimAnswer.hang());
        scene.request().write(4, 1, 1).timeout(Duration.ofSeconds(1)).submit(scene.device());
        scene.pass(Duration.ofSeconds(2));
        scene.path("a").underWay().get(0).fail(LOST);
        Told next = scene.write(4, 2);
        scene.pass(HOLD.minusMillis(100));
        assertThat(next.ended()).isFalse();
        scene.passMillis(200);

        assertThat(next.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void whatWaitsForARangeInDoubtHasADeadlineAndDidNotHappen() {
        Scene scene = scene();
        leaveInDoubt(scene);
        Told next =
                scene.request().write(4, 1, 2).timeout(Duration.ofSeconds(2)).submit(scene.device());
        scene.pass(Duration.ofSeconds(3));

        assertThat(next.status).isEqualTo(IoStatus.TIMED_OUT);
        assertThat(next.effect).isEqualTo(Effect.NONE);
    }

    @Test
    void deviceThatIsOpenedAgainInheritsTheRangesInDoubt() {
        Scene scene = scene();
        leaveInDoubt(scene);
        scene.await(scene.device().closeAsync());
        scene.await(scene.offer("b"));
        scene.idle();
        Told next = scene.write(4, 2);
        scene.pass(Duration.ofSeconds(6));
        assertThat(next.ended()).isFalse();
        scene.pass(Duration.ofSeconds(6));

        assertThat(next.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.disk().contents(4 * Scene.BLOCK, Scene.BLOCK)).isEqualTo(Told.bytes(1, 2));
    }

    @Test
    void registryThatIsOpenedAgainInheritsThemToo() {
        Scene scene = scene();
        leaveInDoubt(scene);
        scene.await(scene.registry.closeAsync());
        Multipath second =
                Multipath.builder().environment(scene.world.environment()).build();
        scene.await(second.offer(scene.path("b")));
        scene.idle();
        MultipathDevice device = second.devices().get(0);
        Told next = scene.request().write(4, 1, 2).submit(device);
        scene.idle();

        assertThat(next.ended()).isFalse();
        assertThat(device.unfenced()).hasSize(1);
    }

    /** Two registries at once: neither sees what the other has under way. */
    @Test
    void lostWriteIsNotSentAgainOverThatOfAnotherRegistry() {
        Scene scene = scene();
        Multipath other =
                Multipath.builder().environment(scene.world.environment()).build();
        SimPath path = new SimPath("c.d", scene.port("b"), scene.disk()).hold(HOLD);
        scene.await(other.offer(path));
        scene.idle();
        scene.path("a").next(1, SimAnswer.fail(LOST).landingLate(Duration.ofSeconds(1)));
        Told lost = scene.write(4, 1);
        scene.pass(Duration.ofSeconds(2));
        Told next = scene.request().write(4, 1, 2).submit(other.devices().get(0));
        scene.idle();
        assertThat(next.ended()).isFalse();
        scene.pass(HOLD);

        assertThat(next.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(lost.status).isEqualTo(IoStatus.PATH_ERROR);
        assertThat(lost.effect).isEqualTo(Effect.MAY_HAVE_HAPPENED);
        assertThat(scene.disk().contents(4 * Scene.BLOCK, Scene.BLOCK)).isEqualTo(Told.bytes(1, 2));
    }

    /** So many that they are published as the whole device. */
    @Test
    void writeBesideVeryManyThatAnotherRegistryLostIsSent() {
        Scene scene = scene(DeviceSettings.defaults().withMaxInFlight(2048));
        Multipath other =
                Multipath.builder().environment(scene.world.environment()).build();
        scene.await(other.offer(new SimPath("c.d", scene.port("b"), scene.disk()).hold(HOLD)));
        scene.idle();
        scene.path("a").answer(SimAnswer.hang());
        for (int i = 0; i < 1100; i++) {
            scene.request().write(3L * i, 1, 1).timeout(Duration.ofSeconds(1)).submit(scene.device());
        }
        scene.pass(Duration.ofSeconds(2));
        Told beside = scene.request().write(1, 1, 2).submit(other.devices().get(0));
        Told over = scene.request().write(3, 1, 2).submit(other.devices().get(0));
        scene.idle();

        assertThat(beside.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(over.ended()).isFalse();
    }

    /** Closing takes its time while a path has something; who opens the device anew meanwhile must not overtake it. */
    @Test
    void deviceThatIsOpenedAgainWaitsForWhatTheOldOneHasUnderWay() {
        Scene scene = scene();
        scene.path("a").next(1, SimAnswer.hang());
        Told old = scene.write(4, 1);
        scene.idle();
        CompletableFuture<Void> closed = scene.device().closeAsync();
        SimPath path = new SimPath("c.d", scene.port("b"), scene.disk());
        scene.await(scene.registry.offer(path));
        scene.idle();
        Told next = scene.write(4, 2);
        scene.pass(Duration.ofSeconds(1));
        assertThat(next.ended()).isFalse();
        scene.path("a").underWay().get(0).complete();
        scene.passMillis(100);

        assertThat(scene.ended()).containsExactly(old, next);
        assertThat(scene.disk().contents(4 * Scene.BLOCK, Scene.BLOCK)).isEqualTo(Told.bytes(1, 2));
        assertThat(scene.device().unfenced()).isEmpty();
        scene.await(closed);
    }

    @Test
    void writeThatFailsAsTheTimeToCloseIsOverLeavesItsRangeInDoubt() {
        Scene scene = scene(DeviceSettings.defaults().withCloseTimeout(Duration.ofSeconds(1)));
        scene.path("a").next(1, SimAnswer.hang());
        scene.write(4, 1);
        scene.idle();
        MultipathDevice device = scene.device();
        CompletableFuture<Void> closed = device.closeAsync();
        scene.pass(Duration.ofMillis(999));
        scene.world.holdLoop();
        scene.path("a").underWay().get(0).fail(LOST);
        scene.passMillis(2);
        scene.world.releaseLoop();
        scene.await(closed);
        scene.await(scene.offer("b"));

        assertThat(scene.device()).isNotSameAs(device);
        assertThat(scene.device().unfenced()).hasSize(1);
    }

    @Test
    void overlappingWritesBothWaitForEverWhenThatIsAskedFor() {
        Scene scene = scene(Scene.waiting(NoPathPolicy.queueForever()));
        scene.becomes("a", AccessState.STANDBY);
        scene.becomes("b", AccessState.STANDBY);
        Told first = scene.write(4, 1);
        Told second = scene.write(4, 2);
        scene.pass(Duration.ofMinutes(10));
        scene.becomes("b", AccessState.OPTIMIZED);

        assertThat(first.status).isEqualTo(IoStatus.SUCCESS);
        scene.passMillis(100);
        assertThat(second.status).isEqualTo(IoStatus.SUCCESS);
    }

    /** Elsewhere writes go on at once, and by themselves. */
    @Test
    void whatDoesNotTouchARangeInDoubtDoesNotComeByTheControlLoop() {
        Scene scene = scene();
        leaveInDoubt(scene);
        scene.world.holdLoop();
        Told elsewhere = scene.write(8, 2);
        scene.idle();
        assertThat(elsewhere.status).isEqualTo(IoStatus.SUCCESS);
        scene.world.releaseLoop();
    }

    @Test
    void longestHoldOfThePathsCountsForWhatAProcessBeforeMayHaveLost() {
        Scene scene = via.of(
                SimWorld.seeded(1),
                Admission.capable(),
                DeviceSettings.defaults().withHoldAtOpen(true).withHold(Duration.ofSeconds(1)));
        scene.array.withPort("a").withPort("b");
        scene.path("a").hold(Duration.ofSeconds(3));
        scene.path("b").hold(Duration.ofSeconds(7));
        scene.await(scene.offer("a"));
        scene.await(scene.offer("b"));
        scene.idle();
        Told write = scene.write(0, 1);
        scene.pass(Duration.ofMillis(6900));
        assertThat(write.ended()).isFalse();
        scene.passMillis(200);

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void openerMayAskToWaitForWhatAProcessBeforeItMayHaveLost() {
        Scene scene = scene(DeviceSettings.defaults().withHoldAtOpen(true).withHold(Duration.ofSeconds(3)));
        Told read = scene.read(0);
        Told write = scene.write(0, 1);
        scene.pass(Duration.ofMillis(2900));
        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(write.ended()).isFalse();
        scene.passMillis(200);

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    /** Nobody looks after those that wait for a range any more, once the device has ended. */
    @Test
    void changeInDoubtThatComesThroughTheDoorAfterTheEndIsAnswered() {
        Scene scene = scene(DeviceSettings.defaults().withHoldAtOpen(true).withHold(Duration.ofSeconds(3)));
        SimThread caller = scene.world.thread("script");
        caller.holdMessages();
        Told write = scene.write(0, 1);
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        scene.world.thread("closer").execute(() -> closing.add(scene.device().closeAsync()));
        scene.idle();
        caller.releaseMessages();
        scene.passMillis(10);

        assertThat(closing)
                .singleElement()
                .satisfies(closed -> assertThat(closed).isDone());
        assertThat(write.status).isEqualTo(IoStatus.CLOSED);
    }

    @Test
    void pathIsAskedToAbortWhatItHasForTooLong() {
        Scene scene = scene(DeviceSettings.defaults().withIoTimeout(Duration.ofSeconds(5)));
        scene.path("a").aborts(true).next(1, SimAnswer.hang());
        Told write = scene.write(0, 1);
        scene.pass(Duration.ofMillis(4900));
        assertThat(write.ended()).isFalse();
        scene.passMillis(300);

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.path("b").submitted()).isOne();
        assertThat(scene.device().snapshot().counters().overdueAttempts()).isOne();
    }
}
