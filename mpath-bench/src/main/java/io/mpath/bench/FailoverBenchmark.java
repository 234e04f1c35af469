package io.mpath.bench;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import io.mpath.policy.IoPolicies;
import java.nio.ByteBuffer;
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

/**
 * Question: how long until all reads in flight on a path that dies have ended on the other one?
 *
 * <p>Baseline: {@code ended}, the same reads completed by the path that has them.
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
        // One thread fills one stripe, so a stripe has to have room for all.
        private static final int ROOM = 1 << 20;
        private static final PathFailure LOST = PathFailure.failOver(Certainty.UNKNOWN, "connection lost");

        /** How many. */
        @Param("100000")
        public int requests;

        private final ByteBuffer block = ByteBuffer.allocateDirect(4096);
        private IoRequest[] reads;
        private Multipath registry;
        private HeldRequests held;
        private MemoryPath dying;
        private CountDownLatch ended;

        /** Makes the requests. */
        @Setup
        public void make() {
            reads = new IoRequest[requests];
            for (int i = 0; i < requests; i++) {
                reads[i] = IoRequest.create().onComplete((request, status) -> ended.countDown());
            }
        }

        /** Submits all of them to the path that is to die. */
        @Setup(Level.Invocation)
        public void submit() {
            registry = Multipath.builder()
                    .settings(DeviceSettings.defaults().withMaxInFlight(ROOM))
                    .build();
            held = new HeldRequests(requests);
            ended = new CountDownLatch(requests);
            DeviceId id = DeviceId.named("bench");
            dying = new MemoryPath("dying", id, new PathPort("port 0"), held);
            MemoryPath other = new MemoryPath("other", id, new PathPort("port 1"), MemoryPath.AT_ONCE);
            MultipathDevice device = registry.join(dying);
            registry.join(other);
            other.control().accessState(AccessState.NON_OPTIMIZED);
            // Behind the report, on the control loop.
            device.policy(IoPolicies.numa()).join();
            for (IoRequest request : reads) {
                block.clear();
                device.submit(request.read(0, block));
            }
            if (held.count() != requests) {
                throw new IllegalStateException(held.count() + " requests on the path that is to die");
            }
        }

        /** Checks that all went well. */
        @TearDown(Level.Invocation)
        public void check() {
            for (IoRequest request : reads) {
                if (request.status() != IoStatus.SUCCESS) {
                    throw new IllegalStateException("a read failed", request.failure());
                }
            }
            registry.close();
        }
    }

    /** What became of them. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Ended {
        /** Reads that ended; well, or the run fails. */
        public long reads;
    }

    /** The baseline. */
    @Benchmark
    public void ended(InFlight inFlight, Ended ended) throws InterruptedException {
        inFlight.held.completeAll();
        inFlight.ended.await();
        ended.reads += inFlight.requests;
    }

    /** The path dies; the reads end on the other one. */
    @Benchmark
    public void failedOver(InFlight inFlight, Ended ended) throws InterruptedException {
        inFlight.dying.control().notReady("connection lost");
        inFlight.held.failAll(InFlight.LOST);
        inFlight.ended.await();
        ended.reads += inFlight.requests;
    }
}
