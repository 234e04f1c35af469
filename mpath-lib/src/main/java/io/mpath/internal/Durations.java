package io.mpath.internal;

import io.mpath.ConfigurationException;
import java.time.Duration;

/** Durations from outside, as nanoseconds that saturate instead of overflowing. */
public final class Durations {
    private Durations() {}

    /** The nanoseconds of {@code duration}, which must be positive; {@code what} names it. */
    public static long positiveNanos(String what, Duration duration) {
        long nanos = nanos(what, duration);
        if (nanos == 0) {
            throw new ConfigurationException(what + " of " + duration + " is not positive");
        }
        return nanos;
    }

    /** The nanoseconds of {@code duration}, which must not be negative; {@code what} names it. */
    public static long nanos(String what, Duration duration) {
        if (duration.isNegative()) {
            throw new ConfigurationException(what + " of " + duration + " is negative");
        }
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE; // 292 years: nobody will see the difference
        }
    }

    /** The sum of two that are not negative, or {@link Long#MAX_VALUE} if that is less. */
    public static long sum(long nanos, long more) {
        long sum = nanos + more;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
