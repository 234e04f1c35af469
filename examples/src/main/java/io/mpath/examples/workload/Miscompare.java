package io.mpath.examples.workload;

/**
 * A block that does not hold what it must.
 *
 * @param offset where, in bytes
 */
public record Miscompare(long offset, String expected, String found) {
    /** One line for people. */
    @Override
    public String toString() {
        return "offset " + offset + ": expected " + expected + ", found " + found;
    }
}
