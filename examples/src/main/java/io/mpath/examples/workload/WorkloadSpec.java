package io.mpath.examples.workload;

import java.time.Duration;

/**
 * A workload, checked against the device that it is for.
 *
 * @param blockBytes the length of every request; every request is aligned to it, counted from {@code offset}
 * @param depth requests that each thread keeps under way
 * @param offset where the range begins, in bytes
 * @param blocks the length of the range, in blocks
 * @param count how many requests to make; {@link Long#MAX_VALUE} for no bound
 * @param time how long to make requests
 * @param rampTime how long latencies are not recorded at the beginning
 * @param seed repeats the choice of blocks and directions
 */
public record WorkloadSpec(
        RwMode mode,
        int blockBytes,
        int depth,
        int threads,
        long offset,
        long blocks,
        long count,
        Duration time,
        Duration rampTime,
        boolean verify,
        long seed) {
    /** Where a block begins, in bytes. */
    public long offsetOf(long block) {
        return offset + block * blockBytes;
    }

    /** The first block of one thread's share of the range; that of thread number {@code threads} is the end. */
    public long firstBlockOf(int thread) {
        return blocks / threads * thread + Math.min(blocks % threads, thread);
    }

    /** One thread's share of the requests. */
    public long countOf(int thread) {
        return count == Long.MAX_VALUE ? count : count / threads + (thread < count % threads ? 1 : 0);
    }
}
