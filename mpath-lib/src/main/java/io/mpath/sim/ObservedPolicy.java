package io.mpath.sim;

import io.mpath.policy.IoPolicy;
import io.mpath.policy.NumaTopology;
import io.mpath.policy.PathSelector;
import io.mpath.policy.SelectablePath;
import java.util.List;
import java.util.function.Consumer;

/** A policy that chooses as another does, and tells whoever wants to know of the paths that it is to choose from. */
final class ObservedPolicy implements IoPolicy {
    private final IoPolicy chooses;
    private final Consumer<List<? extends SelectablePath>> told;

    ObservedPolicy(IoPolicy chooses, Consumer<List<? extends SelectablePath>> told) {
        this.chooses = chooses;
        this.told = told;
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
    public PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa) {
        told.accept(candidates);
        return chooses.selector(candidates, numa);
    }
}
