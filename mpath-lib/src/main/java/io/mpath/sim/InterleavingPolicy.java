package io.mpath.sim;

import io.mpath.policy.IoPolicy;
import io.mpath.policy.NumaTopology;
import io.mpath.policy.PathSelector;
import io.mpath.policy.SelectablePath;
import java.time.Duration;
import java.util.List;

/**
 * A policy that chooses as another does, and lets other threads of the world run meanwhile: a submitter preempted between
 * reading the path table and handing its request to the path. Whether, and for how long, the seed decides.
 */
public final class InterleavingPolicy implements IoPolicy {
    private static final int MOST_EVENTS = 8;
    private static final Duration LONGEST = Duration.ofMillis(1);

    private final SimWorld world;
    private final IoPolicy chooses;
    private final SimRandom random;

    /** Chooses as {@code chooses} does, among events of {@code world}. */
    public InterleavingPolicy(SimWorld world, IoPolicy chooses) {
        this.world = world;
        this.chooses = chooses;
        this.random = world.random("preemption");
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
            preemptPerhaps();
            int chosen = selector.select(cursor);
            preemptPerhaps();
            return chosen;
        };
    }

    private void preemptPerhaps() {
        if (random.chance(1, 2)) {
            world.preempt(1 + random.nextInt(MOST_EVENTS), LONGEST);
        }
    }
}
