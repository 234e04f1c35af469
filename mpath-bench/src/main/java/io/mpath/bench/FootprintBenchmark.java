package io.mpath.bench;

import io.mpath.DeviceId;
import io.mpath.Multipath;
import io.mpath.Offer;
import io.mpath.observe.MultipathEvent;
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
import org.openjdk.jol.info.GraphLayout;

/**
 * Question: how much heap does an idle device take, with its paths?
 *
 * <p>Baseline: {@code candidates}, what the caller has by then in any case: its paths with their names, identities and ports. The
 * objects that can be reached are counted (JOL), of a registry with the devices less those of one without; the candidates are
 * counted with them, because the devices have them. The time is that of the counting, and means nothing.
 *
 * <pre>java -jar mpath-bench/target/benchmarks.jar FootprintBenchmark</pre>
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-Xmx2g",
            "-Djol.magicFieldOffset=true",
            "-Djdk.attach.allowAttachSelf=true",
            "--add-exports=java.base/jdk.internal.vm.annotation=ALL-UNNAMED"
        })
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class FootprintBenchmark {
    /** Paths that nobody has joined. */
    @State(Scope.Benchmark)
    public static class Candidates {
        /** How many devices they lead to. */
        @Param("1000")
        public int devices;

        /** How many there are for each. */
        @Param({"1", "4"})
        public int paths;

        private List<MemoryPath> candidates;

        /** Makes them. */
        @Setup
        public void make() {
            candidates = new ArrayList<>();
            PathPort[] ports = new PathPort[paths];
            Arrays.setAll(ports, port -> new PathPort("port " + port));
            for (int device = 0; device < devices; device++) {
                DeviceId id = DeviceId.named("device " + device);
                for (PathPort port : ports) {
                    candidates.add(new MemoryPath(port + " of " + device, id, port, MemoryPath.AT_ONCE));
                }
            }
        }
    }

    /** A registry before and after they have joined. */
    @State(Scope.Benchmark)
    public static class Joined {
        private Multipath registry;
        private GraphLayout empty;

        /** Joins them. */
        @Setup
        public void join(Candidates candidates) throws InterruptedException {
            registry = Multipath.create();
            empty = GraphLayout.parseInstance(registry);
            // What is still to be told is none of the devices'.
            CountDownLatch told = new CountDownLatch(candidates.candidates.size());
            Runnable stop = registry.listen(event -> {
                if (event instanceof MultipathEvent.PathUsable) {
                    told.countDown();
                }
            });
            List<CompletableFuture<Offer>> offers = new ArrayList<>();
            candidates.candidates.forEach(candidate -> offers.add(registry.offer(candidate)));
            offers.forEach(CompletableFuture::join);
            told.await();
            stop.run();
        }

        /** Closes it. */
        @TearDown
        public void close() {
            registry.close();
        }
    }

    /** What is counted. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Heap {
        /** Bytes for each device. */
        public double bytesPerDevice;

        /** Objects for each device. */
        public double objectsPerDevice;

        private void note(long bytes, long objects, int devices, IterationParams iteration) {
            // JMH adds the iterations up.
            bytesPerDevice = (double) bytes / devices / iteration.getCount();
            objectsPerDevice = (double) objects / devices / iteration.getCount();
        }
    }

    /** The baseline. */
    @Benchmark
    public void candidates(Candidates candidates, Heap heap, IterationParams iteration) {
        GraphLayout all = GraphLayout.parseInstance(candidates.candidates);
        heap.note(all.totalSize(), all.totalCount(), candidates.devices, iteration);
    }

    /** The devices with the candidates. */
    @Benchmark
    public void devices(Candidates candidates, Joined joined, Heap heap, IterationParams iteration) {
        GraphLayout all = GraphLayout.parseInstance(joined.registry);
        heap.note(
                all.totalSize() - joined.empty.totalSize(),
                all.totalCount() - joined.empty.totalCount(),
                candidates.devices,
                iteration);
    }
}
