package io.mpath.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/**
 * One benchmark beside its baselines.
 *
 * @param question what it answers
 * @param subject the benchmark
 * @param baselines others of the same run; the fastest that goes with a figure is the one that it is compared with
 * @param measure what is compared: the name of a counter, or empty for the time
 * @param axis the parameter whose growth is of interest, or empty
 * @param target what is aimed at, for people, or empty
 */
record Comparison(
        String title,
        String question,
        String subject,
        List<String> baselines,
        String measure,
        String axis,
        String target) {
    /** A baseline that has only some of the policies names them otherwise, so that all others can be asked of all. */
    private static final String WALKED = "walked";

    private static final String POLICY = "policy";

    /**
     * A figure and what it is compared with.
     *
     * @param baseline null when none was measured that goes with it
     * @param ratio null without a baseline
     */
    record Row(Figure figure, Figure baseline, Measure ratio) {}

    /** One for each figure of the subject, in the order of their parameters. */
    List<Row> rows(List<Figure> all) {
        List<Row> rows = new ArrayList<>();
        for (Figure figure : all) {
            if (figure.benchmark().equals(subject) && figure.measure(measure) != null) {
                Figure baseline = baselineOf(figure, all);
                Measure ratio =
                        baseline == null ? null : figure.measure(measure).over(baseline.measure(measure));
                rows.add(new Row(figure, baseline, ratio));
            }
        }
        rows.sort(Comparator.comparing(Row::figure, byParameters()));
        return rows;
    }

    /** The figures of its baselines. */
    List<Figure> baselineFigures(List<Figure> all) {
        return all.stream()
                .filter(figure -> baselines.contains(figure.benchmark()) && figure.measure(measure) != null)
                .sorted(Comparator.comparing(Figure::benchmark).thenComparing(byParameters()))
                .toList();
    }

    private Figure baselineOf(Figure figure, List<Figure> all) {
        return all.stream()
                .filter(other -> baselines.contains(other.benchmark())
                        && other.measure(measure) != null
                        && goesWith(other.parameters(), figure.parameters()))
                .min(Comparator.comparingDouble(other -> other.measure(measure).value()))
                .orElse(null);
    }

    /** Whether all that the baseline has for parameters the subject has too, with the same values. */
    private static boolean goesWith(SortedMap<String, String> baseline, SortedMap<String, String> subject) {
        return baseline.entrySet().stream()
                .allMatch(parameter -> parameter
                        .getValue()
                        .equals(subject.get(parameter.getKey().equals(WALKED) ? POLICY : parameter.getKey())));
    }

    /** By one parameter after the other, by the axis last. */
    private Comparator<Figure> byParameters() {
        return (left, right) -> {
            List<String> names = new ArrayList<>(left.parameters().keySet());
            if (names.remove(axis)) {
                names.add(axis);
            }
            for (String name : names) {
                int order =
                        compare(left.parameters().get(name), right.parameters().getOrDefault(name, ""));
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        };
    }

    private static int compare(String left, String right) {
        try {
            return Double.compare(Double.parseDouble(left), Double.parseDouble(right));
        } catch (NumberFormatException e) {
            return left.compareTo(right);
        }
    }
}
