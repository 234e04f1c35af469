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
    private static final int LEAST_OBJECT = 16;

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

    /**
     * Figures as usual, by the rule that what is bounded may become one and a half times of what it usually is; where that is less
     * than an object, it usually is nothing.
     */
    static List<Figure> usual(List<Bound> bounds) {
        Map<Bound.Reference, Double> nanos = new LinkedHashMap<>();
        Map<Bound.Reference, Double> bytes = new LinkedHashMap<>();
        for (Bound bound : bounds) {
            double usual = bound.limit() / 1.5;
            switch (bound.kind()) {
                case RATIO -> {
                    nanos.put(bound.baseline(), 100.0);
                    nanos.merge(bound.subject(), 100.0 * usual, Math::max);
                }
                case BYTES, HEAP -> {
                    nanos.putIfAbsent(bound.subject(), 100.0);
                    bytes.put(bound.subject(), usual < LEAST_OBJECT ? 0.05 : usual);
                }
            }
        }
        List<Figure> figures = new ArrayList<>();
        nanos.forEach((reference, time) -> {
            Measure of = new Measure(bytes.getOrDefault(reference, 0.0), 0.01, "B/op");
            figures.add(new Figure(
                    reference.benchmark(),
                    reference.parameters(),
                    1,
                    new Measure(time, time / 10, "ns/op"),
                    new TreeMap<>(Map.of(Figure.ALLOCATED, of, "bytesPerDevice", of)),
                    "VM"));
        });
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
