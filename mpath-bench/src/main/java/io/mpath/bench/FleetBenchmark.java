package io.mpath.bench;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.DeviceState;
import io.mpath.Multipath;
import io.mpath.Offer;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.PathControl;
import io.mpath.path.PathControl.AccessChange;
import io.mpath.path.PathPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;

/**
 * Questions: how long until one change of an array is in force on all devices, each of 4 paths; how much does the heap grow for
 * such a device?
 *
 * <p>Baseline: {@code tasks}, the control loop running one empty task for each device. {@code heapBytesPerDevice} is roughly
 * what a device takes with its four paths: by how much the heap grew, after a collection, with the paths' own objects and names
 * and two records of the benchmark in it; {@link FootprintBenchmark} counts the objects instead. {@code live} is how many devices
 * could serve after the last change.
 *
 * <pre>java -jar mpath-bench/target/benchmarks.jar FleetBenchmark</pre>
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 10)
@Measurement(iterations = 10)
public class FleetBenchmark {
    /** Idle devices behind four ports. */
    @State(Scope.Benchmark)
    public static class Fleet {
        private static final int PATHS = 4;

        /** How many. */
        @Param("10000")
        public int devices;

        private final List<AccessChange> optimized = new ArrayList<>();
        private final List<AccessChange> unavailable = new ArrayList<>();
        private Multipath registry;
        private PathControl control;
        private MemoryPath last;
        private boolean away;
        private long live;
        private double heapBytesPerDevice;

        /** Joins all of them. */
        @Setup
        public void join() throws InterruptedException {
            long before = liveBytes();
            registry = Multipath.create();
            PathPort[] ports = new PathPort[PATHS];
            Arrays.setAll(ports, port -> new PathPort("port " + port));
            List<CompletableFuture<Offer>> offers = new ArrayList<>();
            for (int device = 0; device < devices; device++) {
                DeviceId id = DeviceId.named("device " + device);
                for (PathPort port : ports) {
                    last = new MemoryPath(port + " of " + device, id, port, MemoryPath.AT_ONCE);
                    offers.add(registry.offer(last));
                    if (port == ports[0]) {
                        optimized.add(new AccessChange(last, AccessState.OPTIMIZED, false));
                        unavailable.add(new AccessChange(last, AccessState.UNAVAILABLE, false));
                    }
                }
            }
            offers.forEach(CompletableFuture::join);
            offers.clear();
            control = last.control();
            settle();
            heapBytesPerDevice = (double) (liveBytes() - before) / devices;
        }

        /** Waits until listeners would have been told of everything so far: events are told in order. */
        @Setup(Level.Invocation)
        public void settle() throws InterruptedException {
            CountDownLatch told = new CountDownLatch(1);
            Runnable stop = registry.listen(event -> {
                if (event instanceof MultipathEvent.AccessStateChanged changed
                        && changed.path().equals(last.name())
                        && changed.to() == AccessState.OPTIMIZED) {
                    told.countDown();
                }
            });
            control.accessState(AccessState.NON_OPTIMIZED);
            control.accessState(AccessState.OPTIMIZED);
            told.await();
            stop.run();
        }

        /** Counts the devices that serve; behind the measurement. */
        @TearDown(Level.Invocation)
        public void count() {
            live = registry.devices().stream()
                    .filter(device -> device.state() == DeviceState.LIVE)
                    .count();
        }

        /** Closes all. */
        @TearDown
        public void close() {
            registry.close();
        }

        private void change() throws InterruptedException {
            away = !away;
            control.accessStates(away ? unavailable : optimized);
            awaitLoop();
        }

        private void tasks() throws InterruptedException {
            for (int i = 0; i < devices; i++) {
                control.loop().execute(() -> {});
            }
            awaitLoop();
        }

        private void awaitLoop() throws InterruptedException {
            CountDownLatch reached = new CountDownLatch(1);
            control.loop().execute(reached::countDown);
            reached.await();
        }

        private static long liveBytes() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        }
    }

    /** What is measured beside time. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Footprint {
        /** Heap of one device with its paths. */
        public double heapBytesPerDevice;

        /** Devices that could serve. */
        public double live;
    }

    /** The baseline of {@link #changed}. */
    @Benchmark
    public void tasks(Fleet fleet) throws InterruptedException {
        fleet.tasks();
    }

    /** One path of each device goes away, or comes back. */
    @Benchmark
    public void changed(Fleet fleet, Footprint footprint, IterationParams iteration) throws InterruptedException {
        fleet.change();
        // JMH adds the iterations up.
        footprint.heapBytesPerDevice = fleet.heapBytesPerDevice / iteration.getCount();
        footprint.live = (double) fleet.live / iteration.getCount();
    }
}
