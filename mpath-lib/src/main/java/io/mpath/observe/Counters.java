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
                "retries", counters.retries());
    }

    static ImmutableMap<String, Long> byName(DeviceCounters counters) {
        return ImmutableMap.of(
                "failovers", counters.failovers(),
                "requeues", counters.requeues(),
                "no_path_failures", counters.noPathFailures(),
                "timeouts", counters.timeouts(),
                "unknown_outcomes", counters.unknownOutcomes(),
                "late_completions", counters.lateCompletions(),
                "stray_completions", counters.strayCompletions());
    }
}
