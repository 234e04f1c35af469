package io.mpath.policy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.mpath.ConfigurationException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The policies that come with the library. */
public final class IoPolicies {
    private static final ImmutableList<IoPolicy> ALL = ImmutableList.of(
            new NumaPolicy(),
            new RoundRobinPolicy(),
            new QueueDepthPolicy(),
            new ServiceTimePolicy(ImmutableMap.of()),
            new HistoricalServiceTimePolicy(),
            new LatencyPolicy());

    private IoPolicies() {}

    /** The nearest path of the caller's memory node gets all of that node's requests; see {@link NumaPolicy}. */
    public static IoPolicy numa() {
        return ALL.get(0);
    }

    /** Each path in turn; see {@link RoundRobinPolicy}. */
    public static IoPolicy roundRobin() {
        return ALL.get(1);
    }

    /** The path whose port has the fewest requests in flight; see {@link QueueDepthPolicy}. */
    public static IoPolicy queueDepth() {
        return ALL.get(2);
    }

    /** The path whose port has the fewest bytes in flight; see {@link ServiceTimePolicy}. */
    public static IoPolicy serviceTime() {
        return ALL.get(3);
    }

    /**
     * The path whose port has the fewest bytes in flight for what it can do; see {@link ServiceTimePolicy}.
     *
     * @param relativeThroughput by the name of a path, 0 to 100; 1 for those not named
     * @throws ConfigurationException when one is out of its range
     */
    public static IoPolicy serviceTime(Map<String, Integer> relativeThroughput) {
        return new ServiceTimePolicy(relativeThroughput);
    }

    /** The path that would serve a request soonest by what it served before; see {@link HistoricalServiceTimePolicy}. */
    public static IoPolicy historicalServiceTime() {
        return ALL.get(4);
    }

    /** The path of the least latency and depth; see {@link LatencyPolicy}. */
    public static IoPolicy latency() {
        return ALL.get(5);
    }

    /** All of them, the default first. */
    public static List<IoPolicy> all() {
        return ALL;
    }

    /** The policy of that name. @throws ConfigurationException when there is none, listing those there are */
    public static IoPolicy named(String name) {
        for (IoPolicy policy : ALL) {
            if (policy.name().equals(name)) {
                return policy;
            }
        }
        throw new ConfigurationException("there is no policy '" + name + "': choose one of "
                + ALL.stream().map(IoPolicy::name).collect(Collectors.joining(", ")));
    }
}
