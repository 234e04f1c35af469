package io.mpath.bench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What JMH found for one benchmark with one set of parameters.
 *
 * @param benchmark class and method, such as {@code SelectBenchmark.floor}
 * @param time per operation
 * @param beside what profilers and counters found, by name
 * @param vm the Java that it ran on
 */
record Figure(
        String benchmark,
        SortedMap<String, String> parameters,
        int threads,
        Measure time,
        SortedMap<String, Measure> beside,
        String vm) {
    /** Bytes that an operation allocates, as JMH's profiler names them. */
    static final String ALLOCATED = "gc.alloc.rate.norm";

    /** Copies the maps. */
    Figure {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        beside = Collections.unmodifiableSortedMap(new TreeMap<>(beside));
    }

    /** Those of a file that JMH wrote as JSON. @throws IllegalArgumentException when it is none */
    static List<Figure> read(String json) {
        List<Figure> figures = new ArrayList<>();
        for (Object run : list(Json.read(json))) {
            figures.add(of(map(run)));
        }
        return figures;
    }

    private static Figure of(Map<?, ?> run) {
        SortedMap<String, String> parameters = new TreeMap<>();
        if (run.containsKey("params")) {
            map(run.get("params")).forEach((name, value) -> parameters.put(text(name), text(value)));
        }
        SortedMap<String, Measure> beside = new TreeMap<>();
        // Older releases of JMH mark what is no time of the benchmark's own with a dot.
        map(run.get("secondaryMetrics"))
                .forEach((name, metric) -> beside.put(text(name).replace("·", ""), measure(map(metric))));
        return new Figure(
                shortName(text(run.get("benchmark"))),
                parameters,
                (int) number(run.get("threads")),
                measure(map(run.get("primaryMetric"))),
                beside,
                run.get("vmName") + " " + run.get("vmVersion"));
    }

    private static Measure measure(Map<?, ?> metric) {
        return new Measure(
                number(metric.get("score")), number(metric.get("scoreError")), text(metric.get("scoreUnit")));
    }

    /** The last two parts of a name with dots. */
    private static String shortName(String benchmark) {
        int method = benchmark.lastIndexOf('.');
        return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
    }

    private static List<?> list(Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("not what JMH writes: a list was expected");
    }

    private static Map<?, ?> map(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException("not what JMH writes: an object was expected");
    }

    private static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("not what JMH writes: a text was expected");
    }

    /** JMH writes what is no number as a text. */
    private static double number(Object value) {
        if (value instanceof Double number) {
            return number;
        }
        if ("NaN".equals(value)) {
            return Double.NaN;
        }
        throw new IllegalArgumentException("not what JMH writes: a number was expected");
    }

    /** That measure; the time when {@code name} is empty. Null when there is none of that name. */
    Measure measure(String name) {
        return name.isEmpty() ? time : beside.get(name);
    }

    /** Benchmark and parameters, as the bounds name them. */
    String reference() {
        return benchmark + (parameters.isEmpty() ? "" : parametersText());
    }

    private String parametersText() {
        List<String> each = new ArrayList<>();
        parameters.forEach((name, value) -> each.add(name + "=" + value));
        return "[" + String.join(",", each) + "]";
    }
}
