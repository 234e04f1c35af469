package io.mpath;

import static io.mpath.DataPathBench.data;
import static io.mpath.DataPathBench.room;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mpath.DataPathBench.Ending;
import io.mpath.sim.SimAnswer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** When requests that nobody answers end, and as what. */
class DeadlineTest {
    private static final Duration TIMEOUT = Duration.ofMillis(730);
    private static final Duration TWO_TICKS = DeviceSettings.tick().multipliedBy(2);
    private static final Duration MOMENT = Duration.ofNanos(1);

    private final DataPathBench bench = new DataPathBench(1);

    @Test
    void requestEndsNotBeforeItsTimeoutAndAtMostTwoTicksAfter() {
        bench.path(0).answer(SimAnswer.hang());
        for (int i = 0; i < 60; i++) {
            Ending ending = bench.submit(IoRequest.create().read(0, room(1)).timeout(TIMEOUT));
            bench.runFor(TIMEOUT.minus(MOMENT));
            assertThat(ending.pending()).isTrue();
            bench.runFor(TWO_TICKS.plus(MOMENT));
            assertThat(ending.once()).isEqualTo(IoStatus.TIMED_OUT);
            bench.path(0).underWay().forEach(attempt -> attempt.complete());
            bench.runFor(Duration.ofMillis(7));
        }
    }

    /** The clock that requests are stamped with stood still for a second when the request came. */
    @Test
    void lateControlLoopDoesNotEndARequestBeforeItsTimeout() {
        bench.path(0).answer(SimAnswer.hang());
        bench.world.advance(Duration.ofSeconds(1));
        Ending ending = bench.submit(IoRequest.create().read(0, room(1)).timeout(TIMEOUT));
        bench.runFor(TIMEOUT.minus(MOMENT));
        assertThat(ending.pending()).isTrue();
        bench.runFor(TWO_TICKS);
        assertThat(ending.once()).isEqualTo(IoStatus.TIMED_OUT);
    }

    @Test
    void requestWithoutATimeoutOfItsOwnHasTheDevices() {
        var quick = new DataPathBench(1, DeviceSettings.defaults().withRequestTimeout(TIMEOUT));
        quick.path(0).answer(SimAnswer.hang());
        Ending ending = quick.submit(IoRequest.create().read(0, room(1)));
        quick.runFor(TIMEOUT.minus(MOMENT));
        assertThat(ending.pending()).isTrue();
        quick.runFor(TWO_TICKS.plus(MOMENT));
        assertThat(ending.once()).isEqualTo(IoStatus.TIMED_OUT);
    }

    /** Negative control: what is answered in time does not time out. */
    @Test
    void answerJustInTimeCounts() {
        bench.path(0).latency(TIMEOUT.minus(MOMENT));
        Ending ending = bench.submit(IoRequest.create().read(0, room(1)).timeout(TIMEOUT));
        bench.runFor(Duration.ofSeconds(2));
        assertThat(ending.once()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void lostReadHasNoEffectAndALostWriteMayStillHaveOne() {
        bench.path(0).answer(SimAnswer.hang());
        IoRequest read = IoRequest.create().read(0, room(1)).timeout(TIMEOUT);
        IoRequest write = IoRequest.create().write(0, data(1, 1)).timeout(TIMEOUT);
        Ending readEnding = bench.submit(read);
        Ending writeEnding = bench.submit(write);
        bench.runFor(TIMEOUT.plus(TWO_TICKS));

        assertThat(readEnding.once()).isEqualTo(IoStatus.TIMED_OUT);
        assertThat(read.effect()).isEqualTo(Effect.NONE);
        assertThat(read.failure()).hasMessageContaining("deadline").hasMessageContaining("read of 512 bytes at 0");
        assertThat(writeEnding.once()).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
        assertThat(write.effect()).isEqualTo(Effect.MAY_STILL_HAPPEN);
    }

    @Test
    void buffersAreInUseUntilTheLateEndAndTheRequestIsNobodysUntilThen() {
        bench.path(0).answer(SimAnswer.hang());
        IoRequest request = IoRequest.create().read(0, room(1)).timeout(TIMEOUT);
        Ending ending = bench.submit(request);
        bench.runFor(TIMEOUT.plus(TWO_TICKS));
        assertThat(ending.inUseWhenTold).isTrue();
        assertThat(request.buffersInUse()).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> request.flush())
                .withMessageContaining("buffers are still in use");

        bench.path(0).underWay().get(0).complete();
        bench.runUntilIdle();
        assertThat(ending.releases).isEqualTo(1);
        assertThat(request.buffersInUse()).isFalse();
        assertThat(ending.once()).isEqualTo(IoStatus.TIMED_OUT);
        request.flush();
        assertThat(bench.device.snapshot().counters().lateCompletions()).isEqualTo(1);
    }

    @Test
    void futureIsReleasedSeparately() {
        var quick = new DataPathBench(1, DeviceSettings.defaults().withRequestTimeout(TIMEOUT));
        quick.path(0).answer(SimAnswer.hang());
        IoFuture read = quick.device.read(0, room(1));
        CompletableFuture<Void> released = read.buffersReleased().toCompletableFuture();
        quick.runFor(TIMEOUT.plus(TWO_TICKS));
        assertThat(read).isCompletedExceptionally();
        assertThat(released).isNotDone();

        quick.path(0).underWay().get(0).complete();
        quick.runUntilIdle();
        assertThat(released).isCompleted();
    }

    @Test
    void abandonedRequestKeepsItsPlaceInTheDeviceUntilThePathLetsGo() {
        var narrow = new DataPathBench(1, DeviceSettings.defaults().withMaxInFlight(1));
        narrow.path(0).answer(SimAnswer.hang());
        narrow.submit(IoRequest.create().read(0, room(1)).timeout(TIMEOUT));
        narrow.runFor(TIMEOUT.plus(TWO_TICKS));
        assertThat(narrow.submit(IoRequest.create().read(0, room(1))).once()).isEqualTo(IoStatus.QUEUE_FULL);

        narrow.path(0).underWay().get(0).complete();
        narrow.runUntilIdle();
        narrow.path(0).answer(SimAnswer.succeed());
        Ending next = narrow.submit(IoRequest.create().read(0, room(1)));
        narrow.runUntilIdle();
        assertThat(next.once()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void waitingRequestTimesOutWithNothingInUse() {
        bench.array.port("p0").liveness(Liveness.CONNECTING);
        bench.runUntilIdle();
        IoRequest write = IoRequest.create().write(0, data(1, 1)).timeout(TIMEOUT);
        Ending ending = bench.submit(write);
        bench.runFor(TIMEOUT.plus(TWO_TICKS));
        assertThat(ending.once()).isEqualTo(IoStatus.TIMED_OUT);
        assertThat(ending.inUseWhenTold).isFalse();
        assertThat(write.effect()).isEqualTo(Effect.NONE);
    }

    /** Those that wait for a place in the device wait for the path just as those that have one. */
    @Test
    void unboundedWaitForAPathOutlastsTheDevicesTimeoutAndNotTheRequests() {
        var settings = DeviceSettings.defaults()
                .withMaxInFlight(1)
                .withRequestTimeout(TIMEOUT)
                .withNoPath(NoPathPolicy.queueForever());
        var patient = new DataPathBench(1, settings);
        patient.array.port("p0").liveness(Liveness.CONNECTING);
        patient.runUntilIdle();
        IoFuture first = patient.device.read(0, room(1));
        IoFuture beyondTheLimit = patient.device.read(0, room(1));
        patient.runFor(TIMEOUT.multipliedBy(5));
        assertThat(first).isNotDone();
        assertThat(beyondTheLimit).isNotDone();

        patient.array.port("p0").putBack();
        patient.runFor(TWO_TICKS);
        assertThat(first).isCompleted();
        assertThat(beyondTheLimit).isCompleted();

        patient.array.port("p0").liveness(Liveness.CONNECTING);
        patient.runUntilIdle();
        Ending own = patient.submit(IoRequest.create().read(0, room(1)).timeout(TIMEOUT));
        patient.runFor(TIMEOUT.plus(TWO_TICKS));
        assertThat(own.once()).isEqualTo(IoStatus.TIMED_OUT);
    }

    @Test
    void absurdTimeoutIsNever() {
        bench.path(0).answer(SimAnswer.hang());
        Ending ending = bench.submit(IoRequest.create().read(0, room(1)).timeout(Duration.ofSeconds(Long.MAX_VALUE)));
        bench.runFor(Duration.ofMinutes(10));
        assertThat(ending.pending()).isTrue();
    }
}
