package io.mpath.internal.device;

/** Whether something happens too often: remembers when it happened last, so many times. Used on the control loop only. */
final class Recurrence {
    private final long[] at;
    private final long[] successesThen;
    private final long windowNanos;
    private int count;

    /** Too often: {@code times} in {@code windowNanos}; zero times: never. */
    Recurrence(int times, long windowNanos) {
        this.at = new long[times];
        this.successesThen = new long[times];
        this.windowNanos = windowNanos;
    }

    /** It happened once more. Whether that is too often; not where each has {@code forgiven} successes to make up for it. */
    boolean tooOften(long now, long successes, long forgiven) {
        if (at.length == 0) {
            return false;
        }
        at[count % at.length] = now;
        successesThen[count % at.length] = successes;
        count++;
        int oldest = count % at.length;
        return count >= at.length
                && now - at[oldest] <= windowNanos
                && (successes - successesThen[oldest]) / at.length < forgiven;
    }

    void forget() {
        count = 0;
    }
}
