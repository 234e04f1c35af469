package io.mpath.bench;

import io.mpath.BlockDevice;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.IoCallback;
import io.mpath.IoChannel;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.path.PathPort;
import io.mpath.policy.IoPolicies;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Question: what does a read cost through a channel, from submit to callback, beside the shared door, and does a second thread
 * make it dearer?
 *
 * <p>Baseline: {@code bare}, the same request on the same path as a device of its own; the path ends it inside submit. What {@code
 * channel} and {@code shared} take beyond that is the price of many paths by either door. {@code channelPolled} has the path end
 * it in the poll of the channel's own queue, where {@code channel} has it ended by then. {@code twoAtomics} is a pair of
 * uncontended atomic additions, the unit in which doors are measured on any machine. The {@code …ByTwo} methods are the same by
 * two threads on one device, each with a channel of its own.
 *
 * <p>{@code succeeded} and {@code failed} count the reads: a fast failure is no success. With {@code -prof gc}, {@code
 * gc.alloc.rate.norm} is 0 B/op everywhere, but for the profiler's own rounding.
 *
 * <pre>java -jar mpath-bench/target/benchmarks.jar ChannelBenchmark -prof gc</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Threads(1)
public class ChannelBenchmark {
    private static final DeviceId ID = DeviceId.named("bench");

    /** The benchmarks; JMH makes one. */
    public ChannelBenchmark() {}

    /** One path, bare. */
    @State(Scope.Benchmark)
    public static class Bare {
        private Multipath registry;
        private BlockDevice device;

        /** Closed as yet. */
        public Bare() {}

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
        @Param({"numa", "round-robin", "queue-depth"})
        public String policy;

        /** How many. */
        @Param({"1", "8"})
        public int paths;

        private Multipath registry;
        private MultipathDevice device;

        /** Without a path as yet. */
        public Joined() {}

        /** Joins them, and waits until all are in use. */
        @Setup
        public void join() {
            registry = Multipath.builder()
                    .settings(DeviceSettings.defaults().withPolicy(IoPolicies.named(policy)))
                    .build();
            for (int i = 0; i < paths; i++) {
                device = registry.join(path("path " + i, new PathPort("port " + i)));
            }
            // Attributes change on the control loop, behind the last path's report that it is ready.
            device.policy(IoPolicies.named(policy)).join();
        }

        MemoryPath path(String name, PathPort port) {
            return new MemoryPath(name, ID, port, MemoryPath.AT_ONCE);
        }

        /** Closes all. */
        @TearDown
        public void close() {
            registry.close();
        }
    }

    /** The same, with paths that end what comes through a channel when that is polled. */
    @State(Scope.Benchmark)
    public static class Polled extends Joined {
        /** Without a path as yet. */
        public Polled() {}

        @Override
        MemoryPath path(String name, PathPort port) {
            return MemoryPath.polled(name, ID, port);
        }
    }

    /** What one thread submits, time and again. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Reader implements IoCallback {
        /** Reads that ended well. */
        public long succeeded;

        /** Reads that ended in any other way. */
        public long failed;

        private final IoRequest request = IoRequest.create().onComplete(this);
        private final ByteBuffer block = ByteBuffer.allocateDirect(4096);
        private final AtomicInteger first = new AtomicInteger();
        private final AtomicInteger second = new AtomicInteger();

        /** Of one thread. */
        public Reader() {}

        @Override
        public void completed(IoRequest ended, IoStatus status) {
            if (status == IoStatus.SUCCESS) {
                succeeded++;
            } else {
                failed++;
            }
        }

        private IoStatus read(BlockDevice device) {
            block.clear();
            device.submit(request.read(0, block));
            return request.status();
        }

        private int read(IoChannel channel) {
            block.clear();
            channel.submit(request.read(0, block));
            return channel.poll();
        }
    }

    /** A channel of one thread. */
    @State(Scope.Thread)
    public static class Own {
        private IoChannel channel;

        /** Without one as yet. */
        public Own() {}

        /** Opens it, on the thread that is to use it. */
        @Setup(Level.Iteration)
        public void open(Joined joined) {
            channel = joined.device.openChannel();
        }

        /** Closes it. */
        @TearDown(Level.Iteration)
        public void close() {
            channel.close();
        }
    }

    /** A channel of one thread, to paths that have to be polled. */
    @State(Scope.Thread)
    public static class OwnPolled {
        private IoChannel channel;

        /** Without one as yet. */
        public OwnPolled() {}

        /** Opens it, on the thread that is to use it. */
        @Setup(Level.Iteration)
        public void open(Polled polled) {
            channel = ((Joined) polled).device.openChannel();
        }

        /** Closes it. */
        @TearDown(Level.Iteration)
        public void close() {
            channel.close();
        }
    }

    /** The unit. */
    @Benchmark
    public int twoAtomics(Reader reader) {
        return reader.first.getAndIncrement() + reader.second.getAndIncrement();
    }

    /** The baseline. */
    @Benchmark
    public IoStatus bare(Bare bare, Reader reader) {
        return reader.read(bare.device);
    }

    /** The baseline, by two threads. */
    @Benchmark
    @Threads(2)
    public IoStatus bareByTwo(Bare bare, Reader reader) {
        return reader.read(bare.device);
    }

    /** One read through the shared door. */
    @Benchmark
    public IoStatus shared(Joined joined, Reader reader) {
        return reader.read(joined.device);
    }

    /** One read through the shared door, by each of two threads. */
    @Benchmark
    @Threads(2)
    public IoStatus sharedByTwo(Joined joined, Reader reader) {
        return reader.read(joined.device);
    }

    /** One read through a channel. */
    @Benchmark
    public int channel(Own own, Reader reader) {
        return reader.read(own.channel);
    }

    /** One read through a channel, by each of two threads. */
    @Benchmark
    @Threads(2)
    public int channelByTwo(Own own, Reader reader) {
        return reader.read(own.channel);
    }

    /** One read that a poll completes. */
    @Benchmark
    public int channelPolled(OwnPolled own, Reader reader) {
        return reader.read(own.channel);
    }

    /** One read that a poll completes, by each of two threads. */
    @Benchmark
    @Threads(2)
    public int channelPolledByTwo(OwnPolled own, Reader reader) {
        return reader.read(own.channel);
    }
}
