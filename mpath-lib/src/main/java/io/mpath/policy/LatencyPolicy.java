package io.mpath.policy;

import java.util.List;

/**
 * The path with the least (requests in flight + 1) × mean latency squared. The mean is of what was timed lately ({@link
 * ServiceHistory#latencyNanos}), so a slow path gets little; the count is of this moment, so a path that stops answering fills up
 * at once and gets no more, long before its mean says so. At rest, paths share requests in the inverse ratio of the cubes of
 * their latencies.
 *
 * <p>Of the same aim as the policy proposed for Linux NVMe multipath as {@code adaptive}, then {@code latency}. That one gives
 * each path a share in the inverse ratio of its latency, which it averages every 15 s and spends as credits, and counts nothing in
 * flight. Paths of equal depth have such shares already, by Little's law, so queue-depth gives them without a clock. The product
 * with the plain latency, as in the "peak EWMA" balancers of RPC libraries, still leaves a path with 30 ms added a seventh of
 * what is in flight, which is as good as what is published of that policy and no better: hence the square.
 *
 * <p>A path that was not timed for 32 times its latency gets the next request, whatever its mean, so a slow path that has
 * recovered is found; that costs a synchronous caller a thirty-third of its time at most for each such path. A path of which nothing is known is
 * tried at once, and again more and more rarely while it does not answer (see {@link ServiceHistory#probeNanos}); until something
 * is known of any, requests go where the fewest are in flight. A path of which little is known is thought slower than it seems
 * ({@link ServiceHistory#caution}). Requests are counted through the whole port, over all its logical units.
 */
public record LatencyPolicy() implements IoPolicy {
    private static final int PROBE_FACTOR = 32;

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public boolean countsInFlight() {
        return true;
    }

    @Override
    public boolean timesRequests() {
        return true;
    }

    @Override
    public PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa) {
        return candidates.size() == 1
                ? cursor -> 0
                : new LeastExpected(candidates, LatencyPolicy::squaredLatency, PROBE_FACTOR);
    }

    private static double squaredLatency(ServiceHistory history) {
        double latency = history.latencyNanos();
        return latency * latency;
    }
}
