package io.mpath.internal.device;

import com.google.common.collect.ImmutableList;
import io.mpath.internal.io.ChannelCount;
import io.mpath.internal.io.Flight;
import io.mpath.internal.io.Lane;
import io.mpath.internal.io.PathTarget;
import io.mpath.internal.io.PortRecord;
import io.mpath.internal.io.Stripe;
import io.mpath.policy.NumaTopology;
import io.mpath.policy.PathSelector;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The paths that a channel has queues to, and those of the present tier with a selector over them that goes by the channel's own
 * counts. Follows the path table whenever its owner meets one with another tier. Used by the channel's owner only.
 */
final class ChannelPaths {
    private static final PathSelector ALWAYS_FIRST = cursor -> 0;

    private final Stripe stripe;
    private final NumaTopology numa;
    private final BiConsumer<String, String> misbehaved;
    private final IdentityHashMap<PortRecord, ChannelCount> counts = new IdentityHashMap<>();
    private final List<ChannelPath> known = new ArrayList<>();

    private PathTarget[] tier = {};
    private ChannelPath[] paths = {};
    private PathSelector selector = ALWAYS_FIRST;

    /** @param misbehaved told when a path or the policy throws */
    ChannelPaths(Stripe stripe, NumaTopology numa, BiConsumer<String, String> misbehaved) {
        this.stripe = stripe;
        this.numa = numa;
        this.misbehaved = misbehaved;
    }

    /** The tier of {@code now}; the same array until there is another one. */
    ChannelPath[] of(PathTable now) {
        if (now.tier() != tier) {
            follow(now);
        }
        return paths;
    }

    /** Chooses among those that {@link #of} gave last. */
    PathSelector selector() {
        return selector;
    }

    private void follow(PathTable now) {
        forgetThoseThatLeft(now);
        ChannelPath[] next = new ChannelPath[now.tier().length];
        for (int i = 0; i < next.length; i++) {
            next[i] = pathTo(now.tier()[i]);
        }
        selector = selectorOf(next, now);
        paths = next;
        tier = now.tier();
    }

    /** As with the device's own selector, a policy that throws does not keep requests from being sent. */
    private PathSelector selectorOf(ChannelPath[] next, PathTable now) {
        try {
            return now.policy().selector(ImmutableList.copyOf(next), numa);
        } catch (Throwable t) {
            misbehaved.accept("", "policy " + now.policy().name() + " made no selector: " + t);
            return ALWAYS_FIRST;
        }
    }

    private ChannelPath pathTo(PathTarget target) {
        for (ChannelPath path : known) {
            if (path.target() == target) {
                return path;
            }
        }
        ChannelPath made = new ChannelPath(target, countOf(target.port()));
        known.add(made);
        return made;
    }

    private ChannelCount countOf(PortRecord port) {
        ChannelCount present = counts.get(port);
        if (present == null) {
            present = new ChannelCount();
            counts.put(port, present);
            port.add(present);
        }
        return present;
    }

    /** A queue that still has an attempt is polled until the next change at least. */
    private void forgetThoseThatLeft(PathTable now) {
        known.removeIf(path -> {
            boolean left = now.paths().stream().noneMatch(view -> view.target() == path.target());
            Lane lane = path.laneIfOpen();
            if (!left || (lane != null && mayHaveAttempts(lane))) {
                return false;
            }
            if (lane != null) {
                path.target().closeConfinedLane(lane);
            }
            return true;
        });
        counts.entrySet().removeIf(entry -> {
            boolean gone = entry.getValue().inFlight() == 0
                    && known.stream().noneMatch(path -> path.count() == entry.getValue());
            if (gone) {
                entry.getKey().remove(entry.getValue());
            }
            return gone;
        });
    }

    /** A slot is kept for as long as a path has the attempt, so one that is behind the time errs on the safe side. */
    private boolean mayHaveAttempts(Lane lane) {
        boolean[] found = new boolean[1];
        stripe.scan((Flight flight) -> found[0] |= flight.lane == lane);
        return found[0];
    }

    /** Has the queues complete what is done. */
    void poll() {
        for (int i = 0; i < known.size(); i++) {
            ChannelPath path = known.get(i);
            Lane lane = path.laneIfOpen();
            if (lane != null) {
                try {
                    lane.queue().poll();
                } catch (Throwable t) {
                    misbehaved.accept(path.name(), "poll threw " + t);
                }
            }
        }
    }

    /** Gives everything back, when nothing is under way any more. */
    void close() {
        for (ChannelPath path : known) {
            Lane lane = path.laneIfOpen();
            if (lane != null) {
                path.target().closeConfinedLane(lane);
            }
        }
        known.clear();
        counts.forEach(PortRecord::remove);
        counts.clear();
        tier = new PathTarget[0];
        paths = new ChannelPath[0];
    }
}
