package io.mpath.bench;

import io.mpath.policy.IoPolicies;
import io.mpath.policy.NumaTopology;
import io.mpath.policy.PathSelector;
import io.mpath.policy.SelectablePath;
import io.mpath.policy.SelectorCursor;
import io.mpath.policy.ServiceHistory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.infra.IterationParams;

/**
 * Question: what does choosing a path cost a thread that has a cursor of its own, by policy and number of paths?
 *
 * <p>Baselines: {@code floor}, the least that spreads requests at all: a volatile read of an array and an index that goes round;
 * and {@code walk}, a {@link ListWalk walk over the list of all paths} as the kernel does it. What is claimed is claimed against
 * the faster of the two. The {@code …ByTwo} methods are the same by two threads, which share the paths; what the walk shares
 * besides is its position.
 *
 * <p>Queue-depth meets ports that are all equally busy, so it looks at every one. Accounting is not part of this: see {@link
 * SubmitBenchmark}. {@code busiestPercent} is how much of all choices the most chosen path got, looked at between the
 * measurements: with numa it is 100.
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
        @Param({"2", "4", "8", "32"})
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
        @Param({"2", "4", "8", "32"})
        public int paths;

        private volatile Table table;

        /** Makes them. */
        @Setup
        public void make() {
            SelectablePath[] candidates = candidates(paths);
            table = new Table(candidates, IoPolicies.named(policy).selector(List.of(candidates), TwoNodes.INSTANCE));
        }
    }

    /** The same paths as a list, without a table. */
    @State(Scope.Benchmark)
    public static class Walked {
        /** By its name, of those that the kernel has. */
        @Param({"numa", "round-robin", "queue-depth"})
        public String walked;

        /** How many. */
        @Param({"2", "4", "8", "32"})
        public int paths;

        private ListWalk list;

        /** Makes them. */
        @Setup
        public void make() {
            list = new ListWalk(ListWalk.Rule.named(walked), paths, TwoNodes.INSTANCE);
        }
    }

    /** Where one thread stands. */
    @State(Scope.Thread)
    public static class Place {
        private final SelectorCursor cursor = new SelectorCursor(TwoNodes.INSTANCE, 0);
        private int position;
    }

    /** What is measured beside time. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Spread {
        /** The share of the most chosen path, in percent. */
        public double busiestPercent;
    }

    /** Looks at how choices fall, when their time is not measured. */
    @State(Scope.Thread)
    public static class Observer {
        private static final int CHOICES_EACH = 1000;

        /** Counts some choices; JMH adds the iterations up. */
        @TearDown(Level.Iteration)
        public void observe(Choice choice, Spread spread, IterationParams iteration) {
            SelectorCursor cursor = new SelectorCursor(TwoNodes.INSTANCE, 0);
            int[] chosen = new int[choice.paths];
            for (int i = 0; i < chosen.length * CHOICES_EACH; i++) {
                chosen[choice.table.selector.select(cursor)]++;
            }
            int most = Arrays.stream(chosen).max().orElse(0);
            spread.busiestPercent = 100.0 * most / (chosen.length * CHOICES_EACH) / iteration.getCount();
        }
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

    /** The kernel's way. */
    @Benchmark
    public Object walk(Walked walked, Place place) {
        return walked.list.choose(place.cursor);
    }

    /** The kernel's way, by two threads. */
    @Benchmark
    @Threads(2)
    public Object walkByTwo(Walked walked, Place place) {
        return walked.list.choose(place.cursor);
    }

    /** One choice. */
    @Benchmark
    public SelectablePath select(Choice choice, Place place, Observer observer) {
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
