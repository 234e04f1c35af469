package io.mpath.bench.report;

/** Text as part of a page. */
final class Html {
    private Html() {}

    /** {@code text} with everything replaced that would mean something in an element or an attribute. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            switch (next) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(Character.isISOControl(next) ? ' ' : next);
            }
        }
        return escaped.toString();
    }
}
