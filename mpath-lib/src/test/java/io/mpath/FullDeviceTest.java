package io.mpath;

import static io.mpath.DataPathBench.BLOCK;
import static io.mpath.DataPathBench.data;
import static io.mpath.DataPathBench.room;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DataPathBench.Ending;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimAttempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More requests than the device takes at once, and more than a path has room for. */
class FullDeviceTest {
    private static final int LIMIT = 8;
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final DataPathBench bench =
            new DataPathBench(2, DeviceSettings.defaults().withMaxInFlight(LIMIT));

    @Test
    void callbackFormFailsFastBeyondTheLimitAndSendsNothing() {
        fill();
        IoRequest beyond = IoRequest.create().write(0, data(1, 1));
        Ending ending = bench.submit(beyond);

        assertThat(ending.once()).isEqualTo(IoStatus.QUEUE_FULL);
        assertThat(beyond.effect()).isEqualTo(Effect.NONE);
        assertThat(beyond.failure()).hasMessageContaining("as many requests as it takes at once");
        assertThat(underWay()).hasSize(LIMIT);
    }

    /** Negative control: the last within the limit is taken. */
    @Test
    void limitItselfIsTaken() {
        List<Ending> endings = fill();
        assertThat(endings).allMatch(Ending::pending);
        finishAll();
        assertThat(endings).allMatch(ending -> ending.once() == IoStatus.SUCCESS);
    }

    @Test
    void futuresBeyondTheLimitWaitInOrderAndAreServedAsSoonAsThereIsRoom() {
        fill();
        List<IoFuture> futures = IntStream.range(0, 100)
                .mapToObj(i -> bench.device.write((long) i * BLOCK, data(i, 1)))
                .toList();
        bench.runUntilIdle();
        assertThat(futures).noneMatch(IoFuture::isDone);
        assertThat(bench.device.snapshot().waiting()).isEqualTo(100);

        bench.path(0).answer(SimAnswer.succeed());
        underWay().forEach(SimAttempt::complete);
        bench.runFor(MOMENT);

        assertThat(futures).allMatch(IoFuture::isDone);
        assertThat(bench.path(0).attempts().stream().skip(LIMIT).map(SimAttempt::offset))
                .hasSize(100)
                .isSorted();
    }

    /** It takes its place again in the callback of each, before the control loop can have handed it on. */
    @Test
    void futureIsNotOvertakenForEverByWhoSubmitsAgainAtOnce() {
        var narrow = new DataPathBench(1, DeviceSettings.defaults().withMaxInFlight(1));
        narrow.path(0).latency(Duration.ofNanos(10_000));
        IoRequest again = IoRequest.create();
        List<IoStatus> statuses = new ArrayList<>();
        narrow.device.submit(again.read(0, room(1)).onComplete((request, status) -> {
            statuses.add(status);
            if (status == IoStatus.SUCCESS) {
                narrow.device.submit(again.read(0, room(1)));
            }
        }));
        IoFuture patient = narrow.device.read(0, room(1));
        narrow.runFor(Duration.ofSeconds(1));

        assertThat(patient).isCompleted();
        assertThat(statuses).endsWith(IoStatus.QUEUE_FULL);
    }

    @Test
    void closedDeviceAnswersThoseThatWaitForAPlace() {
        fill();
        IoFuture waits = bench.device.read(0, room(1));
        bench.runUntilIdle();
        CompletableFuture<Void> closing = bench.device.closeAsync();
        bench.runUntilIdle();
        assertThat(closing).as("a path still has requests").isNotDone();
        assertThat(waits).isCompletedExceptionally();
    }

    @Test
    void waitForAPlaceEndsAtTheDeadline() {
        var quick = new DataPathBench(
                1, DeviceSettings.defaults().withMaxInFlight(1).withRequestTimeout(Duration.ofSeconds(1)));
        quick.path(0).answer(SimAnswer.hang());
        quick.submit(IoRequest.create().read(0, room(1)).timeout(Duration.ofHours(1)));
        IoFuture waits = quick.device.write(0, data(1, 1));
        quick.runFor(Duration.ofMillis(1200));
        assertThat(waits.handle((nothing, failure) -> ((DeviceIoException) failure)))
                .isCompletedWithValueMatching(
                        failure -> failure.status() == IoStatus.TIMED_OUT && failure.effect() == Effect.NONE);
    }

    @Test
    void refusedRequestsParkInOrderUntilThePathHasRoom() {
        var one = new DataPathBench(1);
        one.path(0).capacity(2).latency(MOMENT);
        List<Ending> endings = IntStream.range(0, 50)
                .mapToObj(i -> one.submit(IoRequest.create().write((long) i * BLOCK, data(i, 1))))
                .toList();
        assertThat(endings).allMatch(Ending::pending);
        one.runFor(Duration.ofMillis(30));

        assertThat(endings).allMatch(ending -> ending.once() == IoStatus.SUCCESS);
        assertThat(one.path(0).attempts().stream().map(SimAttempt::offset))
                .hasSize(50)
                .isSorted();
    }

    @Test
    void requestRefusedByOnePathIsGivenToAnotherThatHasRoom() {
        bench.path(0).capacity(0);
        Ending ending = bench.submit(IoRequest.create().read(0, room(1)));
        bench.runUntilIdle();
        assertThat(ending.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(bench.path(1).submitted()).isEqualTo(1);
        assertThat(bench.device.snapshot().paths())
                .allMatch(path -> path.usable() && path.counters().errors() == 0);
    }

    /** A path that forgets to tell of its room is asked again at the next tick. */
    @Test
    void roomThatIsNotToldOfIsFoundAtTheNextTick() {
        var one = new DataPathBench(1);
        one.path(0).capacity(0);
        Ending ending = one.submit(IoRequest.create().read(0, room(1)));
        one.runUntilIdle();
        assertThat(ending.pending()).isTrue();
        one.path(0).capacity(1);
        one.runFor(DeviceSettings.tick());
        assertThat(ending.once()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void requestParkedForRoomEndsAtItsDeadline() {
        var one = new DataPathBench(1);
        one.path(0).capacity(0);
        Ending ending = one.submit(IoRequest.create().write(0, data(1, 1)).timeout(Duration.ofSeconds(1)));
        one.runFor(Duration.ofMillis(1100));
        assertThat(ending.once()).isEqualTo(IoStatus.TIMED_OUT);
        assertThat(one.path(0).submitted()).isZero();
    }

    private List<Ending> fill() {
        bench.path(0).answer(SimAnswer.hang());
        return IntStream.range(0, LIMIT)
                .mapToObj(i -> bench.submit(IoRequest.create().read(0, room(1))))
                .toList();
    }

    private void finishAll() {
        underWay().forEach(SimAttempt::complete);
        bench.runUntilIdle();
    }

    private List<SimAttempt> underWay() {
        return bench.path(0).underWay();
    }
}
