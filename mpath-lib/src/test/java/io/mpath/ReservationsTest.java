package io.mpath;

import static io.mpath.ReservationBench.FOREIGN_KEY;
import static io.mpath.ReservationBench.KEY;
import static io.mpath.ReservationBench.NEW_KEY;
import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.observe.MultipathEvent;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationCommand.Reserve;
import io.mpath.policy.IoPolicies;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome.Conflict;
import io.mpath.reservation.ReservationOutcome.Done;
import io.mpath.reservation.ReservationOutcome.NoPath;
import io.mpath.reservation.ReservationOutcome.NotSupported;
import io.mpath.reservation.ReservationOutcome.Refused;
import io.mpath.reservation.ReservationOutcome.Unknown;
import io.mpath.reservation.Standing.Phase;
import io.mpath.sim.SimReservationAnswer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReservationsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ReservationBench three = new ReservationBench(3);

    @Test
    void everyUsablePathIsRegistered() {
        three.registered();

        assertThat(List.of(three.keyOf(0), three.keyOf(1), three.keyOf(2))).containsOnly(KEY);
        assertThat(three.phase()).isEqualTo(Phase.REGISTERED);
    }

    @Test
    void pathThatWasDownIsRegisteredBeforeItIsUsed() {
        three.path(2).port().pull();
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        three.path(2).reserving().latency(SECOND, SECOND);

        three.path(2).port().putBack();
        three.bench.runFor(SECOND);

        assertThat(three.usable(2)).isFalse();
        three.bench.runFor(SECOND.multipliedBy(20));
        assertThat(three.usable(2)).isTrue();
        assertThat(three.keyOf(2)).isEqualTo(KEY);
    }

    @Test
    void pathThatComesLaterIsRegisteredBeforeItIsUsed() {
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        three.bench.array.withPort("p3");
        three.path(3).hold(ReservationBench.HOLD);
        three.bench.world.await(three.bench.registry.offer(three.path(3)));
        three.bench.runUntilIdle();

        assertThat(three.keyOf(3)).isEqualTo(KEY);
        assertThat(three.usable(3)).isTrue();
    }

    @Test
    void hostThatWasPreemptedWhileAPathWasDownStaysUnregistered() {
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        for (int i = 0; i < 3; i++) {
            three.path(i).reserving().notices(false);
        }
        three.path(2).port().pull();
        three.foreignPreempts();

        three.path(2).port().putBack();
        three.bench.runFor(SECOND);

        assertThat(three.disk().state().count(KEY)).isZero();
        assertThat(three.phase()).isEqualTo(Phase.LOST);
        assertThat(three.bench.events).anyMatch(MultipathEvent.RegistrationLost.class::isInstance);
        assertThat(three.written()).isEqualTo(IoStatus.RESERVATION_CONFLICT);
    }

    @Test
    void registrationThatRacedWithAPreemptIsEnded() {
        three.path(2).port().pull();
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        three.path(0).reserving().notices(false);
        three.path(1).reserving().notices(false);
        three.path(2).reserving().script(command -> {
            if (command instanceof Register register && register.existing().isNone()) {
                three.foreignPreempts(); // behind the look, before the registration
            }
            return SimReservationAnswer.carryOut();
        });

        three.path(2).port().putBack();
        three.bench.runFor(SECOND);

        assertThat(three.disk().state().count(KEY)).isZero();
        assertThat(three.phase()).isEqualTo(Phase.LOST);
    }

    @Test
    void registrationThatLandsBehindAPreemptIsEndedBeforeItsPathIsUsed() {
        three.path(2).port().pull();
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        three.path(2)
                .reserving()
                .script(command -> command instanceof Register register
                                && register.existing().isNone()
                        ? SimReservationAnswer.late(Duration.ofSeconds(3))
                        : SimReservationAnswer.carryOut());
        three.path(2).port().putBack();
        three.bench.runFor(SECOND);
        three.path(2).reserving().script(command -> SimReservationAnswer.carryOut());

        three.foreignPreempts();
        three.bench.runFor(SECOND.multipliedBy(3));
        assertThat(three.keyOf(2)).isEqualTo(KEY); // it has landed
        assertThat(three.usable(2)).isFalse();
        three.bench.runFor(ReservationBench.HOLD);

        assertThat(three.keyOf(2)).isEqualTo(ReservationKey.NONE);
        assertThat(three.phase()).isEqualTo(Phase.LOST);
        assertThat(three.usable(2)).isTrue();
    }

    @Test
    void lostAnswerOfARegistrationIsProvedBeforeItsPathIsUsed() {
        three.path(1).reserving().next(1, SimReservationAnswer.answerLost());
        three.registered();

        assertThat(three.usable(1)).isFalse();
        three.bench.runFor(ReservationBench.HOLD.plus(SECOND));
        assertThat(three.usable(1)).isTrue();
        assertThat(three.keyOf(1)).isEqualTo(KEY);
    }

    @Test
    void keyThatIsRegisteredAlreadyIsAConflict() {
        three.foreignRegisters();

        assertThat(three.await(three.reservations.register(new Registration(FOREIGN_KEY))))
                .isInstanceOf(Conflict.class);
        assertThat(three.phase()).isEqualTo(Phase.UNREGISTERED);
    }

    @Test
    void earlierKeyOfThisHostIsAConflictUnlessItIsIgnored() {
        three.disk().carryOut(three.path(0).nexus(), new Register(ReservationKey.NONE, NEW_KEY, false, false));

        assertThat(three.await(three.reservations.register(new Registration(KEY))))
                .isInstanceOf(Conflict.class);
        assertThat(three.await(three.reservations.registerIgnoring(new Registration(KEY))))
                .isInstanceOf(Done.class);
        assertThat(List.of(three.keyOf(0), three.keyOf(1), three.keyOf(2))).containsOnly(KEY);
    }

    @Test
    void registrationOfAnEarlierProcessIsTakenUp() {
        for (int i = 0; i < 2; i++) {
            three.disk().carryOut(three.path(i).nexus(), new Register(ReservationKey.NONE, KEY, false, false));
        }
        three.disk().carryOut(three.path(0).nexus(), new Reserve(KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));

        assertThat(three.await(three.reservations.adopt(new Registration(KEY)))).isInstanceOf(Done.class);

        assertThat(three.keyOf(2)).isEqualTo(KEY);
        assertThat(three.reservations.standing().reserved()).contains(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
    }

    @Test
    void registrationOfAnotherHostIsNotTakenUp() {
        three.foreignRegisters();

        assertThat(three.await(three.reservations.adopt(new Registration(FOREIGN_KEY))))
                .isInstanceOf(Conflict.class);
        assertThat(three.phase()).isEqualTo(Phase.UNREGISTERED);
    }

    @Test
    void keyIsChangedAlsoForAPathThatIsDown() {
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        three.path(0).port().pull(); // the holder's

        assertThat(three.await(three.reservations.register(new Registration(NEW_KEY))))
                .isInstanceOf(Done.class);

        assertThat(three.disk().state().count(KEY)).isZero();
        assertThat(three.disk().state().heldBy(NEW_KEY)).isTrue();
        three.path(0).port().putBack();
        three.bench.runFor(SECOND);
        assertThat(three.keyOf(0)).isEqualTo(NEW_KEY);
        assertThat(three.usable(0)).isTrue();
    }

    @Test
    void unregisteringEndsTheRegistrationsOfPathsThatAreDown() {
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        three.path(0).port().pull();

        assertThat(three.await(three.reservations.unregister())).isInstanceOf(Done.class);

        assertThat(three.disk().state().registrants()).isEmpty();
        assertThat(three.disk().state().reservation()).isEmpty();
        assertThat(three.phase()).isEqualTo(Phase.UNREGISTERED);
    }

    @Test
    void reservationOfAnotherHostIsAConflictThatNamesIt() {
        three.foreignRegisters();
        three.foreign(new Reserve(FOREIGN_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        three.registered();

        var outcome = three.await(three.reservations.reserve(WRITE_EXCLUSIVE_REGISTRANTS_ONLY));

        assertThat(outcome).isInstanceOf(Conflict.class);
        assertThat(((Conflict) outcome).state().orElseThrow().heldBy(FOREIGN_KEY))
                .isTrue();
        assertThat(outcome.text()).contains("0xf");
    }

    @Test
    void whoIsNotRegisteredIsRefused() {
        assertThat(three.await(three.reservations.reserve(WRITE_EXCLUSIVE))).isInstanceOf(Refused.class);
        assertThat(three.await(three.reservations.release())).isInstanceOf(Refused.class);
        assertThat(three.await(three.reservations.unregister())).isInstanceOf(Refused.class);
        assertThat(three.await(three.reservations.clear())).isInstanceOf(Refused.class);
        assertThat(three.await(three.reservations.preempt(FOREIGN_KEY, WRITE_EXCLUSIVE)))
                .isInstanceOf(Refused.class);
    }

    @Test
    void lostAnswerOfAReservationIsReadBack() {
        three.registered();
        three.path(0).reserving().next(1, SimReservationAnswer.answerLost());

        assertThat(three.await(three.reservations.reserve(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .isInstanceOf(Done.class);
        assertThat(three.sent(0, Reserve.class::isInstance)).hasSize(1);
        assertThat(three.sent(1, Reserve.class::isInstance)).isEmpty();
    }

    @Test
    void reservationThatWasLostIsUnknownAndNotSentAgain() {
        three.registered();
        three.path(0).reserving().next(1, SimReservationAnswer.lost());

        assertThat(three.await(three.reservations.reserve(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .isInstanceOf(Unknown.class);
        assertThat(three.sent(1, Reserve.class::isInstance)).isEmpty();
    }

    @Test
    void reservationThatAPathDidNotTakeGoesThroughAnother() {
        three.registered();
        three.path(0).reserving().next(1, SimReservationAnswer.notExecuted());

        assertThat(three.await(three.reservations.reserve(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .isInstanceOf(Done.class);
        assertThat(three.disk().holds(three.path(1).nexus())).isTrue();
    }

    @Test
    void typeIsChangedAndEveryPathStaysRegistered() {
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);

        assertThat(three.await(three.reservations.reserve(EXCLUSIVE_ACCESS_ALL_REGISTRANTS)))
                .isInstanceOf(Done.class);

        assertThat(three.disk().state().count(KEY)).isEqualTo(3);
        assertThat(three.disk().state().reservation().orElseThrow().type()).isEqualTo(EXCLUSIVE_ACCESS_ALL_REGISTRANTS);
        assertThat(three.written()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void noRequestMeetsTheMomentInWhichTheOtherPathsAreNotRegistered() {
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        three.bench.world.await(three.bench.device.policy(IoPolicies.roundRobin()));
        for (int i = 0; i < 3; i++) {
            three.path(i).reserving().latency(SECOND, SECOND);
        }
        var changed = three.reservations.reserve(EXCLUSIVE_ACCESS_ALL_REGISTRANTS);
        var write = three.write();
        for (int i = 0; i < 80; i++) {
            three.bench.runFor(Duration.ofMillis(500));
            if (write.pending()) {
                continue;
            }
            assertThat(write.once()).isEqualTo(IoStatus.SUCCESS);
            write = three.write();
        }
        assertThat(changed).isDone();
    }

    @Test
    void preemptInTheMidstOfATypeChangeIsNotUndone() {
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        three.path(1).reserving().script(command -> {
            if (command instanceof Register register && register.existing().isNone()) {
                three.foreignPreempts();
            }
            return SimReservationAnswer.carryOut();
        });

        three.await(three.reservations.reserve(EXCLUSIVE_ACCESS_ALL_REGISTRANTS));
        three.bench.runFor(SECOND);

        assertThat(three.disk().state().count(KEY)).isZero();
        assertThat(three.phase()).isEqualTo(Phase.LOST);
    }

    @Test
    void reservationIsReleasedAlsoWhenItsPathIsGone() {
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        three.path(0).port().pull();

        assertThat(three.await(three.reservations.release())).isInstanceOf(Done.class);

        assertThat(three.disk().state().reservation()).isEmpty();
        assertThat(List.of(three.keyOf(1), three.keyOf(2))).containsOnly(KEY);
        three.path(0).port().putBack();
        three.bench.runFor(SECOND);
        assertThat(three.keyOf(0)).isEqualTo(KEY);
    }

    @Test
    void reservationOfOnePathAloneIsUsedThroughThatOne() {
        three.reserved(WRITE_EXCLUSIVE);

        assertThat(List.of(three.usable(0), three.usable(1), three.usable(2))).containsOnlyOnce(true);
        assertThat(three.written()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void reservationOfOnePathAloneMovesWhenThatIsGone() {
        three.reserved(WRITE_EXCLUSIVE);
        three.path(0).port().pull();
        three.bench.runFor(SECOND.multipliedBy(5));

        assertThat(three.written()).isEqualTo(IoStatus.SUCCESS);
        assertThat(three.disk().state().heldBy(KEY)).isTrue();
    }

    @Test
    void otherHostIsPreempted() {
        three.foreignRegisters();
        three.foreign(new Reserve(FOREIGN_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        three.registered();

        assertThat(three.await(three.reservations.preempt(FOREIGN_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .isInstanceOf(Done.class);

        assertThat(three.disk().state().count(FOREIGN_KEY)).isZero();
        assertThat(three.disk().state().heldBy(KEY)).isTrue();
        assertThat(three.reservations.standing().reserved()).contains(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
    }

    @Test
    void lostAnswerOfAPreemptIsReadBackButProvesNoAbort() {
        three.foreignRegisters();
        three.registered();
        three.path(0).reserving().next(1, SimReservationAnswer.carryOut());
        three.path(0)
                .reserving()
                .script(command -> command instanceof Preempt
                        ? SimReservationAnswer.answerLost()
                        : SimReservationAnswer.carryOut());

        assertThat(three.await(three.reservations.preempt(FOREIGN_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .isInstanceOf(Done.class);

        three.foreignRegisters();
        assertThat(three.await(three.reservations.preemptAndAbort(FOREIGN_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .isInstanceOf(Unknown.class);
        assertThat(three.sent(1, Preempt.class::isInstance)).isEmpty();
    }

    @Test
    void preemptOfNobodyIsAConflict() {
        three.registered();

        assertThat(three.await(three.reservations.preempt(FOREIGN_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .isInstanceOf(Conflict.class);
        assertThat(three.phase()).isEqualTo(Phase.REGISTERED);
    }

    @Test
    void clearEndsAllRegistrations() {
        three.foreignRegisters();
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);

        assertThat(three.await(three.reservations.clear())).isInstanceOf(Done.class);

        assertThat(three.disk().state().registrants()).isEmpty();
        assertThat(three.phase()).isEqualTo(Phase.UNREGISTERED);
    }

    @Test
    void foreignClearIsNoticedWithoutANotice() {
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        for (int i = 0; i < 3; i++) {
            three.path(i).reserving().notices(false);
        }
        three.foreignRegisters();
        three.foreign(new ReservationCommand.Clear(FOREIGN_KEY));

        three.bench.runFor(SECOND.multipliedBy(40));

        assertThat(three.phase()).isEqualTo(Phase.LOST);
        assertThat(three.disk().state().registrants()).isEmpty();
    }

    @Test
    void conflictIsTheCallersAndBlamesNoPath() {
        three.foreignRegisters();
        three.foreign(new Reserve(FOREIGN_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));

        assertThat(three.written()).isEqualTo(IoStatus.RESERVATION_CONFLICT);
        assertThat(List.of(three.usable(0), three.usable(1), three.usable(2))).containsOnly(true);
        assertThat(three.bench.device.snapshot().counters().failovers()).isZero();
        assertThat(three.bench.events).noneMatch(MultipathEvent.PathFailed.class::isInstance);
    }

    @Test
    void hostThatIsKnownAsAWholeIsRegisteredOnce() {
        three.perHost();
        three.reserved(WRITE_EXCLUSIVE);

        assertThat(three.disk().state().registrants()).hasSize(1);
        assertThat(List.of(three.usable(0), three.usable(1), three.usable(2))).containsOnly(true);
        three.path(0).port().pull();
        assertThat(three.await(three.reservations.release())).isInstanceOf(Done.class);
        assertThat(three.await(three.reservations.unregister())).isInstanceOf(Done.class);
    }

    @Test
    void deviceWithoutReservationsSaysSo() {
        for (int i = 0; i < 3; i++) {
            three.path(i)
                    .reserving()
                    .answer(SimReservationAnswer.reply(
                            new io.mpath.path.ReservationReply.Unsupported("no such command")));
        }

        assertThat(three.await(three.reservations.register(new Registration(KEY))))
                .isInstanceOf(NotSupported.class);
    }

    @Test
    void deviceThatCannotBeReachedSaysSo() {
        for (int i = 0; i < 3; i++) {
            three.path(i).port().pull();
        }
        three.bench.runUntilIdle();

        assertThat(three.await(three.reservations.register(new Registration(KEY))))
                .isInstanceOf(NoPath.class);
    }

    @Test
    void whatIsAskedForEndsWithTheDevice() {
        three.path(0).reserving().answer(SimReservationAnswer.carryOut().hanging());
        var asked = three.reservations.register(new Registration(KEY));
        var waiting = three.reservations.release();
        three.bench.runUntilIdle();

        var closed = three.bench.device.closeAsync();
        three.bench.runFor(SECOND.multipliedBy(40));

        assertThat(closed).isDone();
        assertThat(three.await(asked)).isInstanceOf(Unknown.class);
        assertThat(waiting).isDone();
        assertThat(three.await(waiting)).isInstanceOf(NoPath.class);
    }

    @Test
    void commandThatHangsHoldsUpNoOther() {
        three.path(0).reserving().answer(SimReservationAnswer.carryOut().hanging());
        var asked = three.reservations.register(new Registration(KEY));
        three.bench.runFor(Duration.ofMinutes(3));

        assertThat(asked).isDone();
        assertThat(three.await(asked)).isInstanceOf(Done.class);
        assertThat(three.usable(0)).isFalse();
        assertThat(List.of(three.usable(1), three.usable(2))).containsOnly(true);
    }
}
