package io.mpath.bench;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.Offer;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.Certainty;
import io.mpath.path.PathControl;
import io.mpath.path.PathControl.AccessChange;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import io.mpath.policy.IoPolicies;
import java.nio.ByteBuffer;
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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.IterationParams;

/**
 * Questions: how long until 100,000 reads in flight on a path that dies have ended on the other one; how long until one change
 * of an array is in force on 10,000 devices of 4 paths; how much heap does such a device take?
 *
 * <p>Baselines: for {@code failedOver} it is {@code ended}, the same reads completed by the path that has them; for {@code
 * changed} it is {@code tasks}, the control loop running one empty task for each device. {@code heapBytesPerDevice} is roughly
 * what a device takes with its four paths: by how much the heap grew, after a collection, with the paths' own objects and names
 * and two records of the benchmark in it.
 *
 * <pre>java -jar mpath-bench/target/benchmarks.jar FailoverBenchmark</pre>
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 10)
@Measurement(iterations = 10)
public class FailoverBenchmark {
    /** Reads in flight on one of two paths. */
    @State(Scope.Benchmark)
    public static class InFlight {
        private static final int REQUESTS = 100_000;
        // One thread fills one stripe, so a stripe has to have room for all.
        private static final int ROOM = 1 << 20;
        private static final PathFailure LOST = PathFailure.failOver(Certainty.UNKNOWN, "connection lost");

        private final IoRequest[] requests = new IoRequest[REQUESTS];
        private final ByteBuffer block = ByteBuffer.allocateDirect(4096);
        private Multipath registry;
        private HeldRequests held;
        private MemoryPath dying;
        private CountDownLatch ended;

        /** Makes the requests. */
        @Setup
        public void make() {
            for (int i = 0; i < REQUESTS; i++) {
                requests[i] = IoRequest.create().onComplete((request, status) -> ended.countDown());
            }
        }

        /** Submits all of them to the path that is to die. */
        @Setup(Level.Invocation)
        public void submit() {
            registry = Multipath.builder()
                    .settings(DeviceSettings.defaults().withMaxInFlight(ROOM))
                    .build();
            held = new HeldRequests(REQUESTS);
            ended = new CountDownLatch(REQUESTS);
            DeviceId id = DeviceId.named("bench");
            dying = new MemoryPath("dying", id, new PathPort("port 0"), held);
            MemoryPath other = new MemoryPath("other", id, new PathPort("port 1"), MemoryPath.AT_ONCE);
            MultipathDevice device = registry.join(dying);
            registry.join(other);
            other.control().accessState(AccessState.NON_OPTIMIZED);
            // Behind the report, on the control loop.
            device.policy(IoPolicies.numa()).join();
            for (IoRequest request : requests) {
                block.clear();
                device.submit(request.read(0, block));
            }
            if (held.count() != REQUESTS) {
                throw new IllegalStateException(held.count() + " requests on the path that is to die");
            }
        }

        /** Checks that all went well. */
        @TearDown(Level.Invocation)
        public void check() {
            for (IoRequest request : requests) {
                if (request.status() != IoStatus.SUCCESS) {
                    throw new IllegalStateException("a read failed", request.failure());
                }
            }
            registry.close();
        }
    }

    /** Idle devices behind four ports. */
    @State(Scope.Benchmark)
    public static class Fleet {
        private static final int DEVICES = 10_000;
        private static final int PATHS = 4;

        private final List<AccessChange> optimized = new ArrayList<>();
        private final List<AccessChange> unavailable = new ArrayList<>();
        private Multipath registry;
        private PathControl control;
        private MemoryPath last;
        private boolean away;
        private double heapBytesPerDevice;

        /** Joins all of them. */
        @Setup
        public void join() throws InterruptedException {
            long before = liveBytes();
            registry = Multipath.create();
            PathPort[] ports = new PathPort[PATHS];
            Arrays.setAll(ports, port -> new PathPort("port " + port));
            List<CompletableFuture<Offer>> offers = new ArrayList<>();
            for (int device = 0; device < DEVICES; device++) {
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
            heapBytesPerDevice = (double) (liveBytes() - before) / DEVICES;
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
            for (int i = 0; i < DEVICES; i++) {
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
    }

    /** The baseline of {@link #failedOver}. */
    @Benchmark
    public void ended(InFlight inFlight) throws InterruptedException {
        inFlight.held.completeAll();
        inFlight.ended.await();
    }

    /** The path dies; the reads end on the other one. */
    @Benchmark
    public void failedOver(InFlight inFlight) throws InterruptedException {
        inFlight.dying.control().notReady("connection lost");
        inFlight.held.failAll(InFlight.LOST);
        inFlight.ended.await();
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
    }
}
