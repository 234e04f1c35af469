package io.mpath.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * How a figure grows with a parameter: both axes logarithmic, so that what grows in proportion is a straight line, with a line for
 * each other set of parameters and error bars.
 */
final class GrowthPlot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 380;
    private static final int LEFT = 70;
    private static final int RIGHT = 240;
    private static final int TOP = 20;
    private static final int BOTTOM = 50;
    private static final int LEGEND_LINE = 18;
    /** Lines differ in colour up to here, and begin anew then. */
    private static final int COLOURS = 9;

    /** One place of a line. */
    record Point(double x, double y, double error) {}

    private final String title;
    private final String axis;
    private final String unit;
    private final Map<String, List<Point>> lines = new LinkedHashMap<>();

    private GrowthPlot(String title, String axis, String unit) {
        this.title = title;
        this.axis = axis;
        this.unit = unit;
    }

    /** The plot of {@code comparison}; empty when its axis has fewer than three places. */
    static String of(Comparison comparison, List<Figure> figures) {
        List<Comparison.Row> rows = comparison.rows(figures);
        if (rows.isEmpty() || comparison.axis().isEmpty()) {
            return "";
        }
        GrowthPlot plot = new GrowthPlot(
                comparison.title(),
                comparison.axis(),
                rows.get(0).figure().measure(comparison.measure()).unit());
        rows.forEach(row -> plot.add(comparison, row.figure()));
        comparison.baselineFigures(figures).forEach(figure -> plot.add(comparison, figure));
        return plot.places().size() < 3 ? "" : plot.draw();
    }

    private void add(Comparison comparison, Figure figure) {
        String x = figure.parameters().get(axis);
        Measure measure = figure.measure(comparison.measure());
        if (measure.value() <= 0) {
            return;
        }
        List<Point> line = lines.computeIfAbsent(name(figure), name -> new ArrayList<>());
        if (x != null) {
            line.add(new Point(Double.parseDouble(x), measure.value(), measure.error()));
            line.sort(Comparator.comparingDouble(Point::x));
        } else {
            // What does not depend on the axis is the same all along it.
            line.add(new Point(Double.NEGATIVE_INFINITY, measure.value(), measure.error()));
        }
    }

    private String name(Figure figure) {
        StringBuilder name = new StringBuilder(
                figure.benchmark().substring(figure.benchmark().indexOf('.') + 1));
        figure.parameters().forEach((parameter, value) -> {
            if (!parameter.equals(axis)) {
                name.append(' ').append(value);
            }
        });
        return name.toString();
    }

    private NavigableSet<Double> places() {
        NavigableSet<Double> places = new TreeSet<>();
        lines.values()
                .forEach(line -> line.stream().map(Point::x).filter(x -> x > 0).forEach(places::add));
        return places;
    }

    private String draw() {
        NavigableSet<Double> places = places();
        Scale x = new Scale(places.first(), places.last(), LEFT, WIDTH - RIGHT);
        Scale y = new Scale(least(), most(), HEIGHT - BOTTOM, TOP);
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        for (double place : places) {
            svg.line(x.at(place), TOP, x.at(place), HEIGHT - BOTTOM, "grid");
            svg.text(x.at(place), HEIGHT - BOTTOM + 18, "middle", shortly(place));
        }
        for (double decade = Math.pow(10, Math.floor(Math.log10(least()))); decade <= most() * 10; decade *= 10) {
            for (int step : new int[] {1, 2, 5}) {
                double value = decade * step;
                if (value >= least() * 0.999 && value <= most() * 1.001) {
                    svg.line(LEFT, y.at(value), WIDTH - RIGHT, y.at(value), "grid");
                    svg.text(LEFT - 8, y.at(value) + 4, "end", shortly(value));
                }
            }
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, "middle", axis);
        svg.text(8, TOP - 6, "start", unit);
        int number = 0;
        for (Map.Entry<String, List<Point>> line : lines.entrySet()) {
            drawLine(svg, line.getValue(), x, y, places, "c" + number % COLOURS);
            double legend = TOP + 10.0 + number * LEGEND_LINE;
            svg.line(WIDTH - RIGHT + 14, legend, WIDTH - RIGHT + 34, legend, "c" + number % COLOURS);
            svg.text(WIDTH - RIGHT + 40, legend + 4, "start", line.getKey());
            number++;
        }
        return svg.element();
    }

    private void drawLine(Svg svg, List<Point> line, Scale x, Scale y, NavigableSet<Double> places, String style) {
        Point before = null;
        for (Point point : line) {
            if (point.x() <= 0) {
                svg.line(
                        x.at(places.first()), y.at(point.y()), x.at(places.last()), y.at(point.y()), style + " dashed");
                continue;
            }
            if (before != null) {
                svg.line(x.at(before.x()), y.at(before.y()), x.at(point.x()), y.at(point.y()), style);
            }
            svg.circle(x.at(point.x()), y.at(point.y()), style);
            if (point.error() > 0) {
                double low = Math.max(point.y() - point.error(), least());
                svg.line(x.at(point.x()), y.at(low), x.at(point.x()), y.at(point.y() + point.error()), style);
            }
            before = point;
        }
    }

    private double least() {
        return lines.values().stream()
                        .flatMap(List::stream)
                        .mapToDouble(Point::y)
                        .min()
                        .orElse(1)
                / 1.5;
    }

    private double most() {
        return lines.values().stream()
                        .flatMap(List::stream)
                        .mapToDouble(point -> point.y() + (point.error() > 0 ? point.error() : 0))
                        .max()
                        .orElse(1)
                * 1.1;
    }

    private static String shortly(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : Measure.number(value);
    }

    /** From values to pixels, by their logarithms. */
    private record Scale(double least, double most, double from, double to) {
        double at(double value) {
            double span = Math.log(most) - Math.log(least);
            return span == 0 ? from : from + (to - from) * (Math.log(value) - Math.log(least)) / span;
        }
    }
}
