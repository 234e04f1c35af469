package io.mpath.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What JMH wrote once, and figures made up. */
final class Recorded {
    private Recorded() {}

    /** A file that JMH wrote. */
    static String json() {
        try (InputStream in = Objects.requireNonNull(Recorded.class.getResourceAsStream("recorded.json"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The figures in it. */
    static List<Figure> figures() {
        return Figure.read(json());
    }

    /** Figures as usual, by the rule that a ratio is bounded at one and a half times of what it usually is. */
    static List<Figure> usual(List<Bound> bounds) {
        Map<Bound.Reference, Double> nanos = new LinkedHashMap<>();
        for (Bound bound : bounds) {
            if (bound.kind() == Bound.Kind.RATIO) {
                nanos.put(bound.baseline(), 100.0);
                nanos.merge(bound.subject(), 100.0 * bound.limit() / 1.5, Math::max);
            } else {
                nanos.putIfAbsent(bound.subject(), 100.0);
            }
        }
        List<Figure> figures = new ArrayList<>();
        nanos.forEach((reference, time) -> figures.add(new Figure(
                reference.benchmark(),
                reference.parameters(),
                1,
                new Measure(time, time / 10, "ns/op"),
                new TreeMap<>(Map.of(
                        Figure.ALLOCATED,
                        new Measure(0.05, 0.01, "B/op"),
                        "bytesPerDevice",
                        new Measure(5400, 0, "#"))),
                "VM")));
        return figures;
    }

    /** A figure in nanoseconds. */
    static Figure figure(String benchmark, Map<String, String> parameters, double nanos, double error) {
        return new Figure(
                benchmark, new TreeMap<>(parameters), 1, new Measure(nanos, error, "ns/op"), new TreeMap<>(), "VM");
    }

    /** The same figures, with what they found of {@code benchmark} changed. */
    static List<Figure> changed(List<Figure> figures, String benchmark, UnaryOperator<Figure> change) {
        return figures.stream()
                .map(figure -> figure.benchmark().equals(benchmark) ? change.apply(figure) : figure)
                .toList();
    }

    /** Twice as slow. */
    static Figure doubled(Figure figure) {
        Measure time = figure.time();
        return new Figure(
                figure.benchmark(),
                figure.parameters(),
                figure.threads(),
                new Measure(2 * time.value(), 2 * time.error(), time.unit()),
                figure.beside(),
                figure.vm());
    }

    /** Allocates so much more. */
    static Figure allocating(Figure figure, double bytes) {
        var beside = new TreeMap<>(figure.beside());
        Measure before = beside.get(Figure.ALLOCATED);
        beside.put(Figure.ALLOCATED, new Measure(before.value() + bytes, before.error(), before.unit()));
        return new Figure(
                figure.benchmark(), figure.parameters(), figure.threads(), figure.time(), beside, figure.vm());
    }
}
