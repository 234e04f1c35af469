package io.mpath.bench.report;

import java.util.List;

/** Ratios to the baseline as bars from 0, with their errors and a mark at 1, which is the baseline. */
final class RatioBars {
    private static final int WIDTH = 760;
    private static final int LEFT = 250;
    private static final int RIGHT = 90;
    private static final int ROW = 22;
    private static final int BAR = 12;
    private static final int TOP = 10;
    private static final int BOTTOM = 24;

    private RatioBars() {}

    /** The bars of {@code comparison}; empty when nothing was measured that has a baseline. */
    static String of(Comparison comparison, List<Figure> figures) {
        List<Comparison.Row> rows = comparison.rows(figures).stream()
                .filter(row -> row.ratio() != null)
                .toList();
        if (rows.isEmpty()) {
            return "";
        }
        double most = Math.max(
                1, rows.stream().mapToDouble(row -> reach(row.ratio())).max().orElse(1));
        double pixels = (WIDTH - LEFT - RIGHT) / most;
        int height = TOP + BOTTOM + rows.size() * ROW;
        Svg svg = new Svg(WIDTH, height, comparison.title());
        double y = TOP;
        for (Comparison.Row row : rows) {
            Measure ratio = row.ratio();
            svg.text(LEFT - 8, y + BAR, "end", label(row.figure()));
            svg.box(LEFT, y + 2, ratio.value() * pixels, BAR, "bar");
            if (ratio.error() > 0) {
                double low = Math.max(0, ratio.value() - ratio.error());
                svg.line(
                        LEFT + low * pixels,
                        y + 2 + BAR / 2.0,
                        LEFT + (ratio.value() + ratio.error()) * pixels,
                        y + 2 + BAR / 2.0,
                        "error");
            }
            svg.text(LEFT + reach(ratio) * pixels + 6, y + BAR, "start", Measure.number(ratio.value()) + " ×");
            y += ROW;
        }
        svg.line(LEFT + pixels, TOP, LEFT + pixels, height - BOTTOM, "one");
        svg.text(LEFT + pixels, height - 8, "middle", "1: the baseline");
        return svg.element();
    }

    private static double reach(Measure ratio) {
        return ratio.value() + (ratio.error() > 0 ? ratio.error() : 0);
    }

    private static String label(Figure figure) {
        return figure.parameters().isEmpty()
                ? figure.benchmark().substring(figure.benchmark().indexOf('.') + 1)
                : String.join(" ", figure.parameters().values());
    }
}
