package io.mpath.internal.device;

import io.mpath.policy.IoPolicy;
import io.mpath.policy.NumaTopology;
import io.mpath.policy.PathSelector;
import io.mpath.policy.SelectablePath;
import java.util.List;

/**
 * Chooses as another policy does. The next choice is preempted once it is made: a given script runs between the submitter's
 * reading of the path table and its handing of the request to the path.
 */
final class PreemptedPolicy implements IoPolicy {
    private final IoPolicy chooses;
    private Runnable meanwhile = () -> {};

    PreemptedPolicy(IoPolicy chooses) {
        this.chooses = chooses;
    }

    /** Lets {@code script} run in the middle of the next submission. */
    void preemptNext(Runnable script) {
        meanwhile = script;
    }

    @Override
    public String name() {
        return chooses.name();
    }

    @Override
    public boolean countsInFlight() {
        return chooses.countsInFlight();
    }

    @Override
    public boolean timesRequests() {
        return chooses.timesRequests();
    }

    @Override
    public PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa) {
        PathSelector selector = chooses.selector(candidates, numa);
        return cursor -> {
            int chosen = selector.select(cursor);
            Runnable script = meanwhile;
            meanwhile = () -> {};
            script.run();
            return chosen;
        };
    }
}
