package io.mpath.bench;

import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import io.mpath.sim.SimRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Question: do the policies compare as those do that others have measured on real paths?
 *
 * <p>Two published comparisons, repeated with the whole library over simulated paths in virtual time. The model of the first is
 * fitted to its numa and round-robin rows alone, that of the second to nothing; all else is predicted, and how far that is off
 * is printed beside it. A row without published figures is a policy that was not measured there.
 *
 * <pre>java -cp mpath-bench/target/benchmarks.jar io.mpath.bench.PolicyComparison</pre>
 */
public final class PolicyComparison {
    private static final double UNKNOWN = Double.NaN;
    private static final long FAST_NANOS = 250_000;
    private static final int TIMES_SLOWER = 4;

    private PolicyComparison() {}

    /** Prints both tables. */
    public static void main(String[] args) {
        System.out.print(report());
    }

    /** Both tables. */
    static String report() {
        return delayed() + "\n" + slower();
    }

    /**
     * A policy, and what was published of it, in MiB/s.
     *
     * @param calibrated whether the model was fitted to it
     */
    private record DelayedRow(IoPolicy policy, boolean calibrated, double reads, double writes) {}

    private static final List<DelayedRow> DELAYED = List.of(
            new DelayedRow(IoPolicies.numa(), true, 50, 65.9),
            new DelayedRow(IoPolicies.roundRobin(), true, 105, 125),
            new DelayedRow(IoPolicies.queueDepth(), false, 230, 385),
            new DelayedRow(IoPolicies.latency(), false, 350, 446),
            new DelayedRow(IoPolicies.serviceTime(), false, UNKNOWN, UNKNOWN),
            new DelayedRow(IoPolicies.historicalServiceTime(), false, UNKNOWN, UNKNOWN));

    private static String delayed() {
        DelayedPath reads =
                DelayedPath.fitting(DELAYED.get(0).reads(), DELAYED.get(1).reads());
        DelayedPath writes =
                DelayedPath.fitting(DELAYED.get(0).writes(), DELAYED.get(1).writes());
        StringBuilder text = new StringBuilder();
        line(
                text,
                "Two paths, one with 30 ms added: MiB/s. Published: NVMe/TCP, Linux, random reads and writes by fio;");
        line(text, "its latency policy was called adaptive then.");
        line(text, "Model: %s", model("reads", reads));
        line(text, "       %s", model("writes", writes));
        line(text, "");
        line(text, "%-25s %27s   %27s", "", "reads", "writes");
        line(text, "%-25s %9s %8s %8s   %9s %8s %8s", "policy", "published", "here", "off", "published", "here", "off");
        List<double[]> here = new ArrayList<>();
        for (DelayedRow row : DELAYED) {
            double[] both = {reads.throughput(row.policy()), writes.throughput(row.policy())};
            here.add(both);
            line(
                    text,
                    "%-25s %9s %8.0f %8s   %9s %8.0f %8s",
                    row.policy().name() + (row.calibrated() ? " *" : ""),
                    published(row.reads(), "%.0f"),
                    both[0],
                    off(row.reads(), both[0]),
                    published(row.writes(), "%.0f"),
                    both[1],
                    off(row.writes(), both[1]));
        }
        DelayedRow depth = DELAYED.get(2);
        DelayedRow latency = DELAYED.get(3);
        line(
                text,
                "%-25s %9.2f %8.2f %8s   %9.2f %8.2f %8s",
                "latency : queue-depth",
                latency.reads() / depth.reads(),
                here.get(3)[0] / here.get(2)[0],
                "",
                latency.writes() / depth.writes(),
                here.get(3)[1] / here.get(2)[1],
                "");
        line(
                text,
                "* fitted; all else is predicted. The model knows of no limit of link or target: neither fitted row met one.");
        return text.toString();
    }

    private static String model(String what, DelayedPath path) {
        return String.format(
                Locale.ROOT,
                "%s, %.3g MiB under way, %.2f ms without the delay",
                what,
                path.bytes(),
                path.latencyMillis());
    }

    /** A policy, and what share of its requests the slow path was published to get, at depth 1 and 64, in percent. */
    private record SlowerRow(IoPolicy policy, double alone, double deep) {}

    private static final List<SlowerRow> SLOWER = List.of(
            new SlowerRow(IoPolicies.serviceTime(), 25, 10.6),
            new SlowerRow(IoPolicies.historicalServiceTime(), 11, 11.2),
            new SlowerRow(IoPolicies.roundRobin(), UNKNOWN, UNKNOWN),
            new SlowerRow(IoPolicies.queueDepth(), UNKNOWN, UNKNOWN),
            new SlowerRow(IoPolicies.latency(), UNKNOWN, UNKNOWN));

    private static String slower() {
        List<Function<SimRandom, ModelPath>> paths = List.of(
                random -> ModelPath.server(FAST_NANOS, random),
                random -> ModelPath.server(FAST_NANOS, random),
                random -> ModelPath.server(FAST_NANOS, random),
                random -> ModelPath.server(TIMES_SLOWER * FAST_NANOS, random));
        StringBuilder text = new StringBuilder();
        line(
                text,
                "Four paths, one of them four times slower: %% of the requests that it gets. Published: dm-multipath.");
        line(
                text,
                "Model: each path serves one request after the other, in 0.25 ms, the slow one in 1 ms; nothing is fitted.");
        line(text, "");
        line(text, "%-25s %27s   %27s", "", "depth 1", "depth 64");
        line(text, "%-25s %9s %8s %8s   %9s %8s %8s", "policy", "published", "here", "off", "published", "here", "off");
        for (SlowerRow row : SLOWER) {
            double alone = 100 * ModelRun.of(row.policy(), 1, paths).shares().get(3);
            double deep = 100 * ModelRun.of(row.policy(), 64, paths).shares().get(3);
            line(
                    text,
                    "%-25s %9s %8.1f %8s   %9s %8.1f %8s",
                    row.policy().name(),
                    published(row.alone(), "%.1f"),
                    alone,
                    off(row.alone(), alone),
                    published(row.deep(), "%.1f"),
                    deep,
                    off(row.deep(), deep));
        }
        double ideal = 100.0 / (3 * TIMES_SLOWER + 1);
        line(text, "%-25s %9s %8.1f %8s   %9s %8.1f", "by throughput (ideal)", "7.6", ideal, "", "", ideal);
        return text.toString();
    }

    private static String published(double value, String format) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    private static String off(double published, double here) {
        return Double.isNaN(published) ? "" : String.format(Locale.ROOT, "%+.0f %%", 100 * (here / published - 1));
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}
