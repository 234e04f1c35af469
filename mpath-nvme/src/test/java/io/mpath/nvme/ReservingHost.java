package io.mpath.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.nvme.command.HostIdentifier;
import io.mpath.nvme.sim.SimController;
import io.mpath.nvme.sim.SimNvmeTransport;
import io.mpath.path.PathPort;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A host, as one controller of the emulated subsystem knows it: a path, and what it reports. */
final class ReservingHost {
    private static final long NSID = 1;

    /** Longer than all tries of a command take. */
    private static final Duration SETTLED = Duration.ofSeconds(5);

    final SimNvmeTransport transport;
    final NvmePath path;
    final RecordedReports control;
    private final SimWorld world;

    private ReservingHost(SimWorld world, SimNvmeTransport transport) {
        this.world = world;
        this.transport = transport;
        this.control = new RecordedReports(world);
        var controller = new NvmeController(transport, NvmeSettings.defaults());
        this.path = (NvmePath) controller.open(NSID, transport.port().name());
    }

    /** Over fabrics, which know identifiers of 128 bits. Not attached yet. */
    static ReservingHost unattached(SimWorld world, SimController to, int number) {
        byte[] identifier = new byte[HostIdentifier.EXTENDED_BYTES];
        identifier[0] = (byte) number;
        identifier[15] = (byte) number;
        var port = new PathPort(to.name() + number);
        return new ReservingHost(world, SimNvmeTransport.tcp(to, port, Duration.ZERO, HostIdentifier.of(identifier)));
    }

    static ReservingHost over(SimWorld world, SimController to, int number) {
        return unattached(world, to, number).attached();
    }

    /** Over PCIe, with an identifier of 64 bits. */
    static ReservingHost overPcie(SimWorld world, SimController to, int number) {
        var identifier = HostIdentifier.of(new byte[] {(byte) number, 0, 0, 0, 0, 0, 0, 1});
        return new ReservingHost(world, SimNvmeTransport.pcie(to, new PathPort(to.name() + number), identifier))
                .attached();
    }

    ReservingHost attached() {
        world.environment().loop().execute(() -> path.attach(control));
        settle();
        return this;
    }

    void settle() {
        world.runFor(SETTLED);
    }

    ReservationReply send(ReservationCommand command) {
        List<ReservationReply> replies = new ArrayList<>();
        world.environment().blocking().execute(() -> path.reserve(command, replies::add));
        settle();
        assertThat(replies).as("%s", command).hasSize(1);
        return replies.get(0);
    }

    ReservationReply register(ReservationKey existing, ReservationKey wanted) {
        return send(new ReservationCommand.Register(existing, wanted, false, false));
    }

    ReservationReply register(ReservationKey wanted) {
        return register(ReservationKey.NONE, wanted);
    }

    ReservationReply registerIgnoring(ReservationKey wanted) {
        return send(new ReservationCommand.Register(ReservationKey.NONE, wanted, true, false));
    }

    ReservationReply reserve(ReservationKey key, ReservationType type) {
        return send(new ReservationCommand.Reserve(key, type));
    }

    ReservationReply preempt(ReservationKey key, ReservationKey victim, ReservationType type) {
        return send(new ReservationCommand.Preempt(key, victim, type, false));
    }

    ReservationState state() {
        ReservationReply reply = send(new ReservationCommand.Read());
        assertThat(reply).isInstanceOf(ReservationReply.Status.class);
        return ((ReservationReply.Status) reply).state();
    }

    long told() {
        return control.reports.stream()
                .filter("reservations may have changed"::equals)
                .count();
    }
}
