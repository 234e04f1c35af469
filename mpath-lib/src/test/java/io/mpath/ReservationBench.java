package io.mpath;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.Reservations;
import io.mpath.reservation.Standing;
import io.mpath.sim.SimNexus;
import io.mpath.sim.SimPath;
import io.mpath.sim.SimReservations;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** A device of a few paths whose reservations are used, and another host that uses the same disk. */
final class ReservationBench {
    static final ReservationKey KEY = new ReservationKey(0xa);
    static final ReservationKey NEW_KEY = new ReservationKey(0xaa);
    static final ReservationKey FOREIGN_KEY = new ReservationKey(0xf);
    static final SimNexus FOREIGN = new SimNexus("other", "z");
    static final Duration HOLD = Duration.ofSeconds(5);

    final DataPathBench bench;
    final Reservations reservations;

    ReservationBench(int paths) {
        this(paths, settings());
    }

    ReservationBench(int paths, DeviceSettings settings) {
        bench = new DataPathBench(paths, settings);
        for (int i = 0; i < paths; i++) {
            bench.path(i).hold(HOLD);
        }
        reservations = bench.device.reservations();
        bench.runUntilIdle();
    }

    static DeviceSettings settings() {
        return DeviceSettings.defaults().withHold(HOLD).withNoPath(NoPathPolicy.queueFor(Duration.ofSeconds(90)));
    }

    ReservationBench perHost() {
        disk().perNexus(false);
        return this;
    }

    SimReservations disk() {
        return bench.disk().reservations();
    }

    SimPath path(int number) {
        return bench.path(number);
    }

    ReservationOutcome await(CompletableFuture<ReservationOutcome> asked) {
        return bench.world.await(asked);
    }

    void registered() {
        assertThat(await(reservations.register(new Registration(KEY)))).isInstanceOf(ReservationOutcome.Done.class);
    }

    void reserved(ReservationType type) {
        registered();
        assertThat(await(reservations.reserve(type))).isInstanceOf(ReservationOutcome.Done.class);
    }

    /** Does something in the other host's name, at once. */
    void foreign(ReservationCommand command) {
        assertThat(disk().carryOut(FOREIGN, command)).isInstanceOf(ReservationReply.Done.class);
    }

    void foreignRegisters() {
        foreign(new ReservationCommand.Register(ReservationKey.NONE, FOREIGN_KEY, false, false));
    }

    void foreignPreempts() {
        foreignRegisters();
        foreign(new ReservationCommand.Preempt(
                FOREIGN_KEY, KEY, ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, false));
    }

    ReservationKey keyOf(int path) {
        return disk().key(path(path).nexus());
    }

    Standing.Phase phase() {
        return reservations.standing().phase();
    }

    DataPathBench.Ending write() {
        return bench.submit(IoRequest.create().write(0, DataPathBench.data(1, 1)));
    }

    /** How a write ends, given some seconds. */
    IoStatus written() {
        DataPathBench.Ending ending = write();
        bench.runFor(Duration.ofSeconds(1));
        return ending.once();
    }

    boolean usable(int path) {
        return bench.device.snapshot().paths().stream()
                .filter(snapshot -> snapshot.name().equals(path(path).name()))
                .anyMatch(snapshot -> snapshot.usable());
    }

    List<ReservationCommand> sent(int path, Predicate<ReservationCommand> which) {
        return path(path).reserving().commands().stream().filter(which).toList();
    }
}
