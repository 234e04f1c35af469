package io.mpath;

import static io.mpath.ReservationBench.FOREIGN_KEY;
import static io.mpath.ReservationBench.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Read;
import io.mpath.path.ReservationCommand.Release;
import io.mpath.path.ReservationCommand.Reserve;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.Standing.Phase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How often the device is read while every request meets a conflict. */
class ReservationLooksTest {
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(10);

    private final ReservationBench three = new ReservationBench(3);

    @Test
    void hostThatIsKeptOutUnderLoadLooksOnceASecond() {
        keptOut();

        long before = reads();
        load(Duration.ofSeconds(10));

        assertThat(reads() - before).isBetween(9L, 13L);
    }

    @Test
    void whatChangesUnderLoadIsSeenWithinASecond() {
        keptOut();
        load(Duration.ofSeconds(5));
        for (int i = 0; i < 3; i++) {
            three.path(i).reserving().notices(false);
        }

        three.foreign(new Preempt(FOREIGN_KEY, KEY, ReservationType.EXCLUSIVE_ACCESS, false));
        load(Duration.ofMillis(1100));

        assertThat(three.phase()).isEqualTo(Phase.LOST);
    }

    @Test
    void hostThatIsLetInAgainIsServed() {
        keptOut();
        load(Duration.ofSeconds(5));

        three.foreign(new Release(FOREIGN_KEY, ReservationType.EXCLUSIVE_ACCESS));

        assertThat(three.written()).isEqualTo(IoStatus.SUCCESS);
        assertThat(three.phase()).isEqualTo(Phase.REGISTERED);
    }

    /** The other host reserves the device for itself alone, and this one is registered nevertheless. */
    private void keptOut() {
        three.foreignRegisters();
        three.foreign(new Reserve(FOREIGN_KEY, ReservationType.EXCLUSIVE_ACCESS));
        three.registered();
        assertThat(three.written()).isEqualTo(IoStatus.RESERVATION_CONFLICT);
    }

    private void load(Duration howLong) {
        for (long left = howLong.toNanos(); left > 0; left -= BETWEEN_WRITES.toNanos()) {
            DataPathBench.Ending write = three.write();
            three.bench.runFor(BETWEEN_WRITES);
            assertThat(write.once()).isEqualTo(IoStatus.RESERVATION_CONFLICT);
        }
    }

    private long reads() {
        long reads = 0;
        for (int i = 0; i < 3; i++) {
            reads += three.sent(i, Read.class::isInstance).size();
        }
        return reads;
    }
}
