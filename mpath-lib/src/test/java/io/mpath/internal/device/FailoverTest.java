package io.mpath.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.DeviceSettings;
import io.mpath.Effect;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.MarginalPolicy;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;
import io.mpath.policy.IoPolicies;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimAttempt;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Retries, replays and their bounds. */
@ParameterizedClass
@EnumSource(Via.class)
class FailoverTest {
    private static final PathFailure LOST = PathFailure.failOver(Certainty.UNKNOWN, "lost");

    @Parameter
    Via via;

    @Test
    void retryWaitsForTheTimeThatTheDeviceAsksForAndGoesToTheSamePath() {
        var scene = via.with("a", "b");
        scene.path("a").next(1, SimAnswer.fail(busy(Duration.ofMillis(250))));
        Told write = scene.write(0, 1);
        scene.passMillis(249);
        assertThat(scene.path("a").submitted()).isOne();
        scene.passMillis(2);

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(write.endedAtNanos).isEqualTo(Duration.ofMillis(250).toNanos());
        assertThat(scene.path("a").submitted()).isEqualTo(2);
        assertThat(scene.path("b").submitted()).isZero();
    }

    @Test
    void busyDeviceIsAskedUntilTheDeadlineLessAndLessOften() {
        var scene = via.with("a");
        scene.path("a").answer(SimAnswer.fail(busy(Duration.ofMillis(10))));
        Told write = scene.request().write(0, 1, 1).timeout(Duration.ofSeconds(20));
        write.submit(scene.device());
        scene.pass(Duration.ofSeconds(19));
        assertThat(write.ended()).isFalse();
        assertThat(scene.path("a").submitted()).isBetween(25L, 35L);
        scene.pass(Duration.ofSeconds(2));

        assertThat(write.status).isEqualTo(IoStatus.TIMED_OUT);
        assertThat(write.effect).isEqualTo(Effect.NONE);
    }

    @Test
    void requestThatItsPathKeepsRefusingGoesToAnother() {
        var scene = via.with("a", "b");
        scene.path("a").answer(SimAnswer.fail(busy(Duration.ofMillis(10))));
        Told write = scene.write(0, 1);
        scene.passMillis(100);

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.path("a").submitted()).isEqualTo(5);
        assertThat(scene.path("b").submitted()).isOne();
        assertThat(scene.seen("a").usable()).as("not blamed for one request").isTrue();
        assertThat(scene.device().snapshot().counters().failovers()).isOne();
    }

    @Test
    void requestIsRefusedTwiceWhereThePausesAreLong() {
        var scene = via.with("a", "b");
        scene.path("a").answer(SimAnswer.fail(busy(Duration.ofSeconds(1))));
        Told write = scene.write(0, 1);
        scene.pass(Duration.ofSeconds(3));

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(write.endedAtNanos).as("each pause is kept").isEqualTo(2_000_000_000L);
        assertThat(scene.path("a").submitted()).isEqualTo(2);
    }

    @Test
    void requestThatTheOnlyOptimizedPathKeepsRefusingGoesToOneThatIsNot() {
        var scene = via.with("a", "b");
        scene.becomes("b", AccessState.NON_OPTIMIZED);
        scene.path("a").answer(SimAnswer.fail(busy(Duration.ofMillis(10))));
        Told write = scene.write(0, 1);
        scene.passMillis(100);

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.path("b").submitted()).isOne();
    }

    /** Nothing of it is left behind anywhere: unlike one that may have been done, it may be begun elsewhere. */
    @Test
    void compareAndWriteThatWasNeverBegunGoesToAnother() {
        var scene = via.with("a", "b");
        scene.path("a").answer(SimAnswer.fail(busy(Duration.ofMillis(10))));
        Told told = scene.request().of(IoOperation.COMPARE_AND_WRITE, 0).submit(scene.device());
        scene.passMillis(100);

        assertThat(told.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.path("b").submitted()).isOne();
    }

    /** An array that is busy is so on every path. */
    @Test
    void requestGoesFromPathToPathWhileAllAreBusyAndNoneIsBlamed() {
        var scene = via.with("a", "b");
        for (String port : List.of("a", "b")) {
            scene.path(port).answer(SimAnswer.fail(busy(Duration.ofMillis(100))));
        }
        List<Told> writes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            writes.add(scene.request().write(i, 1, 1).timeout(Duration.ofSeconds(20)));
        }
        writes.forEach(write -> write.submit(scene.device()));
        scene.pass(Duration.ofSeconds(21));

        assertThat(writes).allSatisfy(write -> {
            assertThat(write.status).isEqualTo(IoStatus.TIMED_OUT);
            assertThat(write.effect).isEqualTo(Effect.NONE);
        });
        assertThat(scene.path("a").submitted()).isGreaterThan(50);
        assertThat(scene.path("b").submitted()).isGreaterThan(50);
        assertThat(scene.path("a").submitted() + scene.path("b").submitted()).isLessThan(350);
        assertThat(scene.events(MultipathEvent.PathFailed.class)).isEmpty();
    }

    @Test
    void pathThatRefusesEverythingWhileAnotherServesIsLeft() {
        var scene = via.with(DeviceSettings.defaults().withPolicy(IoPolicies.roundRobin()), "bad", "good");
        scene.path("bad").answer(SimAnswer.fail(busy(Duration.ofMillis(10))));
        List<Told> reads = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            reads.add(scene.read(i));
            scene.passMillis(10);
        }
        scene.passMillis(100);

        assertThat(reads).allMatch(read -> read.status == IoStatus.SUCCESS);
        assertThat(scene.seen("bad").marginal()).isEqualTo("fails: busy");
        assertThat(scene.path("bad").submitted()).isBetween(15L, 150L);
    }

    /** Control of the one above: what it serves in between speaks for it. */
    @Test
    void pathThatServesNowAndThenIsNotBlamedForWhatItRefuses() {
        var scene = via.with("a", "b");
        for (int i = 0; i < 20; i++) {
            scene.path("a").next(5, SimAnswer.fail(busy(Duration.ofMillis(10))));
            scene.read(i);
            scene.passMillis(100);
            scene.read(i);
            scene.passMillis(100);
        }

        assertThat(scene.path("b").submitted()).isEqualTo(20);
        assertThat(scene.path("a").submitted()).isEqualTo(120);
        assertThat(scene.events(MultipathEvent.PathFailed.class)).isEmpty();
    }

    @Test
    void busyDeviceThatRecoversServesTheRequest() {
        var scene = via.with("a");
        scene.path("a").answer(SimAnswer.fail(busy(Duration.ZERO)));
        Told write = scene.write(0, 1);
        scene.pass(Duration.ofSeconds(5));
        scene.path("a").answer(SimAnswer.succeed());
        scene.passMillis(1001);

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.seen("a").usable()).isTrue();
    }

    /** The fence is known before the loss is: nothing else holds the write back then. */
    @Test
    void lostWriteWhoseFenceIsKnownWaitsForThePauseThatItsPathAskedFor() {
        var scene = via.with("a");
        scene.path("a").next(1, SimAnswer.hang());
        Told write = scene.write(0, 1);
        scene.idle();
        scene.path("a").fence(7);
        scene.idle();
        scene.path("a").underWay().get(0).fail(retried(Certainty.UNKNOWN, 7));
        scene.passMillis(249);
        assertThat(scene.path("a").submitted()).isOne();
        scene.passMillis(2);

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void heldWriteThatIsFencedSoonWaitsForThePauseAllTheSame() {
        var scene = via.with("a");
        scene.path("a").next(1, SimAnswer.fail(retried(Certainty.UNKNOWN, 7)));
        Told write = scene.write(0, 1);
        scene.passMillis(100);
        scene.path("a").fence(7);
        scene.passMillis(149);
        assertThat(scene.path("a").submitted()).isOne();
        scene.passMillis(2);

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void sixthAnswerThatMayHaveDoneSomethingIsTold() {
        var scene = via.with("a");
        scene.path("a").answer(SimAnswer.fail(retried(Certainty.TERMINATED, 0)));
        Told write = scene.write(0, 1);
        scene.pass(Duration.ofSeconds(2));

        assertThat(write.status).isEqualTo(IoStatus.TARGET_ERROR);
        assertThat(scene.path("a").submitted()).isEqualTo(6);
        assertThat(scene.seen("a").counters().retries()).isEqualTo(5);
    }

    /** Whose doing it is, the path's or that of what it leads to, shows elsewhere; until then neither is blamed. */
    @Test
    void sixthAnswerOfOnePathIsNotToldWhereAnotherDoesBetter() {
        var scene = via.with("a", "b");
        scene.path("a").answer(SimAnswer.fail(retried(Certainty.TERMINATED, 0)));
        Told write = scene.write(0, 1);
        scene.pass(Duration.ofSeconds(2));

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.path("a").submitted()).isEqualTo(6);
        assertThat(scene.path("b").submitted()).isOne();
        assertThat(scene.seen("a").usable()).isTrue();
        assertThat(scene.device().snapshot().counters().failovers()).isOne();
    }

    @Test
    void sixthAnswerOfTheOnlyOptimizedPathSendsItToOneThatIsNot() {
        var scene = via.with("a", "b");
        scene.becomes("b", AccessState.NON_OPTIMIZED);
        scene.path("a").answer(SimAnswer.fail(retried(Certainty.TERMINATED, 0)));
        Told write = scene.write(0, 1);
        scene.pass(Duration.ofSeconds(2));

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.path("b").submitted()).isOne();
    }

    @Test
    void answerThatNoPathBettersIsToldAfterASeventhTry() {
        var scene = via.with("a", "b");
        for (String port : List.of("a", "b")) {
            scene.path(port).answer(SimAnswer.fail(retried(Certainty.TERMINATED, 0)));
        }
        Told write = scene.write(0, 1);
        scene.pass(Duration.ofSeconds(3));

        assertThat(write.status).isEqualTo(IoStatus.TARGET_ERROR);
        assertThat(scene.path("a").submitted() + scene.path("b").submitted()).isEqualTo(7);
    }

    @Test
    void compareAndWriteThatMayHaveBeenDoneIsNotTriedElsewhere() {
        var scene = via.with("a", "b");
        scene.path("a").answer(SimAnswer.fail(retried(Certainty.TERMINATED, 0)));
        Told told = scene.request().of(IoOperation.COMPARE_AND_WRITE, 0).submit(scene.device());
        scene.pass(Duration.ofSeconds(3));

        assertThat(told.status).isEqualTo(IoStatus.TARGET_ERROR);
        assertThat(scene.path("b").submitted()).isZero();
    }

    @Test
    void busyPathIsNotBlamed() {
        var scene = via.with("a");
        scene.path("a").next(1, SimAnswer.fail(busy(Duration.ofSeconds(1))));
        scene.write(0, 1);
        scene.idle();

        assertThat(scene.seen("a").usable()).isTrue();
    }

    @Test
    void unreasonableDelayIsCutToTenSeconds() {
        var scene = via.with("a");
        scene.path("a").next(1, SimAnswer.fail(busy(Duration.ofDays(1))));
        Told write = scene.write(0, 1);
        scene.pass(Duration.ofSeconds(11));

        assertThat(write.endedAtNanos).isEqualTo(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void retryWhosePathWentMeanwhileGoesElsewhere() {
        var scene = via.with("a", "b");
        scene.path("a").next(1, SimAnswer.fail(busy(Duration.ofMillis(100))));
        Told write = scene.write(0, 1);
        scene.passMillis(50);
        scene.await(scene.device().removePath("a.d"));
        scene.passMillis(100);

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.path("b").submitted()).isOne();
    }

    @Test
    void writeResumesBehindWhatIsDoneAndItsDataIsRight() {
        var scene = via.with("a", "b");
        write(scene, 0, pattern(4, 1));
        scene.path("a").next(1, SimAnswer.fail(residual(4 * Scene.BLOCK + 100)));
        ByteBuffer[] scattered = {
            ByteBuffer.wrap(pattern(3, 1)), ByteBuffer.wrap(pattern(1, 1)), ByteBuffer.wrap(pattern(4, 5))
        };
        Told write = scene.request();
        write.request.write(0, scattered);
        write.submit(scene.device());
        scene.idle();

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
        SimAttempt rest = only(scene.path("b").attempts());
        assertThat(rest.offset()).isEqualTo(4 * Scene.BLOCK);
        assertThat(rest.length()).isEqualTo(4 * Scene.BLOCK);
        assertThat(scene.disk().contents(4 * Scene.BLOCK, 4 * Scene.BLOCK)).isEqualTo(pattern(4, 5));
        assertThat(scattered).allMatch(buffer -> !buffer.hasRemaining());
    }

    @Test
    void readResumesInTheMiddleOfAScatterList() {
        var scene = via.with("a", "b");
        write(scene, 0, pattern(8, 3));
        scene.path("a").next(1, SimAnswer.fail(residual(2 * Scene.BLOCK)));
        ByteBuffer first = ByteBuffer.allocate(3 * Scene.BLOCK);
        ByteBuffer second = ByteBuffer.allocate(5 * Scene.BLOCK);
        Told read = scene.request();
        read.request.read(0, first, second);
        read.submit(scene.device());
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        byte[] disk = pattern(8, 3);
        assertThat(slice(first.array(), 2 * Scene.BLOCK, 3 * Scene.BLOCK))
                .isEqualTo(slice(disk, 2 * Scene.BLOCK, 3 * Scene.BLOCK));
        assertThat(second.array()).isEqualTo(slice(disk, 3 * Scene.BLOCK, 8 * Scene.BLOCK));
    }

    @Test
    void readIsRightAfterItsFirstPathWasLost() {
        var scene = via.with("a", "b");
        write(scene, 2, pattern(4, 9));
        scene.path("a").answer(SimAnswer.fail(LOST));
        Told read = scene.request().read(2, 4).submit(scene.device());
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(read.data()).isEqualTo(pattern(4, 9));
        assertThat(scene.path("b").submitted()).isOne();
    }

    @Test
    void pathThatFailsEverythingRestsWhileOthersServe() {
        var settings =
                DeviceSettings.defaults().withPolicy(IoPolicies.roundRobin()).withMarginal(MarginalPolicy.off());
        var scene = via.with(settings, "bad", "good");
        scene.path("bad").answer(SimAnswer.fail(LOST));
        List<Told> reads = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            reads.add(scene.read(i));
            scene.passMillis(10);
        }

        assertThat(reads).allMatch(read -> read.status == IoStatus.SUCCESS);
        assertThat(scene.path("bad").submitted()).isBetween(5L, 20L);
    }

    @Test
    void onlyPathThatFailsEverythingIsNotAskedInASpin() {
        var scene = via.with("bad");
        scene.path("bad").answer(SimAnswer.fail(LOST));
        Told read = scene.request().read(0, 1).timeout(Duration.ofSeconds(59)).submit(scene.device());
        scene.pass(Duration.ofSeconds(60));

        assertThat(read.status).isEqualTo(IoStatus.TIMED_OUT);
        assertThat(scene.path("bad").submitted()).isBetween(10L, 25L);
    }

    @Test
    void pathThatRecoversServesAgain() {
        var scene = via.with("a");
        scene.path("a").next(3, SimAnswer.fail(LOST));
        Told read = scene.read(0);
        scene.pass(Duration.ofSeconds(1));

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.seen("a").usable()).isTrue();
    }

    @Test
    void manyFailuresOfOneFaultCountAsOne() {
        var scene = via.with("a");
        scene.path("a").answer(SimAnswer.hang());
        List<Told> reads = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            reads.add(scene.read(i));
        }
        scene.path("a").answer(SimAnswer.succeed());
        scene.path("a").underWay().forEach(attempt -> attempt.fail(LOST));
        scene.passMillis(11);

        assertThat(reads).allMatch(read -> read.status == IoStatus.SUCCESS);
    }

    private static void write(Scene scene, long block, byte[] data) {
        Told write = scene.request();
        write.request.write(block * Scene.BLOCK, ByteBuffer.wrap(data));
        write.submit(scene.device());
        scene.idle();
        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    private static PathFailure busy(Duration delay) {
        return PathFailure.retry(delay.toNanos(), "busy");
    }

    private static PathFailure retried(Certainty certainty, long epoch) {
        long delay = Duration.ofMillis(250).toNanos();
        return new PathFailure(Verdict.RETRY, certainty, IoStatus.TARGET_ERROR, "aborted", delay, 0, epoch);
    }

    private static PathFailure residual(long doneBytes) {
        return new PathFailure(
                Verdict.FAIL_OVER, Certainty.TERMINATED, IoStatus.PATH_ERROR, "residual", 0, doneBytes, 0);
    }

    private static byte[] pattern(int blocks, int seed) {
        byte[] pattern = new byte[blocks * Scene.BLOCK];
        for (int i = 0; i < pattern.length; i++) {
            pattern[i] = (byte) (seed * (1 + i / Scene.BLOCK));
        }
        return pattern;
    }

    private static byte[] slice(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static SimAttempt only(List<SimAttempt> attempts) {
        assertThat(attempts).hasSize(1);
        return attempts.get(0);
    }
}
