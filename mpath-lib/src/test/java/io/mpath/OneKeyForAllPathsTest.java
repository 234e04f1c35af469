package io.mpath;

import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.observe.MultipathEvent.PathMisbehaved;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.ReservationCommand.Release;
import io.mpath.reservation.ReservationOutcome.Done;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimReservationAnswer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What having a key for each path takes, and whoever has one key for all of them does not pay. */
class OneKeyForAllPathsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final PathFailure LOST = PathFailure.failOver(Certainty.UNKNOWN, "connection lost");

    @Test
    void pathThatLostAReleaseIsUsedAsSoonAsItIsBack() {
        var three = new ReservationBench(3);
        three.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        three.path(0)
                .reserving()
                .script(command -> command instanceof Release
                        ? SimReservationAnswer.answerLost()
                        : SimReservationAnswer.carryOut());
        assertThat(three.await(three.reservations.release())).isInstanceOf(Done.class);

        three.path(0).port().pull();
        three.bench.runFor(SECOND);
        three.path(0).port().putBack();
        three.bench.runFor(SECOND);

        assertThat(three.usable(0)).isTrue();
    }

    @Test
    void nothingIsRememberedOfAWriteWhoseLossNobodyWaitsFor() {
        var one = new ReservationBench(1, ReservationBench.settings().withUnsafeReplayOfUnknownWrites(true));
        one.path(0).next(1, SimAnswer.hang());
        DataPathBench.Ending write = one.bench.submit(
                IoRequest.create().write(0, DataPathBench.data(1, 1)).timeout(SECOND));
        one.bench.runFor(SECOND.multipliedBy(3));
        assertThat(write.once()).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
        one.path(0).hold(Duration.ofNanos(-1)); // who asks for it will tell

        one.path(0).underWay().get(0).fail(LOST);
        one.bench.runFor(SECOND);

        assertThat(one.bench.events).noneMatch(PathMisbehaved.class::isInstance);
    }
}
