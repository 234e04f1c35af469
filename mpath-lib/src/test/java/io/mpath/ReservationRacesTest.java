package io.mpath;

import static io.mpath.ReservationBench.KEY;
import static io.mpath.ReservationBench.NEW_KEY;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome.Conflict;
import io.mpath.reservation.ReservationOutcome.Unknown;
import io.mpath.reservation.Standing.Phase;
import io.mpath.sim.SimReservationAnswer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What another host does in the midst of a change, and what a lost command leaves behind. */
class ReservationRacesTest {
    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ReservationBench three = new ReservationBench(3);

    @Test
    void preemptInTheMidstOfARegistrationIsNotUndone() {
        three.path(1).reserving().script(command -> {
            if (command instanceof Register register && register.existing().isNone()) {
                three.foreignPreempts(); // the first path is registered, the others are about to be
            }
            return SimReservationAnswer.carryOut();
        });

        assertThat(three.await(three.reservations.register(new Registration(KEY))))
                .isInstanceOf(Conflict.class);

        assertThat(three.disk().state().count(KEY)).isZero();
        assertThat(three.phase()).isEqualTo(Phase.UNREGISTERED);
    }

    @Test
    void preemptInTheMidstOfAKeyChangeIsNotUndone() {
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        three.path(1).reserving().script(command -> {
            if (command instanceof Register register && register.wanted().equals(NEW_KEY)) {
                three.foreignPreempts(); // the first path has the new key, the others are preempted by the old one
            }
            return SimReservationAnswer.carryOut();
        });

        assertThat(three.await(three.reservations.register(new Registration(NEW_KEY))))
                .isInstanceOf(Conflict.class);
        three.bench.runFor(SECOND);

        assertThat(three.phase()).isEqualTo(Phase.LOST);
        assertThat(List.of(three.disk().state().count(KEY), three.disk().state().count(NEW_KEY)))
                .containsOnly(0);
    }

    @Test
    void registrationThatLandsBehindAPreemptIsNoWitness() {
        var two = new ReservationBench(2);
        two.path(1).port().pull();
        two.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        two.path(0).reserving().notices(false);
        two.path(1)
                .reserving()
                .notices(false)
                .script(command -> command instanceof Register register
                                && register.existing().isNone()
                        ? SimReservationAnswer.late(Duration.ofSeconds(3))
                        : SimReservationAnswer.carryOut());
        two.path(1).port().putBack();
        two.bench.runFor(MOMENT);
        two.path(1).reserving().script(command -> SimReservationAnswer.carryOut());

        two.foreignPreempts();
        two.bench.runFor(Duration.ofSeconds(4));
        assertThat(two.keyOf(1)).isEqualTo(KEY); // it has landed, and is the only one
        two.bench.runFor(ReservationBench.HOLD);

        assertThat(two.phase()).isEqualTo(Phase.LOST);
        assertThat(two.keyOf(1)).isEqualTo(ReservationKey.NONE);
    }

    @Test
    void lostPreemptOfItsOwnKeyIsUnknownThoughTheTypeIsRight() {
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        three.path(0)
                .reserving()
                .script(command ->
                        command instanceof Preempt ? SimReservationAnswer.lost() : SimReservationAnswer.carryOut());

        assertThat(three.await(three.reservations.preempt(KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .isInstanceOf(Unknown.class);

        assertThat(List.of(three.usable(1), three.usable(2))).containsOnly(false);
        three.bench.runFor(ReservationBench.HOLD.plus(SECOND));
        assertThat(List.of(three.usable(0), three.usable(1), three.usable(2))).containsOnly(true);
    }

    @Test
    void lostKeyChangeOfAHostThatIsKnownAsAWholeIsUnknown() {
        three.perHost();
        three.registered();
        three.path(0)
                .reserving()
                .script(command -> command instanceof Register register
                                && register.wanted().equals(NEW_KEY)
                        ? SimReservationAnswer.lost()
                        : SimReservationAnswer.carryOut());

        assertThat(three.await(three.reservations.register(new Registration(NEW_KEY))))
                .isInstanceOf(Unknown.class);

        assertThat(three.reservations.standing().registration()).contains(new Registration(KEY));
    }

    @Test
    void lostRegistrationIsProvedAsSoonAsItsPathIsFenced() {
        three.path(1).reserving().next(1, SimReservationAnswer.answerLost());
        three.registered();
        assertThat(three.usable(1)).isFalse();

        three.path(1).fence();
        three.bench.runFor(MOMENT);

        assertThat(three.usable(1)).isTrue();
        assertThat(three.keyOf(1)).isEqualTo(KEY);
    }

    @Test
    void fenceOfAnEarlierLossSaysNothingOfALaterOne() {
        three.path(1)
                .reserving()
                .next(1, SimReservationAnswer.lost())
                .next(1, SimReservationAnswer.carryOut()) // the proof, which it fails
                .next(1, SimReservationAnswer.answerLost());
        three.registered();
        three.path(1).fence();
        three.bench.runFor(MOMENT);

        three.path(1).fence(1);
        three.bench.runFor(SECOND.multipliedBy(2));
        assertThat(three.usable(1)).isFalse();

        three.path(1).fence();
        three.bench.runFor(MOMENT);
        assertThat(three.usable(1)).isTrue();
    }
}
