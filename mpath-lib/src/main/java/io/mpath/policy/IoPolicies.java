package io.mpath.policy;

import com.google.common.collect.ImmutableList;
import io.mpath.ConfigurationException;
import java.util.List;
import java.util.stream.Collectors;

/** The policies that come with the library. */
public final class IoPolicies {
    private static final ImmutableList<IoPolicy> ALL =
            ImmutableList.of(new NumaPolicy(), new RoundRobinPolicy(), new QueueDepthPolicy());

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
