package io.mpath.internal.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mpath.Admission;
import io.mpath.DeviceSettings;
import io.mpath.Effect;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.observe.MultipathEvent.PathMisbehaved;
import io.mpath.observe.MultipathEvent.WritesHeld;
import io.mpath.observe.MultipathEvent.WritesReleased;
import io.mpath.observe.UnfencedRange;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Writes whose attempt was lost: when they are sent again, what they end as, and what waits for them. */
@ParameterizedClass
@EnumSource(Via.class)
class HoldTest {
    private static final PathFailure LOST = PathFailure.failOver(Certainty.UNKNOWN, "connection lost");
    private static final Duration HOLD = Duration.ofSeconds(10);
    private static final Duration TICK = DeviceSettings.tick();

    @Parameter
    Via via;

    private Scene scene() {
        Scene scene = via.with("a", "b");
        scene.path("a").hold(HOLD);
        scene.path("b").hold(HOLD);
        return scene;
    }

    /** A write of {@code value} to block 0, lost on path a. */
    private static Told lost(Scene scene, int value) {
        scene.path("a").next(1, SimAnswer.fail(LOST));
        Told write = scene.write(0, value);
        scene.idle();
        return write;
    }

    /** facts/races.md 6.1: the first attempt lands after the caller's next write was acknowledged. */
    private byte[] afterTheGhost(DeviceSettings settings) {
        Scene scene = via.with(settings, "a", "b");
        scene.path("a").hold(HOLD);
        scene.path("a").next(1, SimAnswer.fail(LOST).landingLate(Duration.ofSeconds(5)));
        Told first = scene.write(0, 1);
        scene.world.runUntil(first::ended, Duration.ofMinutes(1));
        Told second = scene.write(0, 2);
        scene.pass(Duration.ofMinutes(1));
        assertThat(first.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(second.status).isEqualTo(IoStatus.SUCCESS);
        return scene.disk().contents(0, Scene.BLOCK);
    }

    @Test
    void ghostWriteDoesNotUndoTheNextOne() {
        assertThat(afterTheGhost(DeviceSettings.defaults())).isEqualTo(Told.bytes(1, 2));
    }

    @Test
    void ghostWriteUndoesTheNextOneWhereNothingIsHeld() {
        assertThat(afterTheGhost(DeviceSettings.defaults().withUnsafeReplayOfUnknownWrites(true)))
                .isEqualTo(Told.bytes(1, 1));
    }

    /** The two ends are a third of a tick apart. */
    @Test
    void endsOfHoldsAreNotLeftToTheTick() {
        Scene scene = scene();
        Duration third = TICK.dividedBy(3);
        scene.path("a").latency(third).next(1, SimAnswer.fail(LOST).inSubmit()).next(1, SimAnswer.fail(LOST));
        Told first = scene.write(0, 1);
        Told second = scene.write(1, 2);

        scene.pass(third);
        scene.path("a").latency(Duration.ZERO);

        scene.pass(HOLD.minus(third).minusMillis(1));
        assertThat(first.ended()).isFalse();
        scene.pass(Duration.ofMillis(2));
        assertThat(first.ended()).isTrue();
        assertThat(second.ended()).isFalse();
        scene.pass(third);
        assertThat(second.ended()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"WRITE", "WRITE_ZEROES", "DISCARD"})
    void lostChangeIsHeldUntilItsPathIsFenced(IoOperation operation) {
        Scene scene = scene();
        scene.path("a").next(1, SimAnswer.fail(LOST));
        Told change = scene.request().of(operation, 0).submit(scene.device());
        scene.pass(HOLD.dividedBy(2));
        assertThat(change.ended()).isFalse();
        assertThat(scene.path("b").submitted()).isZero();

        scene.path("a").fence();
        scene.idle();
        assertThat(change.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.path("a").submitted() + scene.path("b").submitted()).isEqualTo(2);
    }

    @Test
    void timeIsAFenceWhenThePathSaysHowMuch() {
        Scene scene = scene();
        Told write = lost(scene, 1);
        scene.pass(HOLD.minus(TICK));
        assertThat(write.ended()).isFalse();
        scene.pass(TICK.multipliedBy(2));

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    /** The attempt hangs for longer than the hold before the path gives it up. */
    @Test
    void holdBeginsWhenThePathHandsTheAttemptBack() {
        Scene scene = scene();
        scene.path("a").next(1, SimAnswer.hang());
        Told write = scene.write(0, 1);
        scene.pass(HOLD.multipliedBy(2));
        scene.path("a").underWay().get(0).fail(LOST);
        scene.pass(HOLD.minus(TICK));
        assertThat(write.ended()).isFalse();
        scene.pass(TICK.multipliedBy(2));

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void timeAloneIsNoFenceWhereThePathSaysSo() {
        Scene scene = via.with("a", "b");
        Told write = lost(scene, 1);
        scene.pass(Duration.ofSeconds(170));

        assertThat(write.ended()).isFalse();
        assertThat(scene.device().unfenced())
                .containsExactly(new UnfencedRange(0, Scene.BLOCK, "a.d", true, Optional.empty()));
    }

    @Test
    void settingSaysHowLongWhereThePathDoesNot() {
        Scene scene = via.of(
                SimWorld.seeded(1),
                Admission.capable(),
                DeviceSettings.defaults().withHold(Duration.ofSeconds(7)));
        scene.array.withPort("a").withPort("b");
        scene.await(scene.registry.offer(new SimplePath(scene.path("a"))));
        scene.await(scene.registry.offer(new SimplePath(scene.path("b"))));
        scene.idle();
        Told write = lost(scene, 1);
        scene.pass(Duration.ofSeconds(7).minus(TICK));
        assertThat(write.ended()).isFalse();
        scene.pass(TICK.multipliedBy(2));

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void reconnectionIsNoFence() {
        Scene scene = scene();
        scene.path("a").next(1, SimAnswer.hang());
        Told write = scene.write(0, 1);
        scene.idle();
        scene.port("a").pull();
        scene.port("a").putBack();
        scene.passMillis(500);

        assertThat(scene.seen("a").usable()).isTrue();
        assertThat(write.ended()).isFalse();
    }

    @Test
    void fenceOfEarlierLossesLeavesLaterOnesHeld() {
        Scene scene = scene();
        Told first = lost(scene, 1);
        scene.path("a").next(1, SimAnswer.fail(lostAs(7)));
        scene.passMillis(100); // the rest of the path is over
        Told second = scene.write(9, 2);
        scene.idle();
        scene.path("a").fence(6);
        scene.idle();
        assertThat(first.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(second.ended()).isFalse();

        scene.path("a").fence(7);
        scene.idle();
        assertThat(second.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void fenceThatWasReportedBeforeTheFailureCounts() {
        Scene scene = scene();
        scene.path("a").next(1, SimAnswer.hang());
        Told write = scene.write(0, 1);
        scene.idle();
        scene.path("a").fence(3);
        scene.path("a").underWay().get(0).fail(lostAs(3));
        scene.idle();

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    /** Its submit throws when the command may be out: the core notes that loss itself, and has no number for it. */
    @Test
    void lossWithoutANumberIsCoveredByNoReport() {
        Scene scene = scene();
        scene.path("a").fence(5);
        scene.path("a").next(1, SimAnswer.breakContract());
        Told write = scene.write(0, 1);
        scene.pass(HOLD.minus(TICK));
        assertThat(write.ended()).isFalse();
        scene.path("a").fence(6);
        scene.idle();
        assertThat(write.ended()).isFalse();
        scene.pass(TICK.multipliedBy(2));

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void fenceOfEverythingForEverIsRefused() {
        Scene scene = scene();
        scene.path("a").fence(Long.MAX_VALUE);
        Told write = lost(scene, 1);

        assertThat(write.ended()).isFalse();
        assertThat(scene.events(PathMisbehaved.class)).hasSize(1);
    }

    @Test
    void negativeHoldIsNoHoldToRelyOn() {
        Scene scene = scene();
        scene.path("a").hold(Duration.ofNanos(-1));
        Told write = lost(scene, 1);
        scene.pass(Duration.ofSeconds(100));

        assertThat(write.ended()).isFalse();
        assertThat(scene.events(PathMisbehaved.class)).hasSize(1);
    }

    /** Its pieces are sent a few at a time: what overlaps one that has not been sent yet must not come before it. */
    @Test
    void nothingComesBetweenThePiecesOfAReplay() {
        Scene scene = scene();
        scene.path("a").next(1, SimAnswer.fail(LOST).landingLate(Duration.ofSeconds(1)));
        Told first = scene.request().write(0, 64, 1).submit(scene.device());
        scene.pass(Duration.ofSeconds(2));
        scene.array.withPort("c");
        scene.path("c")
                .hold(HOLD)
                .describeGeometry(
                        new Geometry(Scene.SIZE, Scene.BLOCK, Scene.BLOCK, 1024, 1024, 1024, 1024, false, false));
        scene.await(scene.offer("c"));
        scene.idle();
        Told second = scene.write(60, 2);
        scene.pass(HOLD);

        assertThat(scene.ended()).containsExactly(first, second);
        assertThat(scene.disk().contents(60 * Scene.BLOCK, Scene.BLOCK)).isEqualTo(Told.bytes(1, 2));
        assertThat(scene.device().unfenced()).isEmpty();
    }

    @Test
    void fenceOfAPathThatWasRemovedCounts() {
        Scene scene = scene();
        Told write = lost(scene, 1);
        scene.await(scene.device().removePath("a.d"));
        assertThat(write.ended()).isFalse();
        scene.path("a").fence();
        scene.idle();

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void lossOnAPathThatWasRemovedMeanwhileIsHeldToo() {
        Scene scene = scene();
        scene.path("a").next(1, SimAnswer.hang());
        Told write = scene.write(0, 1);
        scene.idle();
        scene.path("a").vanish();
        scene.pass(HOLD.minus(TICK));
        assertThat(write.ended()).isFalse();
        scene.pass(TICK.multipliedBy(2));

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void deadlineOfAHeldWriteTellsThatItMayStillHappen() {
        Scene scene = via.with("a", "b");
        scene.path("a").next(1, SimAnswer.fail(LOST));
        Told write =
                scene.request().write(0, 1, 1).timeout(Duration.ofSeconds(3)).submit(scene.device());
        scene.pass(Duration.ofSeconds(4));

        assertThat(write.status).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
        assertThat(write.effect).isEqualTo(Effect.MAY_STILL_HAPPEN);
        assertThat(write.buffersInUse).isFalse();
        assertThat(scene.path("b").submitted()).isZero();
    }

    @Test
    void deadlineBehindTheFenceTellsThatItWillNotHappenAnyMore() {
        Scene scene = scene();
        scene.path("b").answer(SimAnswer.fail(PathFailure.failOver(Certainty.NOT_EXECUTED, "link down")));
        scene.path("a").next(1, SimAnswer.fail(LOST));
        Told write =
                scene.request().write(0, 1, 1).timeout(Duration.ofSeconds(20)).submit(scene.device());
        scene.idle();
        scene.await(scene.device().removePath("a.d"));
        scene.pass(Duration.ofSeconds(21));

        assertThat(write.status).isEqualTo(IoStatus.TIMED_OUT);
        assertThat(write.effect).isEqualTo(Effect.MAY_HAVE_HAPPENED);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"COMPARE_AND_WRITE", "PASSTHROUGH"})
    void whatMustNotBeRepeatedEndsAtOnceAndIsNotSentAgain(IoOperation operation) {
        Scene scene = scene();
        scene.path("a").next(1, SimAnswer.fail(LOST));
        Told once = scene.request().of(operation, 0).submit(scene.device());
        scene.idle();
        assertThat(once.status).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
        assertThat(once.effect).isEqualTo(Effect.MAY_STILL_HAPPEN);
        scene.pass(HOLD.multipliedBy(2));

        assertThat(scene.path("a").submitted() + scene.path("b").submitted()).isOne();
    }

    @Test
    void readGoesOnAtOnce() {
        Scene scene = scene();
        scene.path("a").next(1, SimAnswer.fail(LOST));
        Told read = scene.read(0);
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.path("b").submitted()).isOne();
    }

    @Test
    void holdingIsToldAndShown() {
        Scene scene = scene();
        lost(scene, 1);
        scene.pass(Duration.ofSeconds(4));

        assertThat(scene.device().snapshot().held()).isOne();
        assertThat(scene.device().snapshot().counters().heldWrites()).isOne();
        assertThat(scene.device().snapshot().unfenced())
                .containsExactly(new UnfencedRange(0, Scene.BLOCK, "a.d", true, Optional.of(Duration.ofSeconds(6))));
        scene.pass(Duration.ofSeconds(7));
        assertThat(scene.device().snapshot().held()).isZero();
        assertThat(scene.device().snapshot().unfenced()).isEmpty();
        assertThat(scene.events(WritesHeld.class))
                .extracting(WritesHeld::path, WritesHeld::holdNanos)
                .containsExactly(tuple("a.d", HOLD.toNanos()));
        assertThat(scene.events(WritesReleased.class))
                .extracting(WritesReleased::replayed, WritesReleased::ended)
                .containsExactly(tuple(1L, 0L));
    }

    @Test
    void manyWritesOfOneLossAreOneEvent() {
        Scene scene = scene();
        scene.path("a").answer(SimAnswer.hang());
        for (int block = 0; block < 20; block++) {
            scene.write(block, 1);
        }
        scene.idle();
        scene.port("a").pull();
        scene.pass(HOLD.plusSeconds(1));

        assertThat(scene.events(WritesHeld.class)).hasSize(1);
        assertThat(scene.events(WritesReleased.class))
                .singleElement()
                .extracting(WritesReleased::replayed)
                .isEqualTo(20L);
    }

    @Test
    void retryOfALostAttemptWaitsForTheFenceToo() {
        Scene scene = scene();
        scene.path("a")
                .next(
                        1,
                        SimAnswer.fail(new PathFailure(
                                Verdict.RETRY, Certainty.UNKNOWN, IoStatus.TARGET_ERROR, "busy, perhaps", 1000, 0, 0)));
        Told write = scene.write(0, 1);
        scene.pass(HOLD.minus(TICK));
        assertThat(scene.path("a").submitted()).isOne();
        scene.pass(TICK.multipliedBy(2));

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void administratorWhoKnowsBetterEndsTheHold() {
        Scene scene = via.with("a", "b");
        Told write = lost(scene, 1);
        scene.await(scene.device().assumeFenced());
        scene.idle();

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.device().unfenced()).isEmpty();
    }

    @Test
    void administratorCannotKnowOfWhatAPathStillHas() {
        Scene scene = scene();
        scene.path("a").next(1, SimAnswer.hang());
        scene.request().write(0, 1, 1).timeout(Duration.ofSeconds(1)).submit(scene.device());
        scene.pass(Duration.ofSeconds(2));
        scene.await(scene.device().assumeFenced());

        assertThat(scene.device().unfenced()).hasSize(1);
    }

    /** The path had reported the fence before it handed the attempt back, and neither is why the request ends. */
    @Test
    void fencedLossBehindTheEndOfTheDeviceEndsAsTheDeviceDid() {
        Scene scene = scene();
        scene.path("a").next(1, SimAnswer.hang());
        Told write = scene.write(0, 1);
        scene.idle();
        CompletableFuture<Void> closed = scene.device().closeAsync();
        scene.idle();
        scene.path("a").fence(3);
        scene.path("a").underWay().get(0).fail(lostAs(3));
        scene.idle();

        assertThat(write.status).isEqualTo(IoStatus.CLOSED);
        assertThat(write.effect).isEqualTo(Effect.MAY_HAVE_HAPPENED);
        scene.await(closed);
    }

    @Test
    void closeAnswersHeldWritesAndListsWhatIsNotFenced() {
        Scene scene = scene();
        Told write = lost(scene, 1);
        var device = scene.device();
        scene.pass(Duration.ofSeconds(1));
        scene.await(device.closeAsync());

        assertThat(write.status).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
        assertThat(write.effect).isEqualTo(Effect.MAY_STILL_HAPPEN);
        assertThat(device.unfenced())
                .containsExactly(new UnfencedRange(0, Scene.BLOCK, "a.d", false, Optional.of(Duration.ofSeconds(9))));
    }

    private static PathFailure lostAs(long epoch) {
        return new PathFailure(
                Verdict.FAIL_OVER, Certainty.UNKNOWN, IoStatus.PATH_ERROR, "connection lost", 0, 0, epoch);
    }
}
