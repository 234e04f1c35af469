package io.mpath.bench.report;

import java.util.Locale;

/** A picture being drawn, in pixels from the upper left. Not thread-safe. */
final class Svg {
    private final StringBuilder drawn = new StringBuilder();
    private final int width;
    private final int height;

    /** An empty one, which {@code title} tells to whoever cannot see it. */
    Svg(int width, int height, String title) {
        this.width = width;
        this.height = height;
        drawn.append("<title>").append(Html.escape(title)).append("</title>");
    }

    void line(double x1, double y1, double x2, double y2, String style) {
        drawn.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>",
                x1,
                y1,
                x2,
                y2,
                Html.escape(style)));
    }

    void circle(double x, double y, String style) {
        drawn.append(String.format(
                Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" class=\"%s\"/>", x, y, Html.escape(style)));
    }

    void box(double x, double y, double wide, double high, String style) {
        drawn.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\"/>",
                x,
                y,
                wide,
                high,
                Html.escape(style)));
    }

    /** A line of text, whose start, middle or end, as {@code anchor} says, is at the place. */
    void text(double x, double y, String anchor, String text) {
        drawn.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                x,
                y,
                Html.escape(anchor),
                Html.escape(text)));
    }

    /** The element. */
    String element() {
        return String.format(
                        Locale.ROOT,
                        "<svg role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">",
                        width,
                        height,
                        width,
                        height)
                + drawn + "</svg>";
    }
}
