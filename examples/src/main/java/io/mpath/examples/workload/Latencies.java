package io.mpath.examples.workload;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long requests took. Recording allocates nothing. Not thread-safe. */
public final class Latencies {
    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final int DIGITS = 3;

    private final Histogram nanos = new Histogram(LONGEST_NANOS, DIGITS);

    /** No request yet. */
    public Latencies() {}

    void record(long tookNanos) {
        nanos.recordValue(Math.max(0, Math.min(tookNanos, LONGEST_NANOS)));
    }

    void add(Latencies others) {
        nanos.add(others.nanos);
    }

    /** What {@code percent} of all requests took at most, in nanoseconds, to three digits; 0 when there was none. */
    public long atPercentile(double percent) {
        return nanos.getValueAtPercentile(percent);
    }

    /** What the longest request took, in nanoseconds, to three digits. */
    public long longest() {
        return nanos.getMaxValue();
    }
}
