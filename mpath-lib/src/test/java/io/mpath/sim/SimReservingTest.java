package io.mpath.sim;

import static io.mpath.reservation.ReservationKey.NONE;
import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.path.Certainty;
import io.mpath.path.DevicePath;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import io.mpath.path.QueueKind;
import io.mpath.path.Reservable;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Read;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationCommand.Reserve;
import io.mpath.path.ReservationReply;
import io.mpath.path.ReservationReply.Conflict;
import io.mpath.path.ReservationReply.Done;
import io.mpath.path.ReservationReply.NotExecuted;
import io.mpath.path.ReservationReply.Refused;
import io.mpath.path.ReservationReply.Unknown;
import io.mpath.path.Verdict;
import io.mpath.reservation.ReservationKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimReservingTest {
    private static final int BLOCK = 512;
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final PathFailure LOST = PathFailure.failOver(Certainty.UNKNOWN, "connection lost");
    private static final ReservationKey KEY = new ReservationKey(0xa);
    private static final ReservationKey OTHER_KEY = new ReservationKey(0xb);
    private static final SimNexus OTHER = new SimNexus("other", "z");
    private static final Register REGISTER = new Register(NONE, KEY, false, false);

    private final SimWorld world = SimWorld.seeded(1);
    private final RecordingControl control = new RecordingControl(world.environment());
    private final SimDisk disk = new SimDisk(DeviceId.named("disk"), Geometry.of(1 << 20, BLOCK));
    private final SimReservations reservations = disk.reservations();
    private final SimPort port = SimPort.in(world, new PathPort("a"));
    private final SimPath path = new SimPath("a.disk", port, disk);
    private final DevicePath open = path.open();
    private final byte[] data = ContractBench.pattern(BLOCK, 1);

    SimReservingTest() {
        open.attach(control);
    }

    private List<ReservationReply> send(ReservationCommand command) {
        List<ReservationReply> replies = new ArrayList<>();
        ((Reservable) open).reserve(command, replies::add);
        return replies;
    }

    private ReservationReply sent(ReservationCommand command) {
        List<ReservationReply> replies = send(command);
        world.runUntilIdle();
        assertThat(replies).hasSize(1);
        return replies.get(0);
    }

    private ProbeIo submit(IoOperation operation) {
        var io = new ProbeIo(operation, 0, BLOCK, data, BLOCK);
        assertThat(open.openQueue(QueueKind.SHARED).submit(io)).isTrue();
        return io;
    }

    private static IoStatus status(ProbeIo io) {
        PathFailure failure = io.failure();
        return failure == null ? IoStatus.SUCCESS : failure.status();
    }

    /** Another host registers and reserves, here and now. */
    private void otherReserves() {
        reservations.carryOut(OTHER, new Register(NONE, OTHER_KEY, false, false));
        assertThat(reservations.carryOut(OTHER, new Reserve(OTHER_KEY, EXCLUSIVE_ACCESS)))
                .isEqualTo(new Done());
    }

    /** Another host removes this path's registration, here and now. */
    private void otherPreempts(boolean abort) {
        reservations.carryOut(OTHER, new Register(NONE, OTHER_KEY, false, false));
        assertThat(reservations.carryOut(OTHER, new Preempt(OTHER_KEY, KEY, WRITE_EXCLUSIVE, abort)))
                .isEqualTo(new Done());
    }

    /** This path's host reserves, so that whoever preempts it keeps it out. */
    private void reserve() {
        assertThat(sent(REGISTER)).isEqualTo(new Done());
        assertThat(sent(new Reserve(KEY, WRITE_EXCLUSIVE))).isEqualTo(new Done());
    }

    @Test
    void pathIsKnownByItsHostAndPort() {
        sent(REGISTER);
        var sibling = new SimPath("b.disk", SimPort.in(world, new PathPort("b")), disk);
        var stranger = new SimPath("a.disk", port, disk).host("stranger");

        assertThat(reservations.key(path.nexus())).isEqualTo(KEY);
        assertThat(reservations.key(sibling.nexus())).isEqualTo(NONE);
        assertThat(reservations.key(stranger.nexus())).isEqualTo(NONE);
        assertThat(((Reservable) open).reservesPerNexus()).isTrue();
        assertThat(path.reserving().commands()).containsExactly(REGISTER);
    }

    @Test
    void commandTakesEffectAfterOneLatencyAndIsAnsweredAfterAnother() {
        path.reserving().latency(MILLI, MILLI);
        List<ReservationReply> replies = send(REGISTER);
        assertThat(reservations.key(path.nexus())).isEqualTo(NONE);
        world.runFor(MILLI);
        assertThat(reservations.key(path.nexus())).isEqualTo(KEY);
        assertThat(replies).isEmpty();

        world.runFor(MILLI);
        assertThat(replies).containsExactly(new Done());
    }

    @Test
    void answerTellsWhatWasTrueWhenTheCommandTookEffect() {
        path.reserving().latency(MILLI, MILLI);
        List<ReservationReply> replies = send(new Read());
        world.runFor(MILLI);
        var then = reservations.state();
        otherReserves();
        world.runFor(MILLI);

        assertThat(replies).containsExactly(new ReservationReply.Status(then));
    }

    @Test
    void diskRefusesThroughThePath() {
        otherReserves();
        sent(REGISTER);

        assertThat(sent(new Reserve(KEY, WRITE_EXCLUSIVE))).isInstanceOf(Conflict.class);
    }

    @Test
    void commandIsNotExecutedThroughAPortThatIsNotLive() {
        port.liveness(Liveness.DEAD);

        assertThat(sent(REGISTER)).isInstanceOf(NotExecuted.class);
        assertThat(reservations.key(path.nexus())).isEqualTo(NONE);
    }

    @Test
    void commandMayBeRefusedBeforeItIsExecuted() {
        path.reserving().next(1, SimReservationAnswer.notExecuted());
        path.reserving().next(1, SimReservationAnswer.reply(new Refused("hardware error")));
        assertThat(sent(REGISTER)).isInstanceOf(NotExecuted.class);
        assertThat(sent(REGISTER)).isEqualTo(new Refused("hardware error"));
        assertThat(reservations.key(path.nexus())).isEqualTo(NONE);

        assertThat(sent(REGISTER)).isEqualTo(new Done());
    }

    @Test
    void answerMayBeLostAfterTheCommandTookEffect() {
        path.reserving().answer(SimReservationAnswer.answerLost());

        assertThat(sent(REGISTER)).isInstanceOf(Unknown.class);
        assertThat(reservations.key(path.nexus())).isEqualTo(KEY);
    }

    @Test
    void commandMayBeLostForGood() {
        path.reserving().answer(SimReservationAnswer.lost());

        assertThat(sent(REGISTER)).isInstanceOf(Unknown.class);
        world.runFor(Duration.ofDays(1));
        assertThat(reservations.key(path.nexus())).isEqualTo(NONE);
    }

    @Test
    void lostCommandMayTakeEffectLater() {
        path.reserving().answer(SimReservationAnswer.late(Duration.ofSeconds(1)));
        assertThat(sent(REGISTER)).isInstanceOf(Unknown.class);
        assertThat(reservations.key(path.nexus())).isEqualTo(NONE);

        world.runFor(Duration.ofSeconds(1));
        assertThat(reservations.key(path.nexus())).isEqualTo(KEY);
    }

    @Test
    void fencedCommandTakesNoEffect() {
        path.reserving().answer(SimReservationAnswer.late(Duration.ofSeconds(1)));
        sent(REGISTER);
        path.fence();
        world.runFor(Duration.ofSeconds(1));

        assertThat(reservations.key(path.nexus())).isEqualTo(NONE);
    }

    @Test
    void hangingCommandIsAnsweredInItsTime() {
        path.reserving().answer(SimReservationAnswer.carryOut().hanging(Duration.ofSeconds(9)));
        List<ReservationReply> replies = send(REGISTER);
        world.runFor(Duration.ofSeconds(8));
        assertThat(replies).isEmpty();
        assertThat(reservations.key(path.nexus())).isEqualTo(KEY);

        world.runFor(Duration.ofSeconds(1));
        assertThat(replies).containsExactly(new Done());
    }

    @Test
    void commandThatHangsForEverIsUnknownWhenThePathIsClosed() {
        List<String> closed = new ArrayList<>();
        path.reserving().answer(SimReservationAnswer.carryOut().hanging());
        List<ReservationReply> replies = send(REGISTER);
        world.runFor(Duration.ofDays(1));
        assertThat(replies).isEmpty();

        open.close(() -> closed.add("closed after " + replies.size()));
        world.runUntilIdle();
        assertThat(replies).singleElement().isInstanceOf(Unknown.class);
        assertThat(closed).containsExactly("closed after 1");
    }

    @Test
    void closingWaitsForTheAnswerAndRefusesWhatComesThen() {
        List<String> closed = new ArrayList<>();
        path.reserving().latency(MILLI, MILLI);
        List<ReservationReply> replies = send(REGISTER);
        open.close(() -> closed.add("closed"));
        assertThat(send(REGISTER)).singleElement().isInstanceOf(NotExecuted.class);
        world.runFor(MILLI);
        assertThat(closed).isEmpty();

        world.runUntilIdle();
        assertThat(replies).containsExactly(new Done());
        assertThat(closed).containsExactly("closed");
    }

    @Test
    void pulledPortLosesTheCommandAndItsEffect() {
        path.reserving().latency(MILLI, MILLI);
        List<ReservationReply> replies = send(REGISTER);
        port.pull();
        world.runUntilIdle();

        assertThat(replies).singleElement().isInstanceOf(Unknown.class);
        assertThat(reservations.key(path.nexus())).isEqualTo(NONE);
    }

    @Test
    void pulledPortLosesTheAnswerToWhatTookEffect() {
        path.reserving().latency(MILLI, MILLI);
        List<ReservationReply> replies = send(REGISTER);
        world.runFor(MILLI);
        port.pull(SimAnswer.fail(PathFailure.failOver(Certainty.NOT_EXECUTED, "not sent")));
        world.runUntilIdle();

        assertThat(replies).singleElement().isInstanceOf(Unknown.class);
        assertThat(reservations.key(path.nexus())).isEqualTo(KEY);
    }

    @Test
    void pulledPortMayLeaveTheCommandBehind() {
        path.reserving().latency(MILLI, MILLI);
        List<ReservationReply> replies = send(REGISTER);
        port.pull(SimAnswer.fail(LOST).landingLate(Duration.ofSeconds(1)));
        assertThat(replies).singleElement().isInstanceOf(Unknown.class);
        assertThat(reservations.key(path.nexus())).isEqualTo(NONE);

        world.runFor(Duration.ofSeconds(1));
        assertThat(reservations.key(path.nexus())).isEqualTo(KEY);
    }

    @Test
    void forbiddenIoConflictsAndIsReportedBeforeItFails() {
        otherReserves();
        List<Boolean> endedBefore = new ArrayList<>();
        path.answer(SimAnswer.hang());
        ProbeIo write = submit(IoOperation.WRITE);
        control.onReservationReport(() -> endedBefore.add(write.ended()));
        path.underWay().get(0).complete();

        assertThat(status(write)).isEqualTo(IoStatus.RESERVATION_CONFLICT);
        assertThat(write.failure())
                .extracting(PathFailure::verdict, PathFailure::certainty)
                .containsExactly(Verdict.FAIL, Certainty.TERMINATED);
        assertThat(endedBefore).containsExactly(false);
        assertThat(disk.executed()).isZero();
    }

    @Test
    void ioIsJudgedByWhatIsReservedWhenItArrives() {
        path.latency(MILLI);
        ProbeIo tooLate = submit(IoOperation.WRITE);
        otherReserves();
        world.runUntilIdle();
        assertThat(status(tooLate)).isEqualTo(IoStatus.RESERVATION_CONFLICT);

        ProbeIo inTime = submit(IoOperation.READ);
        reservations.carryOut(OTHER, new ReservationCommand.Clear(OTHER_KEY));
        world.runUntilIdle();
        assertThat(status(inTime)).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void readersAreLetInWhereOnlyWritesAreExcluded() {
        reservations.carryOut(OTHER, new Register(NONE, OTHER_KEY, false, false));
        reservations.carryOut(OTHER, new Reserve(OTHER_KEY, WRITE_EXCLUSIVE));
        ProbeIo read = submit(IoOperation.READ);
        ProbeIo flush = submit(IoOperation.FLUSH);
        world.runUntilIdle();

        assertThat(status(read)).isEqualTo(IoStatus.SUCCESS);
        assertThat(status(flush)).isEqualTo(IoStatus.RESERVATION_CONFLICT);
    }

    @Test
    void registeredPathIsLetInWhereItsSiblingIsNot() {
        sent(REGISTER);
        sent(new Reserve(KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        var sibling = new SimPath("b.disk", SimPort.in(world, new PathPort("b")), disk);
        var io = new ProbeIo(IoOperation.WRITE, 0, BLOCK, data, BLOCK);
        sibling.open().openQueue(QueueKind.SHARED).submit(io);
        ProbeIo own = submit(IoOperation.WRITE);
        world.runUntilIdle();

        assertThat(status(own)).isEqualTo(IoStatus.SUCCESS);
        assertThat(status(io)).isEqualTo(IoStatus.RESERVATION_CONFLICT);
    }

    @Test
    void acceptedWriteLandsAfterAPreemptionThatDoesNotAbort() {
        reserve();
        path.transit(MILLI, MILLI).latency(MILLI.multipliedBy(9));
        ProbeIo accepted = submit(IoOperation.WRITE);
        world.runFor(MILLI);
        ProbeIo onItsWay = submit(IoOperation.WRITE);
        otherPreempts(false);
        world.runUntilIdle();

        assertThat(status(accepted)).isEqualTo(IoStatus.SUCCESS);
        assertThat(status(onItsWay)).isEqualTo(IoStatus.RESERVATION_CONFLICT);
        assertThat(disk.executions()).extracting(SimDisk.Execution::tag).containsExactly(accepted.tag());
    }

    @Test
    void acceptedWriteNeverLandsAfterAPreemptionThatAborts() {
        reserve();
        path.transit(MILLI, MILLI).latency(MILLI.multipliedBy(9));
        ProbeIo accepted = submit(IoOperation.WRITE);
        world.runFor(MILLI);
        otherPreempts(true);
        world.runUntilIdle();

        assertThat(accepted.failure()).extracting(PathFailure::certainty).isEqualTo(Certainty.TERMINATED);
        assertThat(accepted.failure()).extracting(PathFailure::verdict).isEqualTo(Verdict.RETRY);
        assertThat(disk.executed()).isZero();
    }

    @Test
    void abortedWriteStaysAbortedWhereWritesAreAllowedAgain() {
        sent(REGISTER);
        path.answer(SimAnswer.hang());
        ProbeIo hanging = submit(IoOperation.WRITE);
        otherPreempts(true);
        assertThat(reservations.allowed(path.nexus(), true)).isTrue();
        path.underWay().get(0).complete();

        assertThat(hanging.failure()).isNotNull();
        assertThat(disk.executed()).isZero();
    }

    private void ghostWrite() {
        sent(REGISTER);
        path.next(1, SimAnswer.fail(LOST).landingLate(Duration.ofSeconds(1)));
        submit(IoOperation.WRITE);
        world.runUntilIdle();
        open.close(() -> {});
        world.runUntilIdle();
        path.open();
    }

    @Test
    void ghostWriteThatTheDiskHasIsAbortedToo() {
        ghostWrite();
        path.attempts().get(0).accept();
        otherPreempts(true);
        world.runFor(Duration.ofSeconds(2));

        assertThat(disk.executed()).isZero();
    }

    /** What keeps it out is the reservation, not the abort: there is none here. */
    @Test
    void ghostWriteThatIsStillOnItsWayIsNotAborted() {
        ghostWrite();
        otherPreempts(true);
        world.runFor(Duration.ofSeconds(2));

        assertThat(disk.executed()).isOne();
    }

    @Test
    void whatAPreemptionDidIsReportedAfterALatency() {
        sent(REGISTER);
        path.reserving().latency(MILLI, MILLI);
        otherPreempts(false);
        assertThat(control.reservationReports()).isZero();
        world.runFor(MILLI);

        assertThat(control.reservationReports()).isOne();
    }

    @Test
    void noticeThatAnotherOpenerConsumedIsNotReported() {
        sent(REGISTER);
        path.reserving().notices(false);
        otherPreempts(false);
        world.runUntilIdle();

        assertThat(control.reservationReports()).isZero();
    }

    @Test
    void noticeIsLostWithItsPort() {
        sent(REGISTER);
        path.reserving().latency(MILLI, MILLI);
        otherPreempts(false);
        port.pull();
        world.runUntilIdle();

        assertThat(control.reservationReports()).isZero();
    }

    @Test
    void everyPathOfAHostIsToldWhereHostsAreRegistered() {
        reservations.perNexus(false);
        var sibling = new SimPath("b.disk", SimPort.in(world, new PathPort("b")), disk);
        var siblings = new RecordingControl(world.environment());
        sibling.open().attach(siblings);
        sent(REGISTER);
        otherPreempts(false);
        world.runUntilIdle();

        assertThat(((Reservable) open).reservesPerNexus()).isFalse();
        assertThat(control.reservationReports()).isOne();
        assertThat(siblings.reservationReports()).isOne();
    }

    @Test
    void faultsAreDrawnFromASeedAndEachEnds() {
        var faults = new SimReservationFaults(world.random("faults"), 800, Duration.ofMillis(500));
        path.reserving().script(faults::answer);
        List<ReservationReply> replies = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            replies.add(sent(new Register(NONE, KEY, true, false)));
        }
        world.runFor(Duration.ofSeconds(1));
        long generation = reservations.state().generation();

        assertThat(replies)
                .hasAtLeastOneElementOfType(Done.class)
                .hasAtLeastOneElementOfType(NotExecuted.class)
                .hasAtLeastOneElementOfType(Refused.class)
                .hasAtLeastOneElementOfType(Unknown.class);
        assertThat(generation)
                .isGreaterThan(replies.stream().filter(Done.class::isInstance).count())
                .isLessThan(200);
    }

    @Test
    void nothingCanBeAnsweredFromADiskThatWasNotAsked() {
        assertThatThrownBy(() -> new SimReservationAnswer(SimReservationAnswer.Landing.LATE, 1, null, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
