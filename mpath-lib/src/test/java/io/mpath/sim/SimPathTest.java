package io.mpath.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.path.Abortable;
import io.mpath.path.Certainty;
import io.mpath.path.DevicePath;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimPathTest {
    private static final int BLOCK = 512;
    private static final PathFailure LOST = PathFailure.failOver(Certainty.UNKNOWN, "connection lost");

    private final SimWorld world = SimWorld.seeded(1);
    private final RecordingControl control = new RecordingControl(world.environment());
    private final SimDisk disk = new SimDisk(DeviceId.named("disk"), Geometry.of(1 << 20, BLOCK));
    private final SimPort port = SimPort.in(world, new PathPort("c0"));
    private final SimPath path = new SimPath("c0.disk", port, disk);
    private final DevicePath open = path.open();
    private final PathQueue queue = open.openQueue(QueueKind.SHARED);
    private final byte[] data = ContractBench.pattern(BLOCK, 1);

    SimPathTest() {
        open.attach(control);
    }

    private ProbeIo write(long offset) {
        return new ProbeIo(IoOperation.WRITE, offset, BLOCK, data, BLOCK);
    }

    private static ProbeIo read() {
        return new ProbeIo(IoOperation.READ, 0, BLOCK, new byte[BLOCK], BLOCK);
    }

    private ProbeIo submitted(ProbeIo io) {
        assertThat(queue.submit(io)).isTrue();
        return io;
    }

    @Test
    void attemptEndsOnThePortsThreadAfterTheLatency() {
        path.latency(Duration.ofMillis(3));
        ProbeIo io = submitted(write(0));
        world.runFor(Duration.ofMillis(2));
        assertThat(io.ended()).isFalse();
        assertThat(disk.executed()).isZero();

        world.runFor(Duration.ofMillis(1));
        assertThat(io.ended()).isTrue();
        assertThat(disk.contents(0, BLOCK)).isEqualTo(data);
        assertThat(disk.executions())
                .containsExactly(new SimDisk.Execution(3_000_000, "c0.disk", IoOperation.WRITE, 0, BLOCK, io.tag()));
    }

    @Test
    void latenciesAreDrawnFromTheirRange() {
        path.latency(Duration.ofMillis(1), Duration.ofMillis(9));
        List<Long> ends = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            long start = world.nanos();
            ProbeIo io = submitted(read());
            world.runUntil(io::ended, Duration.ofSeconds(1));
            ends.add(world.nanos() - start);
        }

        assertThat(ends)
                .allMatch(took -> took >= 1_000_000 && took <= 9_000_000)
                .doesNotHaveDuplicates();
    }

    @Test
    void nextAttemptsFailAsToldAndLaterOnesSucceed() {
        path.next(2, SimAnswer.fail(LOST));
        List<ProbeIo> all = List.of(submitted(write(0)), submitted(write(0)), submitted(write(0)));
        world.runUntilIdle();

        assertThat(all).extracting(io -> io.failure() == null).containsExactly(false, false, true);
        assertThat(disk.executed()).isOne();
        assertThat(path.submitted()).isEqualTo(3);
        assertThat(path.attempts()).extracting(SimAttempt::landed).containsExactly(false, false, true);
    }

    @Test
    void lossesAreNumberedSoThatAFenceCanNameThem() {
        path.answer(SimAnswer.fail(LOST));
        ProbeIo first = submitted(write(0));
        ProbeIo second = submitted(write(0));
        world.runUntilIdle();
        path.fence();

        assertThat(first.failure()).extracting(PathFailure::fenceEpoch).isEqualTo(1L);
        assertThat(second.failure()).extracting(PathFailure::fenceEpoch).isEqualTo(2L);
        assertThat(control.fencedEpoch()).isEqualTo(2);
    }

    @Test
    void ghostWriteLandsAfterItWasReportedLostWithTheDataItHadThen() {
        byte[] original = data.clone();
        path.next(1, SimAnswer.fail(LOST).landingLate(Duration.ofSeconds(40)));
        ProbeIo ghost = submitted(write(0));
        world.runUntilIdle();
        assertThat(ghost.failure()).isNotNull();
        assertThat(world.nanos()).isZero();

        world.runFor(Duration.ofSeconds(39));
        assertThat(disk.contents(0, BLOCK)).containsOnly(0);
        world.runFor(Duration.ofSeconds(1));
        assertThat(disk.contents(0, BLOCK)).isEqualTo(original);
    }

    @Test
    void attemptMayTakeEffectAndStillFail() {
        path.next(1, SimAnswer.fail(LOST).landingAtEnd());
        path.next(1, SimAnswer.fail(LOST).landingAtSubmit());
        submitted(write(0));
        ProbeIo atOnce = submitted(write(BLOCK));
        assertThat(disk.executions()).extracting(SimDisk.Execution::tag).containsExactly(atOnce.tag());
        world.runUntilIdle();

        assertThat(disk.executed()).isEqualTo(2);
        assertThat(atOnce.failure()).isNotNull();
    }

    @Test
    void hungAttemptWaitsForTheScript() {
        path.answer(SimAnswer.hang());
        ProbeIo succeeds = submitted(write(0));
        ProbeIo fails = submitted(write(BLOCK));
        world.runFor(Duration.ofDays(1));
        assertThat(succeeds.ended()).isFalse();

        path.underWay().get(0).complete();
        path.underWay().get(0).fail(LOST);
        assertThat(succeeds.failure()).isNull();
        assertThat(fails.failure()).extracting(PathFailure::cause).isEqualTo("connection lost");
        assertThat(path.underWay()).isEmpty();
    }

    @Test
    void attemptIsAbortedOnlyByAPathThatCan() {
        path.answer(SimAnswer.hang());
        ProbeIo io = submitted(write(0));
        var abortable = (Abortable) queue;
        abortable.abort(io, io.tag());
        assertThat(io.ended()).isFalse();

        path.aborts(true);
        abortable.abort(io, io.tag() + 1);
        assertThat(io.ended()).isFalse();
        abortable.abort(io, io.tag());
        assertThat(io.failure()).extracting(PathFailure::certainty).isEqualTo(Certainty.TERMINATED);
    }

    @Test
    void attemptMayEndInsideSubmit() {
        path.answer(SimAnswer.succeed().inSubmit());

        assertThat(submitted(write(0)).ended()).isTrue();
    }

    @Test
    void duplicateEndIsReported() {
        path.answer(SimAnswer.succeed().twice());
        ProbeIo io = submitted(write(0));
        world.runUntilIdle();

        assertThat(io.misdeeds(true)).singleElement().asString().contains("ended 2 times");
    }

    @Test
    void fullPathRefusesAndTellsOfRoomWhenThereIsSome() {
        path.capacity(1).latency(Duration.ofMillis(1));
        submitted(read());
        assertThat(queue.submit(read())).isFalse();
        assertThat(control.rooms()).isZero();
        world.runUntilIdle();

        assertThat(control.rooms()).isOne();
        submitted(read());
    }

    @Test
    void scriptedRefusalTellsOfRoomToo() {
        path.next(1, SimAnswer.refuse());
        assertThat(queue.submit(read())).isFalse();
        world.runUntilIdle();

        assertThat(control.rooms()).isOne();
        assertThat(path.submitted()).isZero();
    }

    @Test
    void submitThrowsWhenTheScriptSaysSo() {
        path.next(1, SimAnswer.breakContract());

        assertThatThrownBy(() -> queue.submit(read())).isInstanceOf(IllegalStateException.class);
        assertThat(path.underWay()).isEmpty();
    }

    @Test
    void scriptSeesTheAttempt() {
        path.script(attempt -> attempt.offset() == 0 ? SimAnswer.fail(LOST) : SimAnswer.succeed());
        ProbeIo first = submitted(write(0));
        ProbeIo second = submitted(write(BLOCK));
        world.runUntilIdle();

        assertThat(first.failure()).isNotNull();
        assertThat(second.failure()).isNull();
    }

    @Test
    void confinedQueueEndsAttemptsWhenPolled() {
        PathQueue confined = open.openQueue(QueueKind.CONFINED);
        path.next(1, SimAnswer.succeed().inSubmit());
        ProbeIo io = write(0);
        confined.submit(io);
        world.runUntilIdle();
        assertThat(io.ended()).isFalse();

        assertThat(confined.poll()).isOne();
        assertThat(io.ended()).isTrue();
        assertThat(confined.poll()).isZero();
    }

    @Test
    void pulledPortLosesWhatIsUnderWayAndRefusesTheRest() {
        path.answer(SimAnswer.hang());
        ProbeIo lost = submitted(write(0));
        port.pull();
        ProbeIo refused = submitted(write(0));
        world.runUntilIdle();

        assertThat(control.livenesses()).containsExactly(Liveness.LIVE, Liveness.CONNECTING);
        assertThat(lost.failure()).extracting(PathFailure::certainty).isEqualTo(Certainty.UNKNOWN);
        assertThat(refused.failure()).extracting(PathFailure::certainty).isEqualTo(Certainty.NOT_EXECUTED);

        path.answer(SimAnswer.succeed());
        port.putBack();
        ProbeIo served = submitted(write(0));
        world.runUntilIdle();
        assertThat(control.livenesses()).endsWith(Liveness.LIVE);
        assertThat(served.failure()).isNull();
    }

    @Test
    void vanishedPathReportsItAndLosesWhatIsUnderWay() {
        path.answer(SimAnswer.hang());
        ProbeIo io = submitted(write(0));
        path.vanish();

        assertThat(control.isGone()).isTrue();
        assertThat(io.failure()).extracting(PathFailure::certainty).isEqualTo(Certainty.UNKNOWN);
    }

    @Test
    void closedPathRefusesAndClosesWhenTheLastAttemptHasEnded() {
        List<String> closed = new ArrayList<>();
        path.answer(SimAnswer.hang());
        submitted(write(0));
        open.close(() -> closed.add("closed"));
        ProbeIo late = submitted(write(0));
        world.runUntilIdle();
        assertThat(late.failure()).extracting(PathFailure::certainty).isEqualTo(Certainty.NOT_EXECUTED);
        assertThat(closed).isEmpty();

        path.underWay().get(0).complete();
        world.runUntilIdle();
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void closedCandidateOpensAgain() {
        open.close(() -> {});
        DevicePath again = path.open();
        again.attach(control);
        ProbeIo io = write(0);

        assertThat(again.openQueue(QueueKind.SHARED).submit(io)).isTrue();
        world.runUntilIdle();
        assertThat(io.failure()).isNull();
    }

    @Test
    void descriptionSaysWhatTheScriptSays() {
        assertThat(open.describe()).isEqualTo(disk.description());
        path.describeIdentity(DeviceId.named("other"));
        assertThat(open.describe().id()).isEqualTo(DeviceId.named("other"));
        path.describeGeometry(Geometry.of(BLOCK, BLOCK));
        assertThat(open.describe().geometry().sizeBytes()).isEqualTo(BLOCK);
        path.describeAttributes(Map.of("serial", "2"));
        assertThat(open.describe().attributes()).containsEntry("serial", "2");
        path.describeFails("silence");
        assertThatThrownBy(open::describe)
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("silence");
        path.describe(null);
        disk.resize(2 << 20);
        assertThat(open.describe().geometry().sizeBytes()).isEqualTo(2 << 20);
    }

    @Test
    void candidateSaysWhatTheScriptSays() {
        path.notCapable("one port only").optOut("removable").transport("ata").openFails("busy");

        assertThat(path.notCapable()).contains("one port only");
        assertThat(path.optOut()).contains("removable");
        assertThat(path.transport()).isEqualTo("ata");
        assertThatThrownBy(path::open).isInstanceOf(MultipathException.class).hasMessageContaining("busy");
    }

    @Test
    void unsupportedOperationIsTyped() {
        ProbeIo io = submitted(new ProbeIo(IoOperation.DISCARD, 0, BLOCK, new byte[0]));
        world.runUntilIdle();

        assertThat(io.failure()).extracting(PathFailure::status).isEqualTo(IoStatus.UNSUPPORTED);
    }

    @Test
    void pathThatIsNotReadyDoesNotReportSo() {
        var later = new SimPath("c0.later", port, disk).notReady("state not read");
        var heard = new ProbeControl(world.environment());
        later.open().attach(heard);
        assertThat(heard.isReady()).isFalse();

        later.ready();
        assertThat(heard.isReady()).isTrue();
    }
}
