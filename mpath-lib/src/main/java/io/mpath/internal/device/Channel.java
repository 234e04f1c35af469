package io.mpath.internal.device;

import io.mpath.ConfigurationException;
import io.mpath.IoChannel;
import io.mpath.IoRequest;
import io.mpath.internal.io.ChannelCount;
import io.mpath.internal.io.CompletionQueue;
import io.mpath.internal.io.Flight;
import io.mpath.internal.io.Lane;
import io.mpath.internal.io.PathTarget;
import io.mpath.internal.io.Stripe;
import io.mpath.policy.NumaTopology;

/**
 * The door to a device that one thread has to itself: slots, cursor, counts and queues that nobody else writes, for as long as
 * its requests go well. One that does not leaves by the same {@link Door} as all others, keeps its slot, and is sent again by
 * the control loop, through the shared queues; only its end comes back here.
 *
 * <p>Nothing about it is handed to the control loop, or asked of its owner: the loop scans its slots with all others, and a slot
 * is claimed before the path table is read, as through the shared door (see {@link Stripe}). So whoever waits until nothing is
 * under way by an old table (a quiesce, a close, a flush) waits for what this has sent too, whether its owner is busy here or
 * never comes again. What a queue of its own has completed, its owner has not been told of before it polls: until then it counts
 * as under way, and its deadline passes.
 *
 * <p>Threading: all fields are the owner's. Others meet its slots, its counts and its {@link CompletionQueue}, each of which says
 * how.
 */
final class Channel implements IoChannel {
    private static final int MOST_DEPTH = 1 << 16;

    private final DeviceHead head;
    private final Stripe stripe;
    private final CompletionQueue ended = new CompletionQueue();
    private final ChannelPaths paths;
    private int inFlight;
    private boolean polling;
    private boolean closed;
    private boolean givenBack;

    /** One of the calling thread. */
    Channel(DeviceHead head, int depth, NumaTopology numa) {
        if (depth < 1 || depth > MOST_DEPTH) {
            throw new ConfigurationException("a channel's depth of " + depth + " is not 1 to " + MOST_DEPTH);
        }
        this.head = head;
        this.stripe = head.stripes().openChannel(depth);
        this.paths = new ChannelPaths(stripe, numa, head.control()::misbehaved);
    }

    CompletionQueue ended() {
        return ended;
    }

    Stripe stripe() {
        return stripe;
    }

    @Override
    public void submit(IoRequest request) {
        requireOwner();
        if (closed) {
            throw new IllegalStateException("the channel is closed");
        }
        head.launch((Flight) request, this);
        inFlight++;
    }

    /** Sends a flight to the path that its selector chooses; false when that has no room. */
    boolean sendChosen(Flight flight, PathTable now) {
        ChannelPath[] tier = paths.of(now);
        ChannelPath path = tier[head.select(flight, paths.selector(), tier.length, now.countsInFlight())];
        PathTarget target = path.target();
        head.prepare(flight, target, now.version());
        if (now.countsInFlight()) {
            flight.countedAs = DeviceHead.weightOf(flight);
            path.count().enter(flight.countedAs);
            flight.countedBy = path.count();
        }
        Lane lane;
        try {
            lane = path.lane();
        } catch (Throwable t) {
            head.noQueue(flight, target, t);
            return true;
        }
        return head.hand(flight, target, lane, now.timesRequests());
    }

    @Override
    public int poll() {
        requireOwner();
        if (polling) {
            throw new IllegalStateException("poll inside a callback of the same channel");
        }
        polling = true;
        int told = 0;
        try {
            // Where all there is has ended inside submit there is nothing to ask the queues for.
            if (ended.sizeOfOwn() < inFlight) {
                paths.poll();
            }
            for (Flight flight = ended.takeAll(); flight != null; told++) {
                Flight following = flight.next;
                flight.next = null;
                tell(flight);
                flight = following;
            }
        } finally {
            polling = false;
        }
        giveBack();
        return told;
    }

    private void tell(Flight flight) {
        if (flight.buffersInUse()) {
            // Not by a compound assignment, which would read the count before the callback submits more.
            if (flight.tellLingering()) {
                inFlight--;
            }
            return;
        }
        ChannelCount count = flight.countedBy;
        if (count != null) {
            flight.countedBy = null;
            count.leave(flight.countedAs);
        }
        inFlight--;
        flight.tellEnd();
    }

    @Override
    public int inFlight() {
        requireOwner();
        return inFlight;
    }

    @Override
    public void close() {
        Thread owner = ended.owner();
        if (owner != Thread.currentThread()) {
            if (owner.isAlive()) {
                throw notOwner();
            }
            ended.adopt(); // what a thread did happens before others see that it has ended
        }
        closed = true;
        giveBack();
    }

    /** What is under way keeps its queue and its slot; what is not polled, for ever. */
    private void giveBack() {
        if (closed && inFlight == 0 && !givenBack) {
            givenBack = true;
            paths.close();
            head.stripes().closeChannel(stripe);
        }
    }

    private void requireOwner() {
        if (ended.owner() != Thread.currentThread()) {
            throw notOwner();
        }
    }

    private IllegalStateException notOwner() {
        return new IllegalStateException(
                "the channel of thread '" + ended.owner().getName() + "' to " + head.id() + " is used by '"
                        + Thread.currentThread().getName() + "'");
    }

    @Override
    public String toString() {
        return "channel of thread '" + ended.owner().getName() + "' to " + head.id();
    }
}
