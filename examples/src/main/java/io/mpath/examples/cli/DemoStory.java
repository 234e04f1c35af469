package io.mpath.examples.cli;

import io.mpath.DeviceId;
import io.mpath.Environment;
import io.mpath.examples.workload.StopSignal;
import io.mpath.nvme.NvmeController;
import io.mpath.nvme.NvmeSettings;
import io.mpath.nvme.sim.SimAnaState;
import io.mpath.nvme.sim.SimController;
import io.mpath.nvme.sim.SimNamespaceIdentity;
import io.mpath.nvme.sim.SimNvmeTransport;
import io.mpath.nvme.sim.SimSubsystem;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathPort;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What happens to the emulated NVMe subsystem of {@code mpath demo}: two controllers over fabrics, one shared namespace. */
final class DemoStory implements AutoCloseable {
    /** The namespace. */
    static final DeviceId ID = DeviceId.parse("nguid.6d70617468000000" + "64656d6f00000001");

    private static final String NQN = "nqn.2026-01.io.mpath:demo";
    private static final long NSID = 1;
    private static final int GROUP = 1;
    private static final int BLOCK = 4096;
    private static final long BLOCKS = (64L << 20) / BLOCK;
    private static final Duration LEAST_LATENCY = Duration.ofMillis(1);
    private static final Duration MOST_LATENCY = Duration.ofMillis(3);
    // What was under way with the controller that is pulled is held for three times as long.
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(1);
    private static final PathPort.Timeouts TIMEOUTS =
            new PathPort.Timeouts(Duration.ofMillis(50), Duration.ZERO, Duration.ZERO);

    private final Environment emulation = Environment.system();
    private final Connected left;
    private final Connected right;

    DemoStory() {
        var subsystem = SimSubsystem.inRealTime(emulation, NQN);
        subsystem
                .addNamespace(NSID, BLOCKS, BLOCK)
                .identity(SimNamespaceIdentity.ofNguid(
                        ID.toString().substring(ID.toString().indexOf('.') + 1)));
        left = Connected.to(subsystem, "controller-a");
        right = Connected.to(subsystem, "controller-b");
    }

    /** A controller, and this host's connection to it; leads to the namespace as a path. */
    private record Connected(SimController controller, NvmeController driver) implements PathCandidate {
        static Connected to(SimSubsystem subsystem, String name) {
            SimController controller = subsystem.addController(name).latency(LEAST_LATENCY, MOST_LATENCY);
            SimNvmeTransport connection =
                    SimNvmeTransport.tcp(controller, new PathPort(name, PathPort.NO_NODE, TIMEOUTS), KEEP_ALIVE);
            return new Connected(controller, new NvmeController(connection, NvmeSettings.defaults()));
        }

        @Override
        public String name() {
            return controller.name() + ".n" + NSID;
        }

        @Override
        public String transport() {
            return "nvme-tcp";
        }

        @Override
        public DevicePath open() {
            return driver.open(NSID, name());
        }

        void ana(SimAnaState state) {
            controller.anaState(GROUP, state);
        }

        /** It loses what it had under way, and cannot be connected. */
        void pull() {
            controller.refuseAssociations("it was pulled");
            controller.reset();
        }

        /** This host, which keeps trying, is connected again. */
        void putBack() {
            controller.refuseAssociations(null);
        }
    }

    List<? extends PathCandidate> paths() {
        return List.of(left, right);
    }

    /** Something that happens, at a hundredth of the whole time. */
    private record Scene(int atPercent, Runnable happens) {}

    private List<Scene> scenes() {
        return List.of(
                new Scene(12, () -> right.ana(SimAnaState.NON_OPTIMIZED)),
                new Scene(24, () -> right.ana(SimAnaState.OPTIMIZED)),
                new Scene(34, left::pull),
                new Scene(55, left::putBack),
                new Scene(65, () -> right.ana(SimAnaState.INACCESSIBLE)),
                new Scene(72, () -> left.ana(SimAnaState.CHANGE)),
                new Scene(76, () -> left.ana(SimAnaState.NON_OPTIMIZED)),
                new Scene(84, () -> right.ana(SimAnaState.OPTIMIZED)),
                new Scene(92, () -> left.ana(SimAnaState.OPTIMIZED)));
    }

    /** Tells the story in {@code time}, unless {@code stop} comes first. */
    void tell(Duration time, StopSignal stop) {
        long startNanos = System.nanoTime();
        for (Scene scene : scenes()) {
            if (awaits(time.toNanos() / 100 * scene.atPercent(), startNanos, stop)) {
                return;
            }
            scene.happens().run();
        }
        awaits(time.toNanos(), startNanos, stop);
    }

    private static boolean awaits(long dueNanos, long startNanos, StopSignal stop) {
        long leftNanos = dueNanos - (System.nanoTime() - startNanos);
        return stop.await(TimeUnit.NANOSECONDS.toMillis(Math.max(0, leftNanos)));
    }

    /** To be closed behind its paths. */
    @Override
    public void close() {
        left.driver().close();
        right.driver().close();
        emulation.stop().run();
    }
}
