package io.mpath.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Effect;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.NoPathPolicy;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import io.mpath.path.Verdict;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimAttempt;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests in several pieces or with a history: their outcome must tell the worst that any attempt may have left behind. */
@ParameterizedClass
@EnumSource(Via.class)
class RequestTruthTest {
    private static final int LIMIT_BLOCKS = Scene.LIMIT / Scene.BLOCK;
    private static final PathFailure LOST = PathFailure.failOver(Certainty.UNKNOWN, "lost");

    @Parameter
    Via via;

    @Test
    void positionsStayWhenOnePieceOfSeveralFails() {
        var scene = via.with("a");
        scene.path("a")
                .script(attempt -> attempt.offset() == 0
                        ? SimAnswer.succeed()
                        : SimAnswer.fail(PathFailure.fail(IoStatus.MEDIUM_ERROR, "bad block")));
        Told write = scene.request().write(0, 2 * LIMIT_BLOCKS, 7).submit(scene.device());
        scene.idle();

        assertThat(write.status).isEqualTo(IoStatus.MEDIUM_ERROR);
        assertThat(write.effect).isEqualTo(Effect.MAY_HAVE_HAPPENED);
        assertThat(write.buffer.position()).isZero();
    }

    @Test
    void positionsAdvanceWhenAllPiecesSucceed() {
        var scene = via.with("a");
        Told write = scene.request().write(0, 3 * LIMIT_BLOCKS, 7).submit(scene.device());
        scene.idle();

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(write.buffer.remaining()).isZero();
        assertThat(scene.disk().contents(0, 3 * Scene.LIMIT)).isEqualTo(Told.bytes(3 * LIMIT_BLOCKS, 7));
    }

    @Test
    void lostPieceIsToldAlthoughAnEarlierPieceFailedForCertain() {
        var scene = via.with("a");
        scene.path("a")
                .script(attempt -> attempt.offset() == 0
                        ? SimAnswer.fail(PathFailure.fail(IoStatus.MEDIUM_ERROR, "bad block"))
                        : SimAnswer.fail(LOST));
        Told write = scene.request()
                .write(0, 2 * LIMIT_BLOCKS, 7)
                .timeout(Duration.ofSeconds(1))
                .submit(scene.device());
        scene.pass(Duration.ofSeconds(2));

        assertThat(write.status).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
        assertThat(write.effect).isEqualTo(Effect.MAY_STILL_HAPPEN);
    }

    @Test
    void effectOfAFailedAttemptOutlivesTheSplittingOfItsReplay() {
        var scene = via.with(Scene.waiting(NoPathPolicy.fail()), "a");
        scene.path("a").answer(SimAnswer.hang());
        Told write = scene.request().write(0, LIMIT_BLOCKS, 7).submit(scene.device());
        scene.idle();
        scene.array.withPort(new PathPort("b"));
        scene.path("b").describeGeometry(shortTransfers());
        scene.await(scene.offer("b"));
        scene.idle();
        scene.path("b").answer(SimAnswer.fail(PathFailure.failOver(Certainty.NOT_EXECUTED, "refused")));

        onlyAttempt(scene, "a").fail(PathFailure.failOver(Certainty.TERMINATED, "aborted half way"));
        scene.idle();

        assertThat(scene.path("b").submitted())
                .as("the replay goes out in pieces")
                .isPositive();
        assertThat(write.status).isEqualTo(IoStatus.NO_PATH);
        assertThat(write.effect).isEqualTo(Effect.MAY_HAVE_HAPPENED);
    }

    @Test
    void completionInsideASubmitThatThenThrowsStillEndsTheRequest() {
        var scene = Scene.with("a");
        scene.path("a").script(attempt -> {
            attempt.complete();
            throw new IllegalStateException("as broken paths do");
        });
        Told read = scene.read(0);
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(read.ends).isOne();
    }

    @Test
    void failureThatClaimsEverythingDoneIsReplayedWhole() {
        var scene = via.with("a", "b");
        scene.path("a").next(1, SimAnswer.fail(residual(Certainty.TERMINATED, Scene.BLOCK)));
        scene.path("b").next(1, SimAnswer.fail(residual(Certainty.TERMINATED, Scene.BLOCK)));
        Told write = scene.write(3, 9);
        scene.pass(Duration.ofSeconds(1));

        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.disk().executions())
                .extracting(execution -> execution.length())
                .containsExactly((long) Scene.BLOCK);
        assertThat(scene.disk().contents(3 * Scene.BLOCK, Scene.BLOCK)).isEqualTo(Told.bytes(1, 9));
    }

    @Test
    void compareAndWriteIsReplayedWholeWhateverItsFailureClaimsDone() {
        var scene = via.with("a", "b");
        scene.path("a").next(1, SimAnswer.fail(residual(Certainty.NOT_EXECUTED, Scene.BLOCK)));
        scene.path("b").next(1, SimAnswer.fail(residual(Certainty.NOT_EXECUTED, Scene.BLOCK)));
        Told swap = scene.request();
        swap.request.compareAndWrite(0, Told.filled(2, 0), Told.filled(2, 5));
        swap.submit(scene.device());
        scene.pass(Duration.ofSeconds(1));

        assertThat(swap.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.disk().contents(0, 2 * Scene.BLOCK)).isEqualTo(Told.bytes(2, 5));
    }

    @Test
    void requestThatFailsOnItsLastTryIsToldTheStatusItsPathGave() {
        var scene = via.with("a");
        scene.path("a")
                .answer(SimAnswer.fail(new PathFailure(
                        Verdict.FAIL_OVER, Certainty.TERMINATED, IoStatus.RESERVATION_CONFLICT, "fenced", 0, 0, 0)));
        Told command = scene.request().of(IoOperation.PASSTHROUGH, 0).submit(scene.device());
        scene.idle();

        assertThat(command.status).isEqualTo(IoStatus.RESERVATION_CONFLICT);
        assertThat(command.effect).isEqualTo(Effect.NONE);
    }

    private static PathFailure residual(Certainty certainty, long doneBytes) {
        return new PathFailure(Verdict.FAIL_OVER, certainty, IoStatus.PATH_ERROR, "residual", 0, doneBytes, 0);
    }

    private static Geometry shortTransfers() {
        return new Geometry(
                Scene.SIZE,
                Scene.BLOCK,
                Scene.BLOCK,
                Scene.LIMIT / 2,
                Scene.LIMIT,
                Scene.LIMIT,
                Scene.LIMIT,
                false,
                false);
    }

    private static SimAttempt onlyAttempt(Scene scene, String port) {
        List<SimAttempt> attempts = scene.path(port).underWay();
        assertThat(attempts).hasSize(1);
        return attempts.get(0);
    }
}
