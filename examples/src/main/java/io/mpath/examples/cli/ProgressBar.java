package io.mpath.examples.cli;

import java.io.PrintStream;

/** How far something has come, in one line that is drawn over; nothing where no terminal would show it. */
final class ProgressBar {
    private static final int WIDTH = 50;

    private final PrintStream out;
    private final boolean shown;
    private final long whole;
    private long drawn = -1;

    ProgressBar(PrintStream out, boolean shown, long whole) {
        this.out = out;
        this.shown = shown;
        this.whole = whole;
    }

    /** {@code part} of the whole is done. */
    void at(long part) {
        long perMille = part * 1000 / whole;
        if (shown && perMille != drawn) {
            drawn = perMille;
            int full = (int) (perMille * WIDTH / 1000);
            out.print("\r[" + "#".repeat(full) + " ".repeat(WIDTH - full) + "] " + part + " of " + whole);
            out.flush();
        }
    }

    /** Takes the line away. */
    void end() {
        if (shown && drawn >= 0) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }
}
