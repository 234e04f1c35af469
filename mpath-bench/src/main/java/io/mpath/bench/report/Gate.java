package io.mpath.bench.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Judges by recorded bounds: measures what they name, and fails when one is broken three times in a row, for a busy machine breaks one
 * now and then and slower code always does. A bound that is marked as a control must be broken.
 *
 * <pre>
 * java -jar mpath-bench/target/benchmarks.jar gate [BOUNDS]                 measures, a minute
 * java -jar mpath-bench/target/benchmarks.jar gate [BOUNDS] --from FILE     judges what was measured before
 * </pre>
 */
public final class Gate {
    private static final String USAGE = "usage: gate [BOUNDS] [--from FILE]";
    private static final Path BOUNDS = Path.of("mpath-bench", "bounds.txt");
    private static final Path FOLDER = Path.of("mpath-bench", "target", "gate");
    private static final int TRIES = 3;
    private static final Plan.Length LENGTH = new Plan.Length(1, 5, 5, 250);
    private static final Plan.Length SHOTS = new Plan.Length(1, 6, 5, 0);
    private static final Set<String> LONG = Set.of("FailoverBenchmark", "FleetBenchmark");

    private final List<Bound> bounds;
    private final PrintStream out;

    Gate(List<Bound> bounds, PrintStream out) {
        this.bounds = List.copyOf(bounds);
        this.out = out;
    }

    /** The exit status is 1 when a bound does not hold, or a control does. */
    public static void main(String[] arguments) throws IOException, RunnerException {
        Path bounds = BOUNDS;
        Path recorded = null;
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--from") && i + 1 < arguments.length) {
                recorded = Path.of(arguments[++i]);
            } else if (!arguments[i].startsWith("-")) {
                bounds = Path.of(arguments[i]);
            } else {
                throw new IllegalArgumentException(USAGE);
            }
        }
        Gate gate = new Gate(Bound.read(Files.readString(bounds)), System.out);
        boolean holds = recorded == null
                ? gate.measure(FOLDER)
                : gate.wrong(Figure.read(Files.readString(recorded))).isEmpty();
        if (!holds) {
            System.exit(1);
        }
    }

    private boolean measure(Path folder) throws IOException, RunnerException {
        Files.createDirectories(folder);
        List<Bound> left = bounds;
        for (int attempt = 1; attempt <= TRIES && !left.isEmpty(); attempt++) {
            if (attempt > 1) {
                out.printf("%d of %d are measured again:%n", left.size(), bounds.size());
            }
            Path results = folder.resolve("results" + attempt + ".json");
            plan(left).run(results, folder.resolve("jmh" + attempt + ".log"), out);
            left = new Gate(left, out).wrong(Figure.read(Files.readString(results)));
        }
        return left.isEmpty();
    }

    private static Plan plan(List<Bound> bounds) {
        List<Plan.Part> parts = bounds.stream()
                .flatMap(Bound::references)
                .distinct()
                .map(Gate::part)
                .toList();
        return new Plan(LENGTH, SHOTS, parts);
    }

    private static Plan.Part part(Bound.Reference reference) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        reference.parameters().forEach((name, value) -> parameters.put(name, List.of(value)));
        String group = reference.benchmark().substring(0, reference.benchmark().indexOf('.'));
        return new Plan.Part(reference.benchmark(), parameters, LONG.contains(group));
    }

    /** Prints what was measured, and returns the bounds that are not as they should be. */
    List<Bound> wrong(List<Figure> figures) {
        List<Bound> wrong = new ArrayList<>();
        for (Bound bound : bounds) {
            Optional<Double> measured = bound.measured(figures);
            String verdict = verdict(bound, measured);
            if (!verdict.startsWith("ok")) {
                wrong.add(bound);
            }
            out.printf("%-8s %8s  %s%n", verdict, measured.map(Measure::number).orElse("-"), bound.line());
        }
        out.println(
                wrong.isEmpty()
                        ? bounds.size() + " bounds hold"
                        : wrong.size() + " of " + bounds.size() + " bounds do not hold: "
                                + wrong.stream()
                                        .map(bound -> bound.subject().toString())
                                        .collect(Collectors.joining(" ")));
        return wrong;
    }

    private static String verdict(Bound bound, Optional<Double> measured) {
        if (measured.isEmpty()) {
            return "MISSING";
        }
        boolean broken = !(measured.get() <= bound.limit());
        if (bound.control()) {
            return broken ? "ok" : "BLIND";
        }
        return broken ? "BROKEN" : "ok";
    }
}
