package io.mpath.bench;

import io.mpath.policy.IoPolicies;
import io.mpath.policy.NumaTopology;
import io.mpath.policy.PathSelector;
import io.mpath.policy.SelectablePath;
import io.mpath.policy.SelectorCursor;
import io.mpath.policy.ServiceHistory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Question: what does choosing a path cost a thread that has a cursor of its own, by policy and number of paths?
 *
 * <p>Baseline: {@code floor}, the least that spreads requests at all: a volatile read of an array and an index that goes round.
 * The {@code …ByTwo} methods are the same by two threads, which share the paths and nothing else.
 *
 * <p>Queue-depth meets ports that are all equally busy, so it looks at every one. Accounting is not part of this: see {@link
 * SubmitBenchmark}.
 *
 * <pre>java -jar mpath-bench/target/benchmarks.jar SelectBenchmark -prof gc</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Threads(1)
public class SelectBenchmark {
    /** Paths without a policy. */
    @State(Scope.Benchmark)
    public static class Paths {
        /** How many. */
        @Param({"2", "8", "32"})
        public int paths;

        private volatile SelectablePath[] candidates;

        /** Makes them. */
        @Setup
        public void make() {
            candidates = candidates(paths);
        }
    }

    /** Paths and a selector over them, replaced together as a device does. */
    @State(Scope.Benchmark)
    public static class Choice {
        /** By its name. */
        @Param({"numa", "round-robin", "queue-depth", "service-time", "historical-service-time", "latency"})
        public String policy;

        /** How many. */
        @Param({"2", "8", "32"})
        public int paths;

        private volatile Table table;

        /** Makes them. */
        @Setup
        public void make() {
            SelectablePath[] candidates = candidates(paths);
            table = new Table(candidates, IoPolicies.named(policy).selector(List.of(candidates), TwoNodes.INSTANCE));
        }
    }

    /** Where one thread stands. */
    @State(Scope.Thread)
    public static class Place {
        private final SelectorCursor cursor = new SelectorCursor(TwoNodes.INSTANCE, 0);
        private int position;
    }

    /** The baseline. */
    @Benchmark
    public SelectablePath floor(Paths paths, Place place) {
        return next(paths, place);
    }

    /** The baseline, by two threads. */
    @Benchmark
    @Threads(2)
    public SelectablePath floorByTwo(Paths paths, Place place) {
        return next(paths, place);
    }

    /** One choice. */
    @Benchmark
    public SelectablePath select(Choice choice, Place place) {
        return choose(choice, place);
    }

    /** One choice, by two threads. */
    @Benchmark
    @Threads(2)
    public SelectablePath selectByTwo(Choice choice, Place place) {
        return choose(choice, place);
    }

    private static SelectablePath next(Paths paths, Place place) {
        SelectablePath[] candidates = paths.candidates;
        int next = place.position + 1;
        if (next >= candidates.length) {
            next = 0;
        }
        place.position = next;
        return candidates[next];
    }

    private static SelectablePath choose(Choice choice, Place place) {
        Table table = choice.table;
        return table.candidates[table.selector.select(place.cursor)];
    }

    private static SelectablePath[] candidates(int count) {
        return IntStream.range(0, count).mapToObj(BusyPath::new).toArray(SelectablePath[]::new);
    }

    private static final class Table {
        private final SelectablePath[] candidates;
        private final PathSelector selector;

        Table(SelectablePath[] candidates, PathSelector selector) {
            this.candidates = candidates;
            this.selector = selector;
        }
    }

    /** One of many, on alternating nodes. */
    private static final class BusyPath implements SelectablePath {
        private final int ordinal;
        private final ServiceHistory history = new ServiceHistory();
        private volatile int inFlight = 1;

        BusyPath(int ordinal) {
            this.ordinal = ordinal;
            for (int i = 0; i < 8; i++) {
                history.ended(i * 1_000_000L, (i + 1) * 1_000_000L, 1);
            }
        }

        @Override
        public String name() {
            return "path " + ordinal;
        }

        @Override
        public int numaNode() {
            return ordinal % 2;
        }

        @Override
        public boolean preferred() {
            return false;
        }

        @Override
        public int ordinal() {
            return ordinal;
        }

        @Override
        public int inFlight() {
            return inFlight;
        }

        @Override
        public long bytesInFlight() {
            return inFlight * 4096L;
        }

        @Override
        public ServiceHistory history() {
            return history;
        }
    }

    /** Two nodes, so that policy numa has something to look up. */
    private enum TwoNodes implements NumaTopology {
        INSTANCE;

        @Override
        public int currentNode() {
            return 1;
        }

        @Override
        public int nodes() {
            return 2;
        }

        @Override
        public int distance(int from, int to) {
            return from == to ? 10 : 20;
        }
    }
}
