package io.mpath.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One line of the file of bounds: what must not become more than it was recorded to be.
 *
 * <pre>
 * ratio SUBJECT / BASELINE &lt;= 3.5        time over time
 * bytes SUBJECT &lt;= 1                     allocated for each operation
 * heap SUBJECT &lt;= 6000                   reachable for each device
 * control ratio SUBJECT / BASELINE &lt;= 0.5   a bound that must be found broken, or nothing is judged
 * </pre>
 *
 * <p>SUBJECT and BASELINE are benchmarks with all of their parameters, such as {@code SubmitBenchmark.multipath[paths=4,policy=numa]}.
 *
 * @param control whether it must be broken
 * @param baseline null unless it is a ratio
 */
record Bound(boolean control, Kind kind, Reference subject, Reference baseline, double limit, String line) {
    /** What is bounded. */
    enum Kind {
        RATIO(""),
        BYTES(Figure.ALLOCATED),
        HEAP("bytesPerDevice");

        private final String measure;

        Kind(String measure) {
            this.measure = measure;
        }
    }

    /** A benchmark with its parameters. */
    record Reference(String benchmark, SortedMap<String, String> parameters) {
        private static final Pattern SHAPE = Pattern.compile("([\\w.]+)(?:\\[([^\\]]*)])?");
        private static final Pattern PARAMETER = Pattern.compile("([\\w]+)=([^,]+)");

        static Reference of(String text) {
            Matcher shape = SHAPE.matcher(text);
            if (!shape.matches()) {
                throw new IllegalArgumentException("no benchmark: " + text);
            }
            SortedMap<String, String> parameters = new TreeMap<>();
            Matcher parameter = PARAMETER.matcher(shape.group(2) == null ? "" : shape.group(2));
            while (parameter.find()) {
                parameters.put(parameter.group(1), parameter.group(2));
            }
            return new Reference(shape.group(1), parameters);
        }

        boolean means(Figure figure) {
            return figure.benchmark().equals(benchmark) && figure.parameters().equals(parameters);
        }

        @Override
        public String toString() {
            return benchmark
                    + (parameters.isEmpty()
                            ? ""
                            : parameters
                                    .toString()
                                    .replace('{', '[')
                                    .replace('}', ']')
                                    .replace(", ", ","));
        }
    }

    private static final Pattern SHAPE =
            Pattern.compile("(control )?(ratio|bytes|heap) (\\S+)(?: / (\\S+))? <= (\\d+(?:\\.\\d+)?)");

    /** Those of a file; empty lines and what follows a {@code #} mean nothing. */
    static List<Bound> read(String text) {
        List<Bound> bounds = new ArrayList<>();
        text.lines()
                .map(line -> line.contains("#") ? line.substring(0, line.indexOf('#')) : line)
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .forEach(line -> bounds.add(of(line)));
        return bounds;
    }

    private static Bound of(String line) {
        Matcher shape = SHAPE.matcher(line);
        if (!shape.matches()) {
            throw new IllegalArgumentException("no bound: " + line);
        }
        Kind kind = switch (shape.group(2)) {
            case "ratio" -> Kind.RATIO;
            case "bytes" -> Kind.BYTES;
            default -> Kind.HEAP;
        };
        if ((kind == Kind.RATIO) != (shape.group(4) != null)) {
            throw new IllegalArgumentException("a ratio, and nothing else, has a baseline: " + line);
        }
        return new Bound(
                shape.group(1) != null,
                kind,
                Reference.of(shape.group(3)),
                shape.group(4) == null ? null : Reference.of(shape.group(4)),
                Double.parseDouble(shape.group(5)),
                line);
    }

    /** The benchmarks that it needs. */
    Stream<Reference> references() {
        return baseline == null ? Stream.of(subject) : Stream.of(subject, baseline);
    }

    /** What was measured; empty when it was not. */
    Optional<Double> measured(List<Figure> figures) {
        Optional<Measure> ours = find(subject, figures);
        return baseline == null
                ? ours.map(Measure::value)
                : ours.flatMap(mine ->
                        find(baseline, figures).map(other -> mine.over(other).value()));
    }

    private Optional<Measure> find(Reference reference, List<Figure> figures) {
        return figures.stream()
                .filter(reference::means)
                .map(figure -> figure.measure(kind.measure))
                .flatMap(Stream::ofNullable)
                .findFirst();
    }
}
