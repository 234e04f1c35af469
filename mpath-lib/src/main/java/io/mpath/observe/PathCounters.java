package io.mpath.observe;

/**
 * What a path has done since it joined. Requests and bytes are counted without locks: where two threads share a stripe, an
 * update may be lost; the others are exact.
 *
 * @param requests attempts given to it
 * @param bytes data of those attempts
 * @param errors attempts that it failed, for whatever reason
 * @param failovers attempts that it failed as a path, and that were taken elsewhere
 * @param retries attempts that it was given again after a delay that the device asked for
 * @param checks checks that have answered
 * @param failedChecks those of them that found that it does not work
 * @param demotions times that it became marginal by itself
 */
public record PathCounters(
        long requests,
        long bytes,
        long errors,
        long failovers,
        long retries,
        long checks,
        long failedChecks,
        long demotions) {}
