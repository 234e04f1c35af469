package io.mpath.bench;

import io.mpath.policy.IoPolicy;
import java.util.List;

/**
 * Two paths, one with 30 ms added, as in the series that proposes a latency policy for Linux NVMe multipath. Any number of
 * requests is served at once, each in the same mean time and the delay; what fio kept under way is not published.
 *
 * <p>Both unknowns are taken from the rows of numa, which had the delayed path, and of round-robin alone: by Little's law those
 * are {@code bytes / (delay + latency)} and {@code 2 × bytes / (delay + 2 × latency)}. The bytes under way are a power of two,
 * as the jobs of fio are; of these, and of latencies in steps of 10 µs, the pair is taken that is least off by the sum of
 * squares of the relative errors. Both rows are all but blind to the latency where it is much shorter than the delay, and to
 * whatever limits link and target.
 *
 * @param bytes under way, in MiB
 * @param latencyMillis of a request without the delay
 */
record DelayedPath(double bytes, double latencyMillis) {
    /** Enough to spread, and few enough to simulate; what counts is how many bytes they are together. */
    static final int DEPTH = 64;

    private static final double DELAY_MILLIS = 30;
    private static final double LATENCY_STEP = 0.01;
    private static final double NANOS = 1e6;

    /** The pair that fits two rows best, in MiB/s. */
    static DelayedPath fitting(double numa, double roundRobin) {
        DelayedPath best = new DelayedPath(1, LATENCY_STEP);
        for (double bytes = 1.0 / 8; bytes <= 64; bytes *= 2) {
            for (int step = 1; step * LATENCY_STEP <= 2 * DELAY_MILLIS; step++) {
                DelayedPath candidate = new DelayedPath(bytes, step * LATENCY_STEP);
                if (candidate.miss(numa, roundRobin) < best.miss(numa, roundRobin)) {
                    best = candidate;
                }
            }
        }
        return best;
    }

    private double miss(double numa, double roundRobin) {
        double first = 1000 * bytes / (DELAY_MILLIS + latencyMillis) / numa - 1;
        double second = 2000 * bytes / (DELAY_MILLIS + 2 * latencyMillis) / roundRobin - 1;
        return first * first + second * second;
    }

    /** What that policy makes of it, in MiB/s. The delayed path is the first, which numa takes. */
    double throughput(IoPolicy policy) {
        long mean = Math.round(latencyMillis * NANOS);
        ModelRun run = ModelRun.of(
                policy,
                DEPTH,
                List.of(
                        random -> ModelPath.delay(Math.round(DELAY_MILLIS * NANOS), mean, random),
                        random -> ModelPath.delay(0, mean, random)));
        return run.requestsPerSecond() * bytes / DEPTH;
    }
}
