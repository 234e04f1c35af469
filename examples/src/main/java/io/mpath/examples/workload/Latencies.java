package io.mpath.examples.workload;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long requests took. Recording allocates nothing. Not thread-safe. */
public final class Latencies {
    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final int DIGITS = 3;

    private final Histogram nanos = new Histogram(LONGEST_NANOS, DIGITS);
    private long longestNanos;
    private long longestEndedNanos;

    /** No request yet. */
    public Latencies() {}

    void record(long submittedNanos, long endedNanos) {
        long took = Math.max(0, Math.min(endedNanos - submittedNanos, LONGEST_NANOS));
        if (took > longestNanos) {
            longestNanos = took;
            longestEndedNanos = endedNanos;
        }
        nanos.recordValue(took);
    }

    void add(Latencies others) {
        if (others.longestNanos > longestNanos) {
            longestNanos = others.longestNanos;
            longestEndedNanos = others.longestEndedNanos;
        }
        nanos.add(others.nanos);
    }

    /** What {@code percent} of all requests took at most, in nanoseconds, to three digits; 0 when there was none. */
    public long atPercentile(double percent) {
        return nanos.getValueAtPercentile(percent);
    }

    /** What the longest request took, in nanoseconds; 0 when there was none. */
    public long longest() {
        return longestNanos;
    }

    /** When it ended, by {@link System#nanoTime}; meaningless when there was none. */
    public long longestEndedNanos() {
        return longestEndedNanos;
    }
}
