package io.mpath.bench;

import io.mpath.DeviceId;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.observe.PathSnapshot;
import io.mpath.path.PathControl;
import io.mpath.path.PathPort;
import io.mpath.policy.IoPolicies;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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

/**
 * Question: how long until a path has joined a device of so many, and left it again?
 *
 * <p>Baseline: {@code hops}, the same way through the threads with nothing done on it: once to a thread that may block, and twice to
 * the control loop. {@code left} counts what became of the paths.
 *
 * <pre>java -jar mpath-bench/target/benchmarks.jar PathChangeBenchmark</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Threads(1)
public class PathChangeBenchmark {
    private static final DeviceId ID = DeviceId.named("bench");

    /** A device, and a port for who comes and goes. */
    @State(Scope.Benchmark)
    public static class Members {
        /** How many paths stay. */
        @Param({"1", "8"})
        public int paths;

        private final PathPort port = new PathPort("port of the newcomer");
        private Multipath registry;
        private MultipathDevice device;
        private PathControl control;
        private long newcomers;

        /** Joins those that stay. */
        @Setup
        public void join() {
            registry = Multipath.create();
            for (int i = 0; i < paths; i++) {
                MemoryPath path = new MemoryPath("path " + i, ID, new PathPort("port " + i), MemoryPath.AT_ONCE);
                device = registry.join(path);
                control = path.control();
            }
            device.policy(IoPolicies.numa()).join();
        }

        /** Checks that those that stay are all that is left. */
        @TearDown
        public void close() {
            List<PathSnapshot> left = device.snapshot().paths();
            registry.close();
            if (left.size() != paths) {
                throw new IllegalStateException(left.size() + " paths are left of " + paths);
            }
        }

        private MemoryPath newcomer() {
            newcomers++;
            return new MemoryPath("newcomer " + newcomers, ID, port, MemoryPath.AT_ONCE);
        }
    }

    /** What is counted beside time. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Departed {
        /** Paths that came and left. */
        public long left;
    }

    /** The baseline. */
    @Benchmark
    public void hops(Members members) {
        CompletableFuture.runAsync(() -> {}, members.control.blocking())
                .thenRunAsync(() -> {}, members.control.loop())
                .join();
        CompletableFuture.runAsync(() -> {}, members.control.loop()).join();
    }

    /** One path comes and leaves. */
    @Benchmark
    public void joinedAndLeft(Members members, Departed departed) {
        MemoryPath newcomer = members.newcomer();
        members.registry.join(newcomer);
        members.device.removePath(newcomer.name()).join();
        departed.left++;
    }
}
