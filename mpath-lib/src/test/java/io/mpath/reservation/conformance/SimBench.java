package io.mpath.reservation.conformance;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.path.DevicePath;
import io.mpath.path.PathPort;
import io.mpath.path.Reservable;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.conformance.ConformanceResult.Status;
import io.mpath.sim.SimDisk;
import io.mpath.sim.SimPath;
import io.mpath.sim.SimPort;
import io.mpath.sim.SimReservations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A simulated disk with two nexuses of one host and one of another, whose answers come before the question returns. */
final class SimBench {
    private static final int BLOCK = 512;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final SimDisk disk = new SimDisk(DeviceId.named("disk"), Geometry.of(1 << 20, BLOCK));
    private final List<SimPath> paths = new ArrayList<>();
    private Flaw flaw = (path, command, honest, done) -> honest.reserve(command, done);
    private boolean lawless;

    /** What comes between the suite and a device that knows the rules. */
    @FunctionalInterface
    interface Flaw {
        void reserve(SimPath path, ReservationCommand command, Reservable honest, Consumer<ReservationReply> done);
    }

    SimBench(boolean perNexus) {
        disk.reservations().perNexus(perNexus);
        add("a", "local");
        add("b", "local");
        add("c", "remote");
    }

    /** Commands go through {@code value}. */
    SimBench flawed(Flaw value) {
        flaw = value;
        return this;
    }

    /** Every I/O is let through, whatever is reserved. */
    SimBench lawless() {
        lawless = true;
        return this;
    }

    SimReservations reservations() {
        return disk.reservations();
    }

    List<SimPath> paths() {
        return paths;
    }

    ConformanceTarget target() {
        List<Nexus> nexuses = paths.stream().map(this::nexus).toList();
        return new ConformanceTarget("disk", nexuses, Runnable::run, TIMEOUT)
                .withWaiting((answer, limit) -> answer.isDone());
    }

    /** Runs everything. */
    static ConformanceReport run(ConformanceTarget target) {
        return ConformanceSuite.run(target, result -> {});
    }

    static List<String> ids(ConformanceReport report, Status status) {
        return report.results().stream()
                .filter(result -> result.status() == status)
                .map(result -> result.scenario().id())
                .toList();
    }

    /** The scenarios that are rules for such a device and have such a step. */
    static List<String> withStep(boolean perNexus, Predicate<Step> step) {
        return ConformanceSuite.scenarios().stream()
                .filter(scenario -> scenario.clause(perNexus).isPresent())
                .filter(scenario -> scenario.steps().stream().anyMatch(step))
                .map(ConformanceScenario::id)
                .toList();
    }

    static ConformanceScenario scenario(String id) {
        return ConformanceSuite.scenarios().stream()
                .filter(scenario -> scenario.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void add(String port, String host) {
        paths.add(new SimPath(port + ".disk", SimPort.inRealTime(new PathPort(port)), disk).host(host));
    }

    private Nexus nexus(SimPath path) {
        DevicePath open = path.open();
        return new Nexus(
                path.name(),
                path.nexus().host(),
                new Between(path, (Reservable) open),
                write -> lawless ? Access.allowed() : BlockProbe.tryAccess(open, BLOCK, write));
    }

    private final class Between implements Reservable {
        private final SimPath path;
        private final Reservable honest;

        Between(SimPath path, Reservable honest) {
            this.path = path;
            this.honest = honest;
        }

        @Override
        public boolean reservesPerNexus() {
            return honest.reservesPerNexus();
        }

        @Override
        public void reserve(ReservationCommand command, Consumer<ReservationReply> done) {
            flaw.reserve(path, command, honest, done);
        }
    }
}
