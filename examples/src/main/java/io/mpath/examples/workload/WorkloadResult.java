package io.mpath.examples.workload;

/**
 * What a workload or a script came to.
 *
 * @param requests that ended, well or not, the reading back not counted
 * @param bytes of those that succeeded
 * @param nanos how long that took
 * @param readBack blocks that were read back and judged at the end
 * @param latencies of those requests, well ended or not
 */
public record WorkloadResult(
        long requests, long bytes, long nanos, long readBack, Findings findings, Latencies latencies) {
    /** Whether nothing went wrong. */
    public boolean clean() {
        return findings.errors() == 0 && findings.miscompares() == 0;
    }
}
