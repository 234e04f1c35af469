package io.mpath;

import static io.mpath.DataPathBench.BLOCK;
import static io.mpath.DataPathBench.bytes;
import static io.mpath.DataPathBench.data;
import static io.mpath.DataPathBench.room;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DataPathBench.Ending;
import io.mpath.path.Certainty;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;
import io.mpath.sim.SimAnswer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Corners in which a request could be lost, or end as another. */
class EndsOnceTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    /** It finds the device full before it is closed, and reaches the control loop after. */
    @Test
    void requestThatFoundTheDeviceFullJustBeforeItsEndIsAnswered() {
        var settings = DeviceSettings.defaults().withMaxInFlight(1).withCloseTimeout(Duration.ofSeconds(1));
        var bench = new DataPathBench(1, settings);
        bench.path(0).answer(SimAnswer.hang());
        Ending first = bench.submit(IoRequest.create().read(0, room(1)));

        CompletableFuture<Void> closing = bench.device.closeAsync();
        IoFuture late = bench.device.read(0, room(1));
        bench.runFor(LONG);

        assertThat(closing).isCompleted();
        assertThat(first.once()).isEqualTo(IoStatus.CLOSED);

        assertThat(late).isCompletedExceptionally();
        assertThat(late.handle((nothing, failure) -> ((DeviceIoException) failure).status()))
                .isCompletedWithValue(IoStatus.CLOSED);
    }

    @Test
    void requestThatEndsInsideASubmitThatThrowsHasEnded() {
        var bench = new DataPathBench(0);
        var path = new ScriptedPath("broken", new PathDescription(DeviceId.named("b"), DataPathBench.GEOMETRY), io -> {
            io.complete(io.tag());
            throw new IllegalStateException("after the end");
        });
        bench.world.await(bench.registry.offer(path));
        bench.runUntilIdle();

        Ending ending =
                bench.submit(bench.registry.devices().get(0), IoRequest.create().read(0, room(1)));
        bench.runUntilIdle();

        assertThat(ending.once()).isEqualTo(IoStatus.SUCCESS);
    }

    /** The control loop has seen both in their slots; the end of the first lets the second go, and be sent elsewhere. */
    @Test
    void requestThatWentToAnotherDeviceDoesNotEndWithTheOneItLeft() {
        var settings = DeviceSettings.defaults().withCloseTimeout(Duration.ofSeconds(1));
        var bench = new DataPathBench(
                1, settings, DataPathBench.GEOMETRY, environment -> environment.withCompletions(Runnable::run));
        MultipathDevice elsewhere = bench.another("elsewhere");
        bench.path(0).answer(SimAnswer.hang());
        bench.array.path("p0", "elsewhere").answer(SimAnswer.hang());
        IoRequest moves = IoRequest.create().read(0, room(1));
        Ending atElsewhere = new Ending();

        bench.device.submit(IoRequest.create()
                .read(0, room(1))
                .onComplete((first, status) -> bench.path(0).underWay().get(1).complete()));
        bench.device.submit(moves.onComplete((ended, status) -> {
            moves.read(0, room(1)).onComplete(atElsewhere);
            elsewhere.submit(moves);
        }));
        CompletableFuture<Void> closing = bench.device.closeAsync();
        bench.runFor(Duration.ofSeconds(2));
        assertThat(closing).isCompleted();
        assertThat(atElsewhere.pending()).isTrue();

        bench.array.path("p0", "elsewhere").underWay().forEach(attempt -> attempt.complete());
        bench.runUntilIdle();
        assertThat(atElsewhere.once()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void replayResumesBehindWhatIsDone() {
        var bench = new DataPathBench(2);
        bench.path(0).next(1, SimAnswer.fail(lostAfter(2 * BLOCK + 100)));
        Ending ending = bench.submit(IoRequest.create().write(4 * BLOCK, data(1, 4)));
        bench.runUntilIdle();

        assertThat(ending.once()).isEqualTo(IoStatus.SUCCESS);
        var replay = bench.path(1).attempts().get(0);
        assertThat(replay.offset()).isEqualTo(6 * BLOCK);
        assertThat(replay.length()).isEqualTo(2 * BLOCK);
        assertThat(bench.disk().contents(6 * BLOCK, 2 * BLOCK))
                .isEqualTo(Arrays.copyOfRange(bytes(1, 4), 2 * BLOCK, 4 * BLOCK));
    }

    /** To most devices a length of nothing means something else. */
    @Test
    void replayOfWhatIsDoneAltogetherIsStillOverSomething() {
        var bench = new DataPathBench(2);
        bench.path(0).next(1, SimAnswer.fail(lostAfter(4 * BLOCK)));
        Ending ending = bench.submit(IoRequest.create().write(0, data(1, 4)));
        bench.runUntilIdle();

        assertThat(ending.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(bench.path(1).attempts()).hasSize(1).allMatch(attempt -> attempt.length() >= BLOCK);
    }

    private static PathFailure lostAfter(long doneBytes) {
        return new PathFailure(Verdict.FAIL_OVER, Certainty.TERMINATED, IoStatus.PATH_ERROR, "lost", 0, doneBytes, 0);
    }
}
