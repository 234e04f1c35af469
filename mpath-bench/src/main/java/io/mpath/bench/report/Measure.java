package io.mpath.bench.report;

import java.util.Locale;

/**
 * A measured value.
 *
 * @param error half of its 99.9 % confidence interval, or not a number when it was measured too seldom for one
 * @param unit as JMH names it
 */
record Measure(double value, double error, String unit) {
    /** This over {@code other}, with the errors of both in it, as of independent ones. */
    Measure over(Measure other) {
        double ratio = value / other.value;
        return new Measure(ratio, ratio * Math.hypot(error / value, other.error / other.value), "×");
    }

    /** The value in three digits or more. */
    static String number(double value) {
        double size = Math.abs(value);
        int decimals = size == 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** Value, error and unit, for people. */
    String text() {
        String what = unit.endsWith("/op") ? unit.substring(0, unit.length() - "/op".length()) : unit;
        String spread = Double.isNaN(error) ? "" : " ± " + number(error);
        return number(value) + spread + (what.isEmpty() || what.equals("#") ? "" : " " + what);
    }
}
