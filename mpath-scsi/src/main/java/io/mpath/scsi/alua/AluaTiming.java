package io.mpath.scsi.alua;

/**
 * When an {@link AluaMonitor} looks without being told to.
 *
 * @param checkNanos how long to wait between two looks at a logical unit with a path that carried no I/O meanwhile, give or take
 *     a quarter, and no longer than 5 s where no path is usable; 0: for ever
 */
public record AluaTiming(long checkNanos) {
    /** Checks it. @throws IllegalArgumentException when it is below zero */
    public AluaTiming {
        if (checkNanos < 0) {
            throw new IllegalArgumentException("check every " + checkNanos + " ns");
        }
    }
}
