package io.mpath;

import static io.mpath.ReservationBench.FOREIGN_KEY;
import static io.mpath.ReservationBench.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.Standing.Phase;
import io.mpath.sim.SimRandom;
import io.mpath.sim.SimReservationAnswer;
import io.mpath.sim.SimReservationFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A host whose paths come and go, whose commands are lost, late or refused, and which changes its mind all the time, is preempted by
 * another at any moment: between any two commands, too. From there on no write of it is accepted, and it never has its key again.
 */
class HostilePreemptTest {
    private static final int PATHS = 3;
    private static final int STEPS = 120;
    private static final int FAULTS_PER_MILLE = 150;

    private final ReservationBench bench = new ReservationBench(PATHS);
    private final List<CompletableFuture<ReservationOutcome>> asked = new ArrayList<>();
    private boolean preempted;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void preemptedHostIsKeptOut(long seed) {
        var random = new SimRandom(seed);
        bench.reserved(ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        for (int i = 0; i < PATHS; i++) {
            var faults = new SimReservationFaults(random.split("faults " + i), FAULTS_PER_MILLE, ReservationBench.HOLD);
            SimRandom moments = random.split("moments " + i);
            bench.path(i)
                    .reserving()
                    .latency(Duration.ZERO, Duration.ofMillis(300))
                    .notices(random.chance(1, 2))
                    .script(command -> {
                        if (moments.chance(1, 60)) {
                            preempt();
                        }
                        return faults.answer(command);
                    });
        }

        for (int step = 0; step < STEPS; step++) {
            disturb(random);
            bench.bench.runFor(Duration.ofNanos(random.between(1, 2_000_000_000L)));
            if (step == STEPS / 2) {
                preempt();
            }
            if (preempted) {
                DataPathBench.Ending write = bench.write();
                bench.bench.runFor(Duration.ofMillis(random.between(1, 800)));
                assertThat(write.told).as("a write behind the preempt").doesNotContain(IoStatus.SUCCESS);
            }
        }
        settle();

        assertThat(bench.disk().state().count(KEY))
                .as("registrations of the preempted host")
                .isZero();
        assertThat(bench.phase()).isNotEqualTo(Phase.REGISTERED);
        assertThat(asked).allMatch(CompletableFuture::isDone);
        for (int i = 0; i < PATHS; i++) {
            assertThat(bench.usable(i)).as("path %d serves what may be read", i).isTrue();
        }
    }

    /** The other host registers and preempts, once, if there is somebody to preempt; nobody is told but by the device. */
    private void preempt() {
        if (preempted || bench.disk().state().count(KEY) == 0) {
            return;
        }
        bench.disk().carryOut(ReservationBench.FOREIGN, new Register(ReservationKey.NONE, FOREIGN_KEY, true, false));
        ReservationReply reply = bench.disk()
                .carryOut(
                        ReservationBench.FOREIGN,
                        new Preempt(FOREIGN_KEY, KEY, ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, false));
        assertThat(reply).isInstanceOf(ReservationReply.Done.class);
        // What the victim had reserved may have ended before: the other host sees to it that it is kept out.
        bench.disk()
                .carryOut(
                        ReservationBench.FOREIGN,
                        new ReservationCommand.Reserve(FOREIGN_KEY, ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        assertThat(bench.disk().state().heldBy(FOREIGN_KEY)).isTrue();
        preempted = true;
    }

    private void disturb(SimRandom random) {
        var port = bench.path(random.nextInt(PATHS)).port();
        switch (random.nextInt(8)) {
            case 0 -> port.pull();
            case 1, 2 -> port.putBack();
            case 3 -> asked.add(bench.reservations.reserve(type(random)));
            case 4 -> asked.add(bench.reservations.release());
            case 5 -> bench.path(random.nextInt(PATHS)).changed();
            default -> {}
        }
    }

    private static ReservationType type(SimRandom random) {
        ReservationType[] types = ReservationType.values();
        return types[random.nextInt(types.length)];
    }

    private void settle() {
        for (int i = 0; i < PATHS; i++) {
            bench.path(i).reserving().script(command -> SimReservationAnswer.carryOut());
            bench.path(i).port().putBack();
        }
        bench.bench.runFor(Duration.ofMinutes(5));
    }
}
