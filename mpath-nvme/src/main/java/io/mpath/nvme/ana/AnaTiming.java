package io.mpath.nvme.ana;

/**
 * When an {@link AnaMonitor} looks.
 *
 * @param pollNanos how long to wait, while each member is usable, between two looks at the header of a log whose changes no event
 *     tells; give or take a quarter
 * @param troubleNanos the same while one is not, and before a log that could not be read is tried again for the first time
 * @param eventsHeard whether {@link AnaMonitor#changed} is called when the log changes
 * @param anattSeconds the controller's ANATT: how long a group may be in change state; 0 where it does not say
 */
public record AnaTiming(long pollNanos, long troubleNanos, boolean eventsHeard, int anattSeconds) {
    /** Checks them. @throws IllegalArgumentException when one is not a time */
    public AnaTiming {
        if (pollNanos <= 0 || troubleNanos <= 0 || anattSeconds < 0) {
            throw new IllegalArgumentException(
                    "poll " + pollNanos + " ns, trouble " + troubleNanos + " ns, ANATT " + anattSeconds + " s");
        }
    }
}
