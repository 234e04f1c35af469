package io.mpath.examples.workload;

import java.util.Locale;

/** Numbers of bytes as people write them: {@code 512}, {@code 4k}, {@code 1m}, {@code 16g}; the units are powers of 1024. */
public final class ByteSize {
    private static final String UNITS = "kmgtp";

    private ByteSize() {}

    /** The number of bytes that {@code text} names. @throws NumberFormatException when it names none */
    public static long parse(String text) {
        String digits = text.toLowerCase(Locale.ROOT).replaceFirst("(?<=[kmgtp])(ib|b)$", "");
        int unit = digits.isEmpty() ? -1 : UNITS.indexOf(digits.charAt(digits.length() - 1));
        if (unit >= 0) {
            digits = digits.substring(0, digits.length() - 1);
        }
        if (!digits.matches("\\d+")) {
            throw new NumberFormatException("'" + text + "' is no size: write a number, and k, m, g or t behind it");
        }
        try {
            return Math.multiplyExact(Long.parseLong(digits), 1L << (10 * (unit + 1)));
        } catch (ArithmeticException | NumberFormatException e) {
            throw new NumberFormatException("'" + text + "' is more bytes than any device has");
        }
    }

    /** {@code bytes} in the largest unit of which it is at least one, such as {@code 1.5 MiB}. */
    public static String format(double bytes) {
        int unit = 0;
        double value = bytes;
        while (value >= 1024 && unit < UNITS.length()) {
            value /= 1024;
            unit++;
        }
        String suffix = unit == 0 ? "B" : Character.toUpperCase(UNITS.charAt(unit - 1)) + "iB";
        String number = value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.1f", value);
        return number + " " + suffix;
    }
}
