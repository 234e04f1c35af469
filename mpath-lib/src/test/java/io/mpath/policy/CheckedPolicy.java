package io.mpath.policy;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A policy that notes where whoever gives it candidates breaks the promises of {@link IoPolicy#selector}. Also for a
 * real device, on whose control loop an assertion would get lost.
 */
final class CheckedPolicy implements IoPolicy {
    private final IoPolicy policy;
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    CheckedPolicy(IoPolicy policy) {
        this.policy = policy;
    }

    Queue<String> violations() {
        return violations;
    }

    @Override
    public String name() {
        return policy.name();
    }

    @Override
    public boolean countsInFlight() {
        return policy.countsInFlight();
    }

    @Override
    public boolean timesRequests() {
        return policy.timesRequests();
    }

    @Override
    public PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa) {
        if (candidates.isEmpty()) {
            violations.add("no candidates");
            return cursor -> 0;
        }
        for (int i = 1; i < candidates.size(); i++) {
            if (candidates.get(i).ordinal() <= candidates.get(i - 1).ordinal()) {
                violations.add("candidates not in the order of their ordinals, at " + i);
            }
        }
        return policy.selector(candidates, numa);
    }
}
