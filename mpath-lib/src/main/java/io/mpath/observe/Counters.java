package io.mpath.observe;

import com.google.common.collect.ImmutableMap;

/** Counters under the names that JSON and JMX know them by. */
final class Counters {
    private Counters() {}

    static ImmutableMap<String, Long> byName(PathCounters counters) {
        return ImmutableMap.of(
                "requests", counters.requests(),
                "bytes", counters.bytes(),
                "errors", counters.errors(),
                "failovers", counters.failovers(),
                "retries", counters.retries(),
                "checks", counters.checks(),
                "failed_checks", counters.failedChecks(),
                "demotions", counters.demotions());
    }

    /** Those of the device itself, and the sums over its paths. */
    static ImmutableMap<String, Long> byName(DeviceSnapshot device) {
        DeviceCounters counters = device.counters();
        return ImmutableMap.<String, Long>builder()
                .put("requests", device.requests())
                .put("bytes", device.bytes())
                .put("errors", device.errors())
                .put("retries", device.retries())
                .put("failovers", counters.failovers())
                .put("requeues", counters.requeues())
                .put("no_path_failures", counters.noPathFailures())
                .put("timeouts", counters.timeouts())
                .put("unknown_outcomes", counters.unknownOutcomes())
                .put("held_writes", counters.heldWrites())
                .put("overlaps", counters.overlaps())
                .put("overdue_attempts", counters.overdueAttempts())
                .put("late_completions", counters.lateCompletions())
                .put("stray_completions", counters.strayCompletions())
                .put("unreached_flushes", counters.unreachedFlushes())
                .buildOrThrow();
    }
}
