package io.mpath.bench;

import io.mpath.BlockDevice;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.path.PathPort;
import io.mpath.policy.IoPolicies;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Question: what does a multipath device add to a read, and to a write, from submit to callback, and does it allocate?
 *
 * <p>Baseline: {@code bare}, the same request on the same path as a device of its own, with no layer in between; the path ends
 * it inside submit. What {@code multipath} takes beyond that is the price of many paths. {@code twoAtomics} is a pair of
 * uncontended atomic additions, the unit in which a shared door is measured on any machine. With {@code -prof gc}, {@code
 * gc.alloc.rate.norm} is 0 B/op everywhere, but for the profiler's own rounding.
 *
 * <p>A write costs more than a read: its range is published, and looked for among those of the other requests. The {@code
 * …ByTwo} methods are the same by two threads on one device, which write to blocks of their own.
 *
 * <pre>java -jar mpath-bench/target/benchmarks.jar SubmitBenchmark -prof gc</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Threads(1)
public class SubmitBenchmark {
    private static final DeviceId ID = DeviceId.named("bench");

    /** One path, bare. */
    @State(Scope.Benchmark)
    public static class Bare {
        private Multipath registry;
        private BlockDevice device;

        /** Opens it. */
        @Setup
        public void open() {
            registry = Multipath.create();
            device = registry.openBare(new MemoryPath("bare", ID, new PathPort("port"), MemoryPath.AT_ONCE));
            device.flush().await(); // the first requests wait for the path to be attached
        }

        /** Closes it. */
        @TearDown
        public void close() {
            device.close();
            registry.close();
        }
    }

    /** Paths, each through a port of its own, joined. */
    @State(Scope.Benchmark)
    public static class Joined {
        /** By its name. */
        @Param({"numa", "round-robin", "queue-depth", "service-time", "historical-service-time", "latency"})
        public String policy;

        /** How many. */
        @Param({"1", "4"})
        public int paths;

        private Multipath registry;
        private MultipathDevice device;

        /** Joins them, and waits until all are in use. */
        @Setup
        public void join() {
            registry = Multipath.builder()
                    .settings(DeviceSettings.defaults().withPolicy(IoPolicies.named(policy)))
                    .build();
            for (int i = 0; i < paths; i++) {
                device = registry.join(new MemoryPath("path " + i, ID, new PathPort("port " + i), MemoryPath.AT_ONCE));
            }
            // Attributes change on the control loop, behind the last path's report that it is ready.
            device.policy(IoPolicies.named(policy)).join();
        }

        /** Closes all. */
        @TearDown
        public void close() {
            registry.close();
        }
    }

    /** What one thread submits, time and again. */
    @State(Scope.Thread)
    public static class Reader {
        private final IoRequest request = IoRequest.create();
        private final ByteBuffer block = ByteBuffer.allocateDirect(4096);
        private final AtomicInteger first = new AtomicInteger();
        private final AtomicInteger second = new AtomicInteger();
        private long ownOffset;

        /** Finds the thread a block of its own. */
        @Setup
        public void place(ThreadParams thread) {
            ownOffset = (long) thread.getThreadIndex() * block.capacity();
        }

        private IoStatus read(BlockDevice device) {
            block.clear();
            device.submit(request.read(ownOffset, block));
            return request.status();
        }

        private IoStatus write(BlockDevice device) {
            block.clear();
            device.submit(request.write(ownOffset, block));
            return request.status();
        }
    }

    /** The unit. */
    @Benchmark
    public int twoAtomics(Reader reader) {
        return reader.first.getAndIncrement() + reader.second.getAndIncrement();
    }

    /** The baseline. */
    @Benchmark
    public IoStatus bare(Bare bare, Reader reader, Outcomes outcomes) {
        return outcomes.count(reader.read(bare.device));
    }

    /** The baseline, by two threads. */
    @Benchmark
    @Threads(2)
    public IoStatus bareByTwo(Bare bare, Reader reader, Outcomes outcomes) {
        return outcomes.count(reader.read(bare.device));
    }

    /** The baseline of writes. */
    @Benchmark
    public IoStatus bareWrite(Bare bare, Reader reader, Outcomes outcomes) {
        return outcomes.count(reader.write(bare.device));
    }

    /** One read. */
    @Benchmark
    public IoStatus multipath(Joined joined, Reader reader, Outcomes outcomes) {
        return outcomes.count(reader.read(joined.device));
    }

    /** One read, by each of two threads. */
    @Benchmark
    @Threads(2)
    public IoStatus multipathByTwo(Joined joined, Reader reader, Outcomes outcomes) {
        return outcomes.count(reader.read(joined.device));
    }

    /** One write. */
    @Benchmark
    public IoStatus multipathWrite(Joined joined, Reader reader, Outcomes outcomes) {
        return outcomes.count(reader.write(joined.device));
    }
}
