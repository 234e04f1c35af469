package io.mpath.scsi;

import static io.mpath.scsi.ArrayAndHost.fibreChannel;
import static io.mpath.scsi.ArrayAndHost.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceSettings;
import io.mpath.IoFuture;
import io.mpath.MultipathDevice;
import io.mpath.reservation.Registrant;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import io.mpath.scsi.sim.SimCommand;
import io.mpath.scsi.sim.SimFate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A nexus that lost a write is fenced by PREEMPT AND ABORT of its own key, over the commands and the emulated array of SCSI. */
class FencedNexusTest {
    private static final Duration HOLD = Duration.ofSeconds(60);
    private static final Duration MARGIN = Duration.ofSeconds(2);
    private static final Duration LATE = Duration.ofSeconds(20);
    private static final ReservationKey HOST_KEY = new ReservationKey(0xa0000);

    private final ArrayAndHost lab = new ArrayAndHost(1);

    private MultipathDevice device(DeviceSettings settings) {
        lab.registry(settings);
        lab.offer(fibreChannel(lab.a));
        lab.offer(fibreChannel(lab.b));
        MultipathDevice device = lab.device();
        done(device.reservations().register(new Registration(HOST_KEY)));
        done(device.reservations().reserve(ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        return device;
    }

    private void done(CompletableFuture<ReservationOutcome> asked) {
        assertThat(lab.world.await(asked)).isInstanceOf(ReservationOutcome.Done.class);
    }

    /** The first write, through whichever port, comes back lost, and the array executes it late. */
    private void firstWriteIsLate() {
        AtomicInteger writes = new AtomicInteger();
        lab.a.script(command -> fate(command, writes));
        lab.b.script(command -> fate(command, writes));
    }

    private static SimFate fate(SimCommand command, AtomicInteger writes) {
        return command.changes() && writes.getAndIncrement() == 0 ? SimFate.ghost(0x0e, LATE) : SimFate.normal();
    }

    private char afterTheLateOne(MultipathDevice device) {
        firstWriteIsLate();
        IoFuture first = device.write(0, filled('A'));
        lab.pass(MARGIN);
        assertThat(first).isDone();
        lab.write(device, 0, 'B');
        lab.pass(HOLD.multipliedBy(2));
        return lab.contents(0);
    }

    @Test
    void lateWriteIsRefusedByTheArray() {
        MultipathDevice device = device(ArrayAndHost.defaults().withKeyPerPath(true));

        assertThat(afterTheLateOne(device)).isEqualTo('B');
        ReservationState state = lab.world.await(device.reservations().report());
        assertThat(state.registrants()).as("registered anew behind the hold").hasSize(2);
        assertThat(state.registrants().stream().map(Registrant::key).distinct()).hasSize(2);
        assertThat(device.snapshot().paths()).allMatch(path -> path.usable());
    }

    @Test
    void lateWriteUndoesTheNewerWithoutTheFence() {
        MultipathDevice device = device(ArrayAndHost.defaults().withUnsafeReplayOfUnknownWrites(true));

        assertThat(afterTheLateOne(device)).isEqualTo('A');
    }
}
