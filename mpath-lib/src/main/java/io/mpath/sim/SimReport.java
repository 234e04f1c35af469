package io.mpath.sim;

/**
 * What became of a {@link Simulation} that broke no rule.
 *
 * @param seed its seed
 * @param requests how many requests clients made
 * @param attempts how many attempts paths were given
 * @param faults how many faults there were
 * @param virtualNanos how long it took in virtual time, in nanoseconds
 * @param hash of everything that happened: equal for equal runs
 * @param coverage what happened how often
 */
public record SimReport(
        long seed, long requests, long attempts, long faults, long virtualNanos, long hash, SimCoverage coverage) {}
