package io.mpath.bench;

import io.mpath.BlockDevice;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.IoCallback;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.path.PathPort;
import io.mpath.policy.IoPolicies;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Question: what does a multipath device add to a read that is completed on another thread, by how many are under way?
 *
 * <p>Baseline: {@code bare}, the same over the same completing thread as a device of its own. One thread keeps {@code depth}
 * reads under way, another ends them; the figure is the time from one submission to the next, which with a depth of 1 is the
 * whole way there and back. Both threads spin: with fewer than two processors the figures mean nothing.
 *
 * <pre>java -jar mpath-bench/target/benchmarks.jar CompletionBenchmark -prof gc</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Threads(1)
public class CompletionBenchmark {
    private static final DeviceId ID = DeviceId.named("bench");
    private static final int MAX_DEPTH = 1 << 13;

    /** One path, bare. */
    @State(Scope.Benchmark)
    public static class Bare {
        private final CompletingThread target = new CompletingThread();
        private Multipath registry;
        private BlockDevice device;

        /** Opens it. */
        @Setup
        public void open() {
            target.start();
            registry = Multipath.create();
            device = registry.openBare(new MemoryPath("bare", ID, new PathPort("port"), target));
            device.flush().await(); // the first requests wait for the path to be attached
        }

        /** Closes it. */
        @TearDown
        public void close() throws InterruptedException {
            device.close();
            registry.close();
            target.stop();
        }
    }

    /** Four paths that lead to one such thread. */
    @State(Scope.Benchmark)
    public static class Joined {
        private static final int PATHS = 4;

        /** By its name. */
        @Param({"round-robin", "queue-depth"})
        public String policy;

        private final CompletingThread target = new CompletingThread();
        private Multipath registry;
        private MultipathDevice device;

        /** Joins them, and waits until all are in use. */
        @Setup
        public void join() {
            target.start();
            registry = Multipath.builder()
                    .settings(DeviceSettings.defaults()
                            .withPolicy(IoPolicies.named(policy))
                            .withMaxInFlight(MAX_DEPTH))
                    .build();
            for (int i = 0; i < PATHS; i++) {
                device = registry.join(new MemoryPath("path " + i, ID, new PathPort("port " + i), target));
            }
            // Attributes change on the control loop, behind the last path's report that it is ready.
            device.policy(IoPolicies.named(policy)).join();
        }

        /** Closes all. */
        @TearDown
        public void close() throws InterruptedException {
            registry.close();
            target.stop();
        }
    }

    /** The reads that are kept under way. */
    @State(Scope.Thread)
    public static class Pipeline {
        /** How many. */
        @Param({"1", "16", "256"})
        public int depth;

        private Read[] reads;
        private int next;

        /** Makes them. */
        @Setup
        public void make() {
            reads = new Read[depth];
            ByteBuffer slab = ByteBuffer.allocateDirect(depth * Read.BYTES);
            for (int i = 0; i < depth; i++) {
                reads[i] = new Read(slab.slice(i * Read.BYTES, Read.BYTES));
            }
        }

        /** Waits for all. */
        @TearDown(Level.Iteration)
        public void drain() {
            for (Read read : reads) {
                read.awaitEnd();
            }
        }

        private IoStatus submitNext(BlockDevice device) {
            Read read = reads[next];
            next = next + 1 == reads.length ? 0 : next + 1;
            IoStatus before = read.awaitEnd();
            read.submit(device);
            return before;
        }
    }

    /** One of them. The end is written by the completing thread, and read by the other. */
    private static final class Read implements IoCallback {
        private static final int BYTES = 4096;

        private final IoRequest request = IoRequest.create().onComplete(this);
        private final ByteBuffer block;
        private volatile IoStatus ended = IoStatus.SUCCESS;

        Read(ByteBuffer block) {
            this.block = block;
        }

        void submit(BlockDevice device) {
            ended = null;
            block.clear();
            device.submit(request.read(0, block));
        }

        IoStatus awaitEnd() {
            IoStatus how = ended;
            while (how == null) {
                Thread.onSpinWait();
                how = ended;
            }
            return how;
        }

        @Override
        public void completed(IoRequest request, IoStatus status) {
            ended = status;
        }
    }

    /** The baseline. */
    @Benchmark
    public IoStatus bare(Bare bare, Pipeline pipeline, Outcomes outcomes) {
        return outcomes.count(pipeline.submitNext(bare.device));
    }

    /** One read more. */
    @Benchmark
    public IoStatus multipath(Joined joined, Pipeline pipeline, Outcomes outcomes) {
        return outcomes.count(pipeline.submitNext(joined.device));
    }
}
