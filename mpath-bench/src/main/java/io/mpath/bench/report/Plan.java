package io.mpath.bench.report;

import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Which benchmarks are run, over which parameters and for how long. The policies are those of the registry, all of them. */
final class Plan {
    /**
     * How long each is measured.
     *
     * @param millis of an iteration, where the benchmark is one of many short operations
     */
    record Length(int forks, int warmups, int iterations, int millis) {}

    /**
     * One benchmark.
     *
     * @param benchmark class and method
     * @param shots whether an operation is long, and an iteration one of it, with a length of its own
     */
    record Part(String benchmark, Map<String, List<String>> parameters, boolean shots) {}

    private static final String PACKAGE = "io.mpath.bench.";

    private final Length length;
    private final Length shots;
    private final List<Part> parts;

    /** These, for so long; {@code shots} is for those that are shots. */
    Plan(Length length, Length shots, List<Part> parts) {
        this.length = length;
        this.shots = shots;
        this.parts = List.copyOf(parts);
    }

    /** Of everything a little, in less than three minutes. */
    static Plan quick() {
        return new Plan(
                new Length(1, 2, 4, 150),
                new Length(1, 6, 5, 0),
                List.of(
                        part("SelectBenchmark.floor", Map.of("paths", List.of("2", "32"))),
                        part("SelectBenchmark.walk", Map.of("paths", List.of("2", "32"))),
                        part("SelectBenchmark.select", Map.of("policy", policies(), "paths", List.of("2", "32"))),
                        part("SelectBenchmark.floorByTwo", Map.of("paths", List.of("8"))),
                        part("SelectBenchmark.selectByTwo", Map.of("policy", policies(), "paths", List.of("8"))),
                        part("SubmitBenchmark.twoAtomics", Map.of()),
                        part("SubmitBenchmark.bare", Map.of()),
                        part("SubmitBenchmark.bareByTwo", Map.of()),
                        part("SubmitBenchmark.bareWrite", Map.of()),
                        part("SubmitBenchmark.multipath", Map.of("policy", policies(), "paths", List.of("4"))),
                        part("SubmitBenchmark.multipathByTwo", Map.of("policy", policies(), "paths", List.of("4"))),
                        part(
                                "SubmitBenchmark.multipathWrite",
                                Map.of("policy", List.of("numa"), "paths", List.of("4"))),
                        part("ChannelBenchmark.bare", Map.of()),
                        part("ChannelBenchmark.bareByTwo", Map.of()),
                        part("ChannelBenchmark.channel", Map.of("paths", List.of("8"))),
                        part("ChannelBenchmark.channelByTwo", Map.of("paths", List.of("8"))),
                        part("CompletionBenchmark.bare", Map.of("depth", List.of("1", "64"))),
                        part(
                                "CompletionBenchmark.multipath",
                                Map.of("policy", List.of("round-robin"), "depth", List.of("1", "64"))),
                        part("PolicyChangeBenchmark.steady", Map.of()),
                        part("PolicyChangeBenchmark.changing", Map.of()),
                        part("PathChangeBenchmark.hops", Map.of("paths", List.of("8"))),
                        part("PathChangeBenchmark.joinedAndLeft", Map.of("paths", List.of("8"))),
                        shots("FailoverBenchmark.ended", Map.of("requests", List.of("100000"))),
                        shots("FailoverBenchmark.failedOver", Map.of("requests", List.of("100000"))),
                        shots("FleetBenchmark.tasks", Map.of("devices", List.of("10000"))),
                        shots("FleetBenchmark.changed", Map.of("devices", List.of("10000"))),
                        part("FootprintBenchmark.candidates", Map.of()),
                        part("FootprintBenchmark.devices", Map.of()),
                        part("DecodeBenchmark.touched", Map.of()),
                        part("DecodeBenchmark.decoded", Map.of())));
    }

    /** Everything, with what grows at every size. */
    static Plan full() {
        List<String> paths = List.of("1", "2", "4", "8", "16", "32", "64");
        List<String> somePaths = List.of("2", "4", "8", "32");
        List<String> depths = List.of("1", "4", "16", "64", "256", "1024", "4096");
        List<String> devices = List.of("1", "10", "100", "1000", "10000");
        List<String> requests = List.of("1", "10", "100", "1000", "10000", "100000");
        List<String> entries = List.of("1", "4", "16", "64");
        List<String> lists = List.of("vpd-83", "rtpg", "ana-log");
        Plan listed = new Plan(
                new Length(2, 3, 5, 400),
                new Length(2, 10, 10, 0),
                List.of(
                        part("SelectBenchmark.floor", Map.of("paths", paths)),
                        part("SelectBenchmark.walk", Map.of("paths", paths)),
                        part("SelectBenchmark.select", Map.of("policy", policies(), "paths", paths)),
                        part("SelectBenchmark.floorByTwo", Map.of("paths", somePaths)),
                        part("SelectBenchmark.walkByTwo", Map.of("paths", somePaths)),
                        part("SelectBenchmark.selectByTwo", Map.of("policy", policies(), "paths", somePaths)),
                        part("SubmitBenchmark.twoAtomics", Map.of()),
                        part("SubmitBenchmark.bare", Map.of()),
                        part("SubmitBenchmark.bareByTwo", Map.of()),
                        part("SubmitBenchmark.bareWrite", Map.of()),
                        part("SubmitBenchmark.multipath", Map.of("policy", policies(), "paths", paths)),
                        part("SubmitBenchmark.multipathByTwo", Map.of("policy", policies(), "paths", paths)),
                        part("SubmitBenchmark.multipathWrite", Map.of("policy", policies(), "paths", paths)),
                        part("ChannelBenchmark.bare", Map.of()),
                        part("ChannelBenchmark.bareByTwo", Map.of()),
                        part("ChannelBenchmark.channel", Map.of("paths", paths)),
                        part("ChannelBenchmark.channelByTwo", Map.of("paths", somePaths)),
                        part("CompletionBenchmark.bare", Map.of("depth", depths)),
                        part("CompletionBenchmark.multipath", Map.of("depth", depths)),
                        part("PolicyChangeBenchmark.steady", Map.of()),
                        part("PolicyChangeBenchmark.changing", Map.of()),
                        part("PathChangeBenchmark.hops", Map.of("paths", paths)),
                        part("PathChangeBenchmark.joinedAndLeft", Map.of("paths", paths)),
                        shots("FailoverBenchmark.ended", Map.of("requests", requests)),
                        shots("FailoverBenchmark.failedOver", Map.of("requests", requests)),
                        shots("FleetBenchmark.tasks", Map.of("devices", devices)),
                        shots("FleetBenchmark.changed", Map.of("devices", devices)),
                        part("FootprintBenchmark.candidates", Map.of("paths", paths)),
                        part("FootprintBenchmark.devices", Map.of("paths", paths)),
                        part("DecodeBenchmark.touched", Map.of("page", lists, "entries", entries)),
                        part("DecodeBenchmark.decoded", Map.of("page", lists, "entries", entries)),
                        part("DecodeBenchmark.touched", Map.of("page", List.of("id-ctrl", "id-ns"))),
                        part("DecodeBenchmark.decoded", Map.of("page", List.of("id-ctrl", "id-ns")))));
        return listed.withUnlisted();
    }

    /** And each benchmark that no part names, with parameters of its own. */
    private Plan withUnlisted() {
        Set<String> listed = parts.stream().map(Part::benchmark).collect(Collectors.toSet());
        List<Part> all = new ArrayList<>(parts);
        OutputFormat silent = OutputFormatFactory.createFormatInstance(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), VerboseMode.SILENT);
        for (BenchmarkListEntry entry : BenchmarkList.defaultList().getAll(silent, List.of())) {
            String name = entry.getUsername().substring(PACKAGE.length());
            if (!listed.contains(name)) {
                all.add(part(name, Map.of()));
            }
        }
        return new Plan(length, shots, all);
    }

    static Part part(String benchmark, Map<String, List<String>> parameters) {
        return new Part(benchmark, parameters, false);
    }

    static Part shots(String benchmark, Map<String, List<String>> parameters) {
        return new Part(benchmark, parameters, true);
    }

    private static List<String> policies() {
        return IoPolicies.all().stream().map(IoPolicy::name).toList();
    }

    List<Part> parts() {
        return parts;
    }

    /**
     * Runs them one after the other, and writes what JMH found to {@code results} and what it printed to {@code log}.
     *
     * @throws RunnerException when one fails
     */
    void run(Path results, Path log, PrintStream progress) throws IOException, RunnerException {
        List<RunResult> all = new ArrayList<>();
        try (PrintStream out = printTo(log)) {
            OutputFormat format = OutputFormatFactory.createFormatInstance(out, VerboseMode.NORMAL);
            for (int i = 0; i < parts.size(); i++) {
                Part part = parts.get(i);
                progress.printf("%d of %d: %s %s%n", i + 1, parts.size(), part.benchmark(), given(part));
                all.addAll(run(part, format));
            }
        }
        try (PrintStream out = printTo(results)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(all);
        }
    }

    private static PrintStream printTo(Path file) throws IOException {
        OutputStream out = Files.newOutputStream(file);
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    private static String given(Part part) {
        return part.parameters().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(parameter -> parameter.getKey() + "=" + String.join(",", parameter.getValue()))
                .collect(Collectors.joining(" "));
    }

    private Collection<RunResult> run(Part part, OutputFormat format) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .shouldFailOnError(true)
                .include("^" + Pattern.quote(PACKAGE + part.benchmark()) + "$");
        part.parameters().forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
        Length wanted = part.shots() ? shots : length;
        // One that counts objects counts once.
        if (!part.benchmark().startsWith("FootprintBenchmark")) {
            options.forks(wanted.forks()).warmupIterations(wanted.warmups()).measurementIterations(wanted.iterations());
        }
        if (!part.shots()) {
            options.warmupTime(TimeValue.milliseconds(wanted.millis()))
                    .measurementTime(TimeValue.milliseconds(wanted.millis()))
                    .addProfiler(GCProfiler.class);
        }
        return new Runner(options.build(), format).run();
    }
}
