package io.mpath.nvme;

import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mpath.DeviceIoException;
import io.mpath.IoFuture;
import io.mpath.IoStatus;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.nvme.command.HostIdentifier;
import io.mpath.nvme.sim.SimController;
import io.mpath.nvme.sim.SimFate;
import io.mpath.nvme.sim.SimNamespace;
import io.mpath.nvme.sim.SimNvmeTransport;
import io.mpath.nvme.sim.SimSubsystem;
import io.mpath.observe.PathSnapshot;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathPort;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.Standing;
import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Reservations of a device over two controllers of the emulated subsystem, and another host. */
class NvmeReservedDeviceTest {
    private static final int BLOCK = 512;
    private static final ReservationKey KEY = new ReservationKey(0xa);
    private static final ReservationKey FOREIGN = new ReservationKey(0xb);

    private final SimWorld world = SimWorld.seeded(1);
    private final SimSubsystem subsystem = SimSubsystem.in(world, "nqn.2026-01.io.mpath:reserved");
    private final SimNamespace namespace = subsystem.addNamespace(1, 1000, BLOCK);
    private final SimController a = subsystem.addController("a");
    private final SimController b = subsystem.addController("b");
    private final ReservingHost foreign = ReservingHost.over(world, b, 2);
    private final NvmePeers peers = new NvmePeers();
    private final Multipath registry =
            Multipath.builder().environment(world.environment()).build();
    private final MultipathDevice device = device();

    private record Candidate(NvmeController controller) implements PathCandidate {
        @Override
        public String name() {
            return controller.port().name();
        }

        @Override
        public String transport() {
            return "nvme-emulated";
        }

        @Override
        public DevicePath open() {
            return controller.open(1, name());
        }
    }

    private MultipathDevice device() {
        for (SimController controller : List.of(a, b)) {
            var transport = SimNvmeTransport.tcp(
                    controller, new PathPort(controller.name()), Duration.ofSeconds(5), HostIdentifier.of(new byte[] {
                        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
                    }));
            world.await(registry.offer(new Candidate(new NvmeController(transport, NvmeSettings.defaults(), peers))));
        }
        return registry.devices().get(0);
    }

    private ReservationOutcome outcome(CompletableFuture<ReservationOutcome> future) {
        return world.await(future);
    }

    private IoStatus written() {
        IoFuture write = device.write(0, ByteBuffer.allocate(BLOCK));
        Throwable thrown = catchThrowable(() -> world.await(write));
        return thrown == null ? IoStatus.SUCCESS : ((DeviceIoException) thrown.getCause()).status();
    }

    private void registered() {
        assertThat(outcome(device.reservations().register(new Registration(KEY))))
                .isInstanceOf(ReservationOutcome.Done.class);
    }

    @Test
    void hostIsRegisteredOnceAndReservesOverBothOfItsControllers() {
        registered();
        assertThat(outcome(device.reservations().reserve(WRITE_EXCLUSIVE))).isInstanceOf(ReservationOutcome.Done.class);
        ReservationState state = world.await(device.reservations().report());
        assertThat(state.registrants()).hasSize(1);
        assertThat(state.heldBy(KEY)).isTrue();
        for (int i = 0; i < 8; i++) {
            assertThat(written()).isEqualTo(IoStatus.SUCCESS);
        }
        foreign.register(FOREIGN);
        assertThat(foreign.reserve(FOREIGN, WRITE_EXCLUSIVE)).isInstanceOf(ReservationReply.Conflict.class);
    }

    @Test
    void ioThatConflictsFailsAndBlamesNoPath() {
        foreign.register(FOREIGN);
        foreign.reserve(FOREIGN, EXCLUSIVE_ACCESS);
        assertThat(written()).isEqualTo(IoStatus.RESERVATION_CONFLICT);
        world.runFor(Duration.ofSeconds(2));
        assertThat(device.snapshot().paths()).allMatch(PathSnapshot::usable);
        assertThat(device.snapshot().counters().failovers()).isZero();
    }

    @Test
    void registrationWhoseAnswerIsLostIsFoundDone() {
        a.script(command -> command.reserves() ? SimFate.unanswered() : SimFate.normal());
        b.script(command -> command.reserves() ? SimFate.unanswered() : SimFate.normal());
        registered();
        assertThat(foreign.state().count(KEY)).isEqualTo(1);
    }

    @Test
    void hostThatIsPreemptedIsToldAndStaysUnregistered() {
        registered();
        outcome(device.reservations().reserve(WRITE_EXCLUSIVE));
        foreign.register(FOREIGN);
        foreign.preempt(FOREIGN, KEY, WRITE_EXCLUSIVE);
        world.runFor(Duration.ofSeconds(2));
        assertThat(device.reservations().standing().phase()).isEqualTo(Standing.Phase.LOST);
        assertThat(foreign.state().count(KEY)).isZero();
        assertThat(written()).isEqualTo(IoStatus.RESERVATION_CONFLICT);
        assertThat(namespace.disk().contents(0, BLOCK)).containsOnly(0);
    }

    @Test
    void deviceWithoutReservationsSaysSo() {
        namespace.reservationCapabilities(0);
        assertThat(outcome(device.reservations().register(new Registration(KEY))))
                .isInstanceOf(ReservationOutcome.NotSupported.class);
    }
}
