package io.mpath;

import static io.mpath.ReservationBench.FOREIGN_KEY;
import static io.mpath.ReservationBench.HOLD;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.observe.MultipathEvent.PathFenced;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Clear;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Read;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationCommand.Release;
import io.mpath.path.ReservationCommand.Reserve;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationOutcome.Done;
import io.mpath.reservation.ReservationOutcome.NoPath;
import io.mpath.reservation.ReservationOutcome.Refused;
import io.mpath.reservation.ReservationOutcome.Unknown;
import io.mpath.reservation.Reservations;
import io.mpath.reservation.Standing.Phase;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimNexus;
import io.mpath.sim.SimReservationAnswer;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not be taken for a fence by reservation, and what must not end one. */
class FenceInDoubtTest {
    private static final ReservationKey HOST_KEY = new ReservationKey(0xa0000);
    private static final Registration HOST = new Registration(HOST_KEY);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LATE = Duration.ofSeconds(3);
    private static final PathFailure LOST = PathFailure.failOver(Certainty.UNKNOWN, "connection lost");
    private static final SimReservationAnswer CARRY_OUT = SimReservationAnswer.carryOut();
    private static final byte OLD = 1;
    private static final byte NEW = 2;

    private final ReservationBench three =
            new ReservationBench(3, ReservationBench.settings().withKeyPerPath(true));

    private void reserved() {
        assertThat(three.await(three.reservations.register(HOST))).isInstanceOf(Done.class);
        assertThat(three.await(three.reservations.reserve(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .isInstanceOf(Done.class);
    }

    private DataPathBench.Ending write(byte value) {
        return three.bench.submit(IoRequest.create().write(0, DataPathBench.data(value, 1)));
    }

    /** From here on I/O goes through that path, as long as it serves. */
    private void prefer(int path) {
        for (int i = 0; i < 3; i++) {
            three.path(i).accessState(i == path ? AccessState.OPTIMIZED : AccessState.NON_OPTIMIZED);
        }
        three.bench.runUntilIdle();
    }

    /** A write through that path, which loses it; it lands late. */
    private DataPathBench.Ending lostWrite(int path) {
        prefer(path);
        three.path(path).next(1, SimAnswer.fail(LOST).landingLate(LATE));
        return write(OLD);
    }

    private long fences() {
        return three.bench.events.stream().filter(PathFenced.class::isInstance).count();
    }

    private void fenced() {
        DataPathBench.Ending lost = lostWrite(0);
        three.bench.runFor(SECOND);
        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(fences()).isEqualTo(1);
    }

    private void notFenced(DataPathBench.Ending lost) {
        three.bench.runFor(SECOND);
        assertThat(fences()).isZero();
        assertThat(lost.pending()).isTrue();
    }

    private void answers(int path, Predicate<ReservationCommand> which, SimReservationAnswer answer) {
        three.path(path).reserving().script(command -> which.test(command) ? answer : CARRY_OUT);
    }

    private static boolean registers(ReservationCommand command) {
        return command instanceof Register register
                && !register.wanted().isNone()
                && !register.existing().equals(register.wanted());
    }

    private static boolean unregisters(ReservationCommand command) {
        return command instanceof Register register && register.wanted().isNone();
    }

    /** The look behind the preemption, which path 1 sends, is answered two seconds later, with what it was when it was asked. */
    private void lookBehindThePreemptionHangs() {
        boolean[] preempted = new boolean[1];
        three.path(1).reserving().script(command -> {
            boolean behind = preempted[0] && command instanceof Read;
            preempted[0] = command instanceof Preempt;
            return behind ? CARRY_OUT.hanging(SECOND.multipliedBy(2)) : CARRY_OUT;
        });
        for (int i : new int[] {0, 2}) {
            answers(i, Read.class::isInstance, SimReservationAnswer.notExecuted());
        }
    }

    private void looksHangNoMore() {
        IntStream.range(0, 3).forEach(i -> three.path(i).reserving().script(command -> CARRY_OUT));
    }

    private void comesAnew(int path) {
        three.bench.world.await(three.bench.registry.offer(three.path(path)));
        three.bench.runFor(SECOND);
    }

    @Test
    void pathThatLeavesBehindItsPreemptionIsKeptOutAllTheSame() {
        reserved();
        lookBehindThePreemptionHangs();
        DataPathBench.Ending lost = lostWrite(0);
        three.bench.runFor(SECOND);

        three.path(0).vanish();
        three.bench.runFor(SECOND.plus(Duration.ofMillis(500)));
        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
        looksHangNoMore();
        comesAnew(0);

        assertThat(three.keyOf(0)).isEqualTo(ReservationKey.NONE);
        assertThat(three.await(three.reservations.release())).isInstanceOf(Refused.class);
        three.bench.runFor(HOLD.plus(SECOND));
        assertThat(three.usable(0)).isTrue();
    }

    @Test
    void nothingIsFencedByWhatThisHostIsAboutToEnd() {
        reserved();
        prefer(2);
        three.path(2).next(1, SimAnswer.hang());
        DataPathBench.Ending lost = write(OLD);
        three.bench.runUntilIdle();
        for (int i : new int[] {0, 2}) {
            answers(i, FenceInDoubtTest::unregisters, SimReservationAnswer.notExecuted());
        }
        assertThat(three.await(three.reservations.unregister())).isInstanceOf(Unknown.class);
        assertThat(three.disk().holds(three.path(0).nexus())).isTrue();

        three.path(2).underWay().get(0).fail(LOST);

        three.bench.runFor(Duration.ofMillis(500)); // before it is tried again to unregister them
        assertThat(fences()).isZero();
        assertThat(lost.pending()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(classes = {Release.class, Clear.class})
    void nothingIsFencedWhileALostCommandMayEndTheReservation(Class<?> command) {
        reserved();
        answers(0, command::isInstance, SimReservationAnswer.late(LATE));
        assertThat(three.await(command == Clear.class ? three.reservations.clear() : three.reservations.release()))
                .isInstanceOf(Unknown.class);

        notFenced(lostWrite(1));
        three.bench.runFor(LATE);
        assertThat(three.disk().state().reservation()).as("it came after all").isEmpty();
    }

    @Test
    void nothingIsFencedWhileALostCommandOfAPathThatCameAnewMayEndTheReservation() {
        reserved();
        answers(0, Release.class::isInstance, SimReservationAnswer.late(LATE));
        assertThat(three.await(three.reservations.release())).isInstanceOf(Unknown.class);
        three.path(0).vanish();
        three.bench.runUntilIdle();
        comesAnew(0);
        assertThat(three.usable(0)).isTrue();

        notFenced(lostWrite(1));
    }

    @Test
    void nothingIsFencedWhileALostUnregistrationOfTheHolderMayComeAbout() {
        reserved();
        answers(0, FenceInDoubtTest::unregisters, SimReservationAnswer.late(LATE));
        answers(1, FenceInDoubtTest::unregisters, SimReservationAnswer.notExecuted());
        prefer(1);
        three.path(1).next(1, SimAnswer.hang());
        DataPathBench.Ending lost = write(OLD);
        three.bench.runUntilIdle();
        assertThat(three.await(three.reservations.unregister())).isInstanceOf(Unknown.class);

        three.path(1).underWay().get(0).fail(LOST);
        notFenced(lost);
    }

    @Test
    void fenceDoesNotOutliveTheRegistration() {
        reserved();
        fenced();
        three.path(0).port().pull();
        three.bench.runFor(HOLD.plus(SECOND));
        assertThat(three.await(three.reservations.unregister())).isInstanceOf(Done.class);
        three.path(0).port().putBack();
        boolean[] lostOnce = new boolean[1];
        three.path(0).reserving().script(command -> {
            boolean first = registers(command) && !lostOnce[0];
            lostOnce[0] |= first;
            return first ? SimReservationAnswer.answerLost() : CARRY_OUT;
        });
        reserved();
        three.bench.runFor(HOLD.multipliedBy(2));
        assertThat(three.usable(0)).isTrue();

        DataPathBench.Ending lost = lostWrite(0);
        three.bench.runFor(SECOND);

        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(fences()).as("it was preempted anew").isEqualTo(2);
    }

    @Test
    void lookThatIsAnsweredBehindTheCloseFencesNothing() {
        reserved();
        lookBehindThePreemptionHangs();
        var unused = lostWrite(0);
        three.bench.runFor(SECOND);

        var closing = three.bench.device.closeAsync();
        three.bench.runFor(SECOND.plus(Duration.ofMillis(500)));

        assertThat(closing).isDone();
        assertThat(fences()).isZero();
        assertThat(three.bench.device.unfenced()).isNotEmpty();
    }

    /** Two of the three nexuses have keys of an earlier process. */
    private void earlierProcess() {
        for (int i = 1; i < 3; i++) {
            ReservationKey key = new ReservationKey(HOST_KEY.value() + 7 + i);
            three.disk().carryOut(three.path(i).nexus(), new Register(ReservationKey.NONE, key, false, false));
        }
    }

    /** They have, and one of them holds a reservation. */
    private void earlierProcessThatReserved() {
        earlierProcess();
        three.disk().carryOut(three.path(1).nexus(), new Reserve(three.keyOf(1), WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
    }

    @Test
    void pathThatAnEarlierProcessCannotHaveFencedIsRegisteredAtOnce() {
        earlierProcess();
        assertThat(three.await(three.reservations.adopt(HOST))).isInstanceOf(Done.class);
        three.bench.runFor(SECOND);

        assertThat(three.usable(0)).isTrue();
        assertThat(three.await(three.reservations.reserve(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .isInstanceOf(Done.class);
    }

    @Test
    void pathThatAnEarlierProcessMayHaveFencedIsKeptOutForItsHold() {
        earlierProcessThatReserved();
        assertThat(three.await(three.reservations.adopt(HOST))).isInstanceOf(Done.class);

        three.bench.runFor(HOLD.minus(SECOND));
        assertThat(three.keyOf(0)).isEqualTo(ReservationKey.NONE);
        assertThat(three.usable(0)).isFalse();
        assertThat(three.await(three.reservations.release()).text()).contains("p0");
        three.bench.runFor(SECOND.multipliedBy(3));

        assertThat(three.usable(0)).isTrue();
        assertThat(three.await(three.reservations.release())).isInstanceOf(Done.class);
    }

    @Test
    void pathsThatAnEarlierProcessMayHaveFencedAreNotRegisteredIgnoringThat() {
        earlierProcessThatReserved();

        assertThat(three.await(three.reservations.registerIgnoring(HOST))).isInstanceOf(Refused.class);
        assertThat(three.keyOf(0)).isEqualTo(ReservationKey.NONE);
        three.bench.runFor(HOLD);

        assertThat(three.await(three.reservations.registerIgnoring(HOST))).isInstanceOf(Done.class);
    }

    /** So that a process that lives for one command can wait it out. */
    @Test
    void whoeverIsRefusedForAnEarlierProcessIsToldForHowLong() {
        earlierProcessThatReserved();
        assertThat(three.await(three.reservations.adopt(HOST))).isInstanceOf(Done.class);
        three.bench.runFor(SECOND);
        ReservationOutcome refused = three.await(three.reservations.release());
        assertThat(refused).isInstanceOf(Refused.class);

        three.bench.runFor(((Refused) refused).retryAfter());

        assertThat(three.await(three.reservations.release())).isInstanceOf(Done.class);
    }

    @Test
    void whoMayHaveFencedPathsMeanwhileIsWaitedForAnew() {
        earlierProcessThatReserved();
        assertThat(three.await(three.reservations.registerIgnoring(HOST))).isInstanceOf(Refused.class);
        three.bench.runFor(HOLD);
        ReservationKey fenced = three.keyOf(2);
        three.disk()
                .carryOut(
                        three.path(1).nexus(),
                        new Preempt(three.keyOf(1), fenced, WRITE_EXCLUSIVE_REGISTRANTS_ONLY, true));

        assertThat(three.await(three.reservations.registerIgnoring(HOST))).isInstanceOf(Refused.class);
        three.bench.runFor(HOLD);

        assertThat(three.await(three.reservations.registerIgnoring(HOST))).isInstanceOf(Done.class);
    }

    @Test
    void deviceThatIsOpenedAnewLeavesOutWhatIsInDoubtFromBefore() {
        three.path(0).hold(HOLD.multipliedBy(10));
        reserved();
        fenced();
        three.bench.world.await(three.bench.device.closeAsync());
        three.path(0).hold(HOLD); // and its adapter knows better by now

        for (int i = 0; i < 3; i++) {
            three.bench.world.await(three.bench.registry.offer(three.path(i)));
        }
        MultipathDevice anew = three.bench.registry.device(DataPathBench.ID).orElseThrow();
        Reservations reservations = anew.reservations();
        assertThat(three.await(reservations.adopt(HOST))).isInstanceOf(Done.class);
        three.bench.runFor(HOLD.multipliedBy(5));

        assertThat(three.keyOf(0)).isEqualTo(ReservationKey.NONE);
        assertThat(three.await(reservations.release())).isInstanceOf(Refused.class);
        three.bench.runFor(HOLD.multipliedBy(5));
        assertThat(three.keyOf(0)).isNotEqualTo(ReservationKey.NONE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void deviceThatIsOpenedAnewIsNotRegisteredWithAnotherKeyWhileAPathMayBeFenced(boolean ignoring) {
        reserved();
        fenced();
        three.bench.world.await(three.bench.device.closeAsync());
        for (int i = 0; i < 3; i++) {
            three.bench.world.await(three.bench.registry.offer(three.path(i)));
        }
        Reservations anew =
                three.bench.registry.device(DataPathBench.ID).orElseThrow().reservations();
        var other = new Registration(new ReservationKey(0xb0000));

        assertThat(three.await(ignoring ? anew.registerIgnoring(other) : anew.register(other)))
                .isInstanceOf(Refused.class);
        assertThat(three.keyOf(0)).isEqualTo(ReservationKey.NONE);
        three.bench.runFor(HOLD);

        assertThat(three.await(anew.registerIgnoring(other))).isInstanceOf(Done.class);
        assertThat(three.keyOf(0)).isNotEqualTo(ReservationKey.NONE);
    }

    private void preemptedByAnotherHost(int path) {
        three.foreignRegisters();
        three.foreign(new Preempt(FOREIGN_KEY, three.keyOf(path), WRITE_EXCLUSIVE_REGISTRANTS_ONLY, false));
        three.bench.runFor(SECOND);
        assertThat(three.phase()).isEqualTo(Phase.LOST);
    }

    @Test
    void stoppedHostStaysStoppedWhenItCannotBeRegisteredAnew() {
        reserved();
        preemptedByAnotherHost(2);
        for (int i = 0; i < 3; i++) {
            answers(i, FenceInDoubtTest::registers, SimReservationAnswer.notExecuted());
        }

        assertThat(three.await(three.reservations.register(HOST))).isInstanceOf(NoPath.class);
        three.bench.runFor(SECOND);

        assertThat(three.phase()).isEqualTo(Phase.LOST);
        assertThat(IntStream.range(0, 3)).noneMatch(three::usable);
        looksHangNoMore();
        assertThat(three.await(three.reservations.register(HOST))).isInstanceOf(Done.class);
        assertThat(IntStream.range(0, 3)).allMatch(three::usable);
    }

    @Test
    void hostAllOfWhosePathsAreUnregisteredStaysSoThoughItCannotLook() {
        reserved();
        boolean[] ended = new boolean[1];
        for (int i = 0; i < 3; i++) {
            three.path(i).reserving().script(command -> {
                ended[0] |= unregisters(command);
                return ended[0] && command instanceof Read
                        ? SimReservationAnswer.reply(new ReservationReply.Refused("not now"))
                        : CARRY_OUT;
            });
        }

        ReservationOutcome outcome = three.await(three.reservations.unregister());
        looksHangNoMore();
        three.bench.runFor(Duration.ofMinutes(1));

        assertThat(outcome).isInstanceOf(Done.class);
        assertThat(three.phase()).isEqualTo(Phase.UNREGISTERED);
        assertThat(three.disk().state().registrants()).isEmpty();
    }

    @Test
    void lookOfBeforeAnAlarmConfirmsNothing() {
        reserved();
        lookBehindThePreemptionHangs();
        DataPathBench.Ending lost = lostWrite(0);
        three.bench.runFor(SECOND);
        assertThat(three.disk().holds(three.path(1).nexus())).isTrue();

        looksHangNoMore();
        three.disk().carryOut(three.path(1).nexus(), new Release(three.keyOf(1), WRITE_EXCLUSIVE_REGISTRANTS_ONLY));

        three.bench.runFor(SECOND.multipliedBy(2));
        assertThat(fences()).isZero();
        assertThat(lost.pending()).isTrue();
    }

    private void registrationOfPath0IsLostWithIt(boolean carriedOut) {
        answers(
                0,
                FenceInDoubtTest::registers,
                carriedOut ? SimReservationAnswer.answerLost() : SimReservationAnswer.lost());
        reserved();
        three.path(0).vanish();
        three.bench.runUntilIdle();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void registrationThatWasLostWithItsPathIsFoundOrForgotten(boolean carriedOut) {
        registrationOfPath0IsLostWithIt(carriedOut);
        three.bench.runFor(Duration.ofMinutes(1));

        DataPathBench.Ending lost = lostWrite(2);
        three.bench.runFor(SECOND);

        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(fences()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hostIsUnregisteredOfAPathThatHasLeftWhenThatIsKnown(boolean carriedOut) {
        registrationOfPath0IsLostWithIt(carriedOut);
        assertThat(three.await(three.reservations.unregister()))
                .as("it may come about yet")
                .isInstanceOf(Refused.class);
        three.bench.runFor(HOLD);

        assertThat(three.await(three.reservations.unregister())).isInstanceOf(Done.class);
        assertThat(three.disk().state().registrants()).isEmpty();
    }

    @Test
    void writeThatWasLetGoButNotSentWaitsAgainWhenTheReservationIsGone() {
        reserved();
        DataPathBench.Ending lost = lostWrite(0);
        three.bench.world.await(three.bench.device.quiesce());
        three.bench.runFor(SECOND);
        assertThat(fences()).isEqualTo(1);
        assertThat(lost.pending()).isTrue();
        three.disk().carryOut(three.path(1).nexus(), new Release(three.keyOf(1), WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        three.bench.runFor(SECOND);

        three.bench.world.await(three.bench.device.resume());

        three.bench.runFor(SECOND);
        assertThat(lost.pending()).isTrue();
        three.bench.runFor(HOLD);
        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
    }

    /** A newer write is under way when what fenced the path goes, and comes back from its own path undone. */
    @ParameterizedTest
    @EnumSource(names = {"NOT_EXECUTED", "UNKNOWN"})
    void writeThatComesBackWhenTheReservationIsGoneWaitsForWhatItWouldBeUndoneBy(Certainty certainty) {
        for (int i = 1; i < 3; i++) {
            three.path(i).hold(Duration.ofMillis(500));
        }
        reserved();
        fenced();
        prefer(1);
        three.path(1).next(1, SimAnswer.hang());
        DataPathBench.Ending newer = write(NEW);
        three.bench.runUntilIdle();
        three.disk().carryOut(three.path(1).nexus(), new Release(three.keyOf(1), WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        three.bench.runFor(Duration.ofMillis(100));

        three.path(1).underWay().get(0).fail(PathFailure.failOver(certainty, "gone"));

        three.bench.runFor(SECOND);
        assertThat(newer.pending()).isTrue();
        three.bench.runFor(HOLD);
        assertThat(newer.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(three.bench.disk().contents(0, DataPathBench.BLOCK)).isEqualTo(DataPathBench.bytes(NEW, 1));
    }

    @Test
    void conflictOfAPathThatHasLeftAndIsFencedIsNotTheRequests() {
        reserved();
        three.path(0).next(1, SimAnswer.hang());
        DataPathBench.Ending hanging =
                three.bench.submit(IoRequest.create().write(8 * DataPathBench.BLOCK, DataPathBench.data(NEW, 1)));
        three.bench.runUntilIdle();
        three.path(0).next(1, SimAnswer.hang());
        DataPathBench.Ending lost = write(OLD);
        three.bench.runUntilIdle();
        var removed = three.bench.device.removePath("p0.disk");
        three.bench.runUntilIdle();
        three.path(0).underWay().get(1).fail(LOST);
        three.bench.runFor(SECOND);
        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);

        three.path(0).underWay().get(0).fail(PathFailure.fail(IoStatus.RESERVATION_CONFLICT, "reservation conflict"));
        three.bench.runFor(SECOND);

        assertThat(hanging.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(removed).isDone();
    }

    @Test
    void staleKeyOfThisHostThatHoldsTheReservationIsPreempted() {
        var gone = new SimNexus(three.path(0).nexus().host(), "gone");
        ReservationKey stale = new ReservationKey(HOST_KEY.value() + 7);
        three.disk().carryOut(gone, new Register(ReservationKey.NONE, stale, false, false));
        three.disk().carryOut(gone, new Reserve(stale, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        assertThat(three.await(three.reservations.registerIgnoring(HOST))).isInstanceOf(Refused.class);
        three.bench.runFor(HOLD);
        assertThat(three.await(three.reservations.registerIgnoring(HOST))).isInstanceOf(Done.class);

        assertThat(three.await(three.reservations.preempt(three.keyOf(1), WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .as("of a path of its own")
                .isInstanceOf(Refused.class);
        assertThat(three.await(three.reservations.preempt(stale, WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .isInstanceOf(Done.class);

        assertThat(three.disk().holds(three.path(0).nexus())).isTrue();
        assertThat(three.disk().state().count(stale)).isZero();
    }

    @Test
    void passthroughThatEndedByItsDeadlineMayLandForAHoldBehindItsAttempt() {
        reserved();
        prefer(0);
        three.path(0).next(1, SimAnswer.hang());
        IoRequest request = IoRequest.create().passthrough(() -> "format").timeout(SECOND);
        DataPathBench.Ending passthrough = three.bench.submit(request);
        fenced();
        three.bench.runFor(HOLD.minus(SECOND.multipliedBy(2)));
        assertThat(passthrough.once()).isEqualTo(IoStatus.OUTCOME_UNKNOWN);

        three.path(0).underWay().get(0).fail(LOST);
        three.bench.runFor(SECOND.multipliedBy(3)); // past the hold of the write

        assertThat(three.await(three.reservations.release())).isInstanceOf(Refused.class);
        three.bench.runFor(SECOND.multipliedBy(3));
        assertThat(three.await(three.reservations.release())).isInstanceOf(Done.class);
    }

    @Test
    void keyThatALostPreemptionMayStillRemoveIsNotTakenUp() {
        reserved();
        ReservationKey victim = three.keyOf(0);
        answers(1, Preempt.class::isInstance, SimReservationAnswer.late(HOLD.minus(SECOND)));
        var unused = lostWrite(0);
        three.bench.runFor(SECOND);
        three.path(0).vanish();

        comesAnew(0);

        assertThat(three.keyOf(0)).isEqualTo(victim);
        assertThat(three.usable(0)).isFalse();
        three.bench.runFor(Duration.ofMinutes(1));
        assertThat(three.keyOf(0)).isNotIn(victim, ReservationKey.NONE);
        assertThat(three.usable(0)).isTrue();
        assertThat(three.phase()).isEqualTo(Phase.REGISTERED);
    }
}
