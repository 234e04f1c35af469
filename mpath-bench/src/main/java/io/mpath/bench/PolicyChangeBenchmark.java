package io.mpath.bench;

import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.NoPathPolicy;
import io.mpath.path.PathPort;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Question: what do reads pay while the policy is changed thousands of times a second, and is one lost by it?
 *
 * <p>Baseline: {@code steady}, the same reads while another attribute is changed as often, to what it is already. {@code changes}
 * counts them; {@code failed} must be 0.
 *
 * <pre>java -jar mpath-bench/target/benchmarks.jar PolicyChangeBenchmark</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Threads(1)
public class PolicyChangeBenchmark {
    /** A device of four paths, and who changes it. */
    @State(Scope.Benchmark)
    public static class Changed {
        private static final DeviceId ID = DeviceId.named("bench");
        private static final int PATHS = 4;
        private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
        private static final List<IoPolicy> POLICIES = IoPolicies.all();

        private Multipath registry;
        private MultipathDevice device;
        private Thread changer;
        private volatile boolean stopped;
        private volatile long changes;

        /** Joins the paths. */
        @Setup
        public void join() {
            registry = Multipath.builder().settings(DeviceSettings.defaults()).build();
            for (int i = 0; i < PATHS; i++) {
                device = registry.join(new MemoryPath("path " + i, ID, new PathPort("port " + i), MemoryPath.AT_ONCE));
            }
            device.policy(POLICIES.get(0)).join();
        }

        /** Closes all. */
        @TearDown
        public void close() {
            registry.close();
        }

        private void begin(boolean policy) {
            stopped = false;
            changes = 0;
            changer = new Thread(() -> change(policy), "bench-changer");
            changer.start();
        }

        private void change(boolean policy) {
            for (int i = 0; !stopped; i++) {
                if (policy) {
                    device.policy(POLICIES.get(i % POLICIES.size())).join();
                } else {
                    device.noPath(NoPathPolicy.queueForever()).join();
                }
                changes = i + 1L;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        private void end() throws InterruptedException {
            stopped = true;
            changer.join();
        }
    }

    /** Changes what is there already. */
    @State(Scope.Benchmark)
    public static class Steadily {
        /** Begins. */
        @Setup(Level.Iteration)
        public void begin(Changed changed) {
            changed.begin(false);
        }

        /** Ends. */
        @TearDown(Level.Iteration)
        public void end(Changed changed) throws InterruptedException {
            changed.end();
        }
    }

    /** Changes the policy. */
    @State(Scope.Benchmark)
    public static class ByPolicy {
        /** Begins. */
        @Setup(Level.Iteration)
        public void begin(Changed changed) {
            changed.begin(true);
        }

        /** Ends. */
        @TearDown(Level.Iteration)
        public void end(Changed changed) throws InterruptedException {
            changed.end();
        }
    }

    /** What is measured beside time. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Changes {
        /** Made while it was read. */
        public long changes;
    }

    /** What is read, time and again. */
    @State(Scope.Thread)
    public static class Reader {
        private final IoRequest request = IoRequest.create();
        private final ByteBuffer block = ByteBuffer.allocateDirect(4096);

        private IoStatus read(MultipathDevice device) {
            block.clear();
            device.submit(request.read(0, block));
            return request.status();
        }
    }

    /** The baseline. */
    @Benchmark
    public IoStatus steady(Changed changed, Steadily steadily, Reader reader, Outcomes outcomes, Changes changes) {
        changes.changes = changed.changes;
        return outcomes.count(reader.read(changed.device));
    }

    /** One read while the policy changes. */
    @Benchmark
    public IoStatus changing(Changed changed, ByPolicy byPolicy, Reader reader, Outcomes outcomes, Changes changes) {
        changes.changes = changed.changes;
        return outcomes.count(reader.read(changed.device));
    }
}
