package io.mpath.observe;

import io.mpath.Geometry;

/**
 * What a device has done since it came into being, beyond what its paths count.
 *
 * @param failovers requests taken from a path that failed them to be sent anew
 * @param requeues requests that had to wait because no path was usable (Linux: {@code io_requeue_no_usable_path_count})
 * @param noPathFailures requests failed for want of a path (Linux: {@code io_fail_no_available_path_count})
 * @param timeouts requests ended by their deadline
 * @param unknownOutcomes requests ended without knowing whether they took effect
 * @param heldWrites writes held because the path that failed them could not tell whether they took effect
 * @param overlaps changes that had to wait for an unresolved one that they overlap
 * @param overdueAttempts attempts that a path had for longer than the I/O time-out
 * @param lateCompletions attempts that ended after their request had
 * @param strayCompletions ends of attempts that had ended already, or never begun: a path's mistake
 * @param unreachedFlushes flushes of one port ({@link Geometry#flushPerPort}) that could not reach it, and went elsewhere
 */
public record DeviceCounters(
        long failovers,
        long requeues,
        long noPathFailures,
        long timeouts,
        long unknownOutcomes,
        long heldWrites,
        long overlaps,
        long overdueAttempts,
        long lateCompletions,
        long strayCompletions,
        long unreachedFlushes) {}
