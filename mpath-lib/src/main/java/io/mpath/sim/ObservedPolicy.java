package io.mpath.sim;

import io.mpath.policy.IoPolicy;
import io.mpath.policy.NumaTopology;
import io.mpath.policy.PathSelector;
import io.mpath.policy.SelectablePath;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** A policy that chooses as another does, and tells whoever wants to know of the paths that it is to choose from. */
final class ObservedPolicy implements IoPolicy {
    private final IoPolicy chooses;
    private final Consumer<List<? extends SelectablePath>> told;
    private final Chooser chooser;

    /** Has {@code chooser} make each choice. */
    ObservedPolicy(IoPolicy chooses, Consumer<List<? extends SelectablePath>> told, Chooser chooser) {
        this.chooses = chooses;
        this.told = told;
        this.chooser = chooser;
    }

    /** Makes the choice of a policy, and sees what it likes of that. */
    interface Chooser {
        /** As {@code choice} says, for the device that {@code path} is one of. */
        int choose(IoPolicy policy, String path, IntSupplier choice);
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
        told.accept(candidates);
        PathSelector selector = chooses.selector(candidates, numa);
        String first = candidates.get(0).name();
        return cursor -> chooser.choose(this, first, () -> selector.select(cursor));
    }
}
