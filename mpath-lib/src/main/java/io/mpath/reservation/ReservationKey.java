package io.mpath.reservation;

import java.util.Locale;

/**
 * What a host is known by to a device's reservations: eight bytes, compared as an unsigned number (SPC-6 6.14 RESERVATION KEY,
 * NVMe Base 2.1 8.1.24 CRKEY). A key is to be one host's alone: two that share one cannot be told apart by anybody.
 */
public record ReservationKey(long value) implements Comparable<ReservationKey> {
    /** Zero: no key at all. Nobody can be registered with it. */
    public static final ReservationKey NONE = new ReservationKey(0);

    private static final int HEX_DIGITS = 16;

    /**
     * A key as {@link #toString} prints it: {@code 0x} and 1 to 16 hexadecimal digits.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static ReservationKey parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String digits = lower.startsWith("0x") ? lower.substring(2) : "";
        if (!digits.matches("[0-9a-f]{1," + HEX_DIGITS + "}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a reservation key: write 0x and 1 to 16 hexadecimal digits");
        }
        return new ReservationKey(Long.parseUnsignedLong(digits, HEX_DIGITS));
    }

    /** Whether it is {@link #NONE}. */
    public boolean isNone() {
        return value == 0;
    }

    @Override
    public int compareTo(ReservationKey other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(value);
    }
}
