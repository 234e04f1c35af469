package io.mpath.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/**
 * The page: a section for each comparison with a plot and a table, and a table of what is in none. It is well-formed as XML too, and
 * loads nothing: its policy for content forbids it.
 */
final class Page {
    private static final String STYLE = """
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2em auto; padding: 0 1em; color: #1b1f24 }
            table { border-collapse: collapse; margin: 1em 0; font-variant-numeric: tabular-nums }
            th, td { padding: .2em .8em; border-bottom: 1px solid #d8dee4; text-align: right }
            th:first-child, td:first-child { text-align: left }
            .target, .about { color: #57606a } svg { max-width: 100%; height: auto } svg text { font-size: 12px; fill: #1b1f24 }
            .grid { stroke: #e4e8ec } .one { stroke: #1b1f24; stroke-dasharray: 4 3 } .bar { fill: #4477aa } .error { stroke: #1b1f24 }
            line { stroke-width: 1.5 } .dashed { stroke-dasharray: 5 4 }
            .c0 { stroke: #4477aa; fill: #4477aa } .c1 { stroke: #ee6677; fill: #ee6677 } .c2 { stroke: #228833; fill: #228833 }
            .c3 { stroke: #aa3377; fill: #aa3377 } .c4 { stroke: #ccbb44; fill: #ccbb44 } .c5 { stroke: #66ccee; fill: #66ccee }
            .c6 { stroke: #555555; fill: #555555 } .c7 { stroke: #bb7733; fill: #bb7733 } .c8 { stroke: #9999cc; fill: #9999cc }
            """;

    private final List<Figure> figures;
    private final String machine;
    private final Set<String> shown = new LinkedHashSet<>();
    private final StringBuilder html = new StringBuilder();

    private Page(List<Figure> figures, String machine) {
        this.figures = figures;
        this.machine = machine;
    }

    /**
     * The page of {@code figures}.
     *
     * @param machine what they were measured on, for people
     */
    static String of(List<Figure> figures, List<Comparison> comparisons, String machine) {
        return new Page(figures, machine).write(comparisons);
    }

    /** The plot of {@code comparison} as a picture of its own, to be shown elsewhere; empty when nothing was measured for it. */
    static String picture(List<Figure> figures, Comparison comparison) {
        String plot = plot(figures, comparison);
        return plot.replaceFirst(
                "<svg ([^>]*)>",
                "<svg xmlns=\"http://www.w3.org/2000/svg\" $1><style>svg { background: #ffffff; font-family: sans-serif }\n"
                        + Matcher.quoteReplacement(STYLE) + "</style>");
    }

    private static String plot(List<Figure> figures, Comparison comparison) {
        String growth = GrowthPlot.of(comparison, figures);
        return growth.isEmpty() ? RatioBars.of(comparison, figures) : growth;
    }

    private String write(List<Comparison> comparisons) {
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>")
                .append(
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>")
                .append("<title>mpath benchmarks</title><style>")
                .append(STYLE)
                .append("</style></head><body>\n");
        element("h1", "mpath benchmarks");
        String vms = figures.stream().map(Figure::vm).distinct().collect(Collectors.joining(", "));
        html.append("<p class=\"about\">")
                .append(Html.escape(machine.isEmpty() ? vms : machine + ", " + vms))
                .append(". Errors are half of 99.9 % confidence intervals. Compare ratios, and of one page only: the")
                .append(" nanoseconds are this machine's.</p>\n");
        comparisons.forEach(this::section);
        others();
        return html.append("</body></html>\n").toString();
    }

    private void section(Comparison comparison) {
        List<Comparison.Row> rows = comparison.rows(figures);
        if (rows.isEmpty()) {
            return;
        }
        html.append("<section>\n");
        element("h2", comparison.title());
        element("p", comparison.question());
        if (!comparison.target().isEmpty()) {
            html.append("<p class=\"target\">Target: ")
                    .append(Html.escape(comparison.target()))
                    .append(".</p>\n");
        }
        html.append(plot(figures, comparison)).append('\n');
        table(comparison, rows);
        html.append("</section>\n");
    }

    private void table(Comparison comparison, List<Comparison.Row> rows) {
        List<String> parameters = List.copyOf(rows.get(0).figure().parameters().keySet());
        List<String> headings = new ArrayList<>(parameters.isEmpty() ? List.of("") : parameters);
        headings.addAll(List.of(comparison.subject(), "baseline", "", "ratio", "B/op", "counted"));
        html.append("<table><thead>");
        row("th", headings);
        html.append("</thead><tbody>");
        for (Comparison.Row row : rows) {
            Figure figure = row.figure();
            shown.add(figure.reference());
            List<String> cells = new ArrayList<>(parameters.isEmpty() ? List.of("") : List.of());
            parameters.forEach(name -> cells.add(figure.parameters().getOrDefault(name, "")));
            cells.add(figure.measure(comparison.measure()).text());
            if (row.baseline() == null) {
                cells.addAll(List.of("", "", ""));
            } else {
                Figure baseline = row.baseline();
                shown.add(baseline.reference());
                cells.add(baseline.benchmark().substring(baseline.benchmark().indexOf('.') + 1));
                cells.add(baseline.measure(comparison.measure()).text());
                cells.add(row.ratio().text());
            }
            cells.add(allocated(figure));
            cells.add(counted(figure, comparison.measure()));
            row("td", cells);
        }
        html.append("</tbody></table>\n");
    }

    /** What was measured and is in no comparison. */
    private void others() {
        List<Figure> rest = figures.stream()
                .filter(figure -> !shown.contains(figure.reference()))
                .toList();
        if (rest.isEmpty()) {
            return;
        }
        html.append("<section>\n");
        element("h2", "Everything else");
        html.append("<table><thead>");
        row("th", List.of("benchmark", "time", "B/op", "counted"));
        html.append("</thead><tbody>");
        for (Figure figure : rest) {
            row("td", List.of(figure.reference(), figure.time().text(), allocated(figure), counted(figure, "")));
        }
        html.append("</tbody></table>\n</section>\n");
    }

    /** What is less than half a byte is the profiler's own share. */
    private static String allocated(Figure figure) {
        Measure bytes = figure.beside().get(Figure.ALLOCATED);
        return bytes == null ? "" : Measure.number(Math.rint(bytes.value()));
    }

    private static String counted(Figure figure, String measure) {
        return figure.beside().entrySet().stream()
                .filter(beside ->
                        !beside.getKey().startsWith("gc.") && !beside.getKey().equals(measure))
                .map(beside ->
                        beside.getKey() + " " + Measure.number(beside.getValue().value()))
                .collect(Collectors.joining(", "));
    }

    private void element(String name, String text) {
        html.append('<')
                .append(name)
                .append('>')
                .append(Html.escape(text))
                .append("</")
                .append(name)
                .append(">\n");
    }

    private void row(String cell, List<String> texts) {
        html.append("<tr>");
        for (String text : texts) {
            html.append('<')
                    .append(cell)
                    .append('>')
                    .append(Html.escape(text))
                    .append("</")
                    .append(cell)
                    .append('>');
        }
        html.append("</tr>\n");
    }
}
