package io.mpath.scsi.command;

/**
 * A logical unit number of 64 bits (SAM-6): four levels of two bytes each.
 *
 * @param bits the first level in the highest bits
 */
public record LogicalUnitNumber(long bits) {
    /** As Linux counts it, in the last part of {@code 0:0:0:1}: the first level in the lowest bits ({@code scsilun_to_int}). */
    public long linux() {
        long number = 0;
        for (int level = 0; level < 4; level++) {
            number |= ((bits >>> (48 - 16 * level)) & 0xffff) << (16 * level);
        }
        return number;
    }

    /** Whether it is one that every target has for itself, as REPORT LUNS has: no logical unit with blocks. */
    public boolean wellKnown() {
        return bits >>> 56 == 0xc1;
    }

    /** Its 16 hexadecimal digits. */
    @Override
    public String toString() {
        return "%016x".formatted(bits);
    }
}
