package io.mpath.internal.device;

import io.mpath.internal.io.ChannelCount;
import io.mpath.internal.io.Lane;
import io.mpath.internal.io.PathTarget;
import io.mpath.policy.SelectablePath;
import io.mpath.policy.ServiceHistory;
import org.jspecify.annotations.Nullable;

/**
 * A path as a channel sees it: with a queue of the channel's own, and as busy as the channel itself keeps its port (SPDK: an I/O
 * path of a channel). Used by the channel's owner only.
 */
final class ChannelPath implements SelectablePath {
    private final PathTarget target;
    private final ChannelCount count;
    private @Nullable Lane lane;

    ChannelPath(PathTarget target, ChannelCount count) {
        this.target = target;
        this.count = count;
    }

    PathTarget target() {
        return target;
    }

    /** The channel's requests through its port. */
    ChannelCount count() {
        return count;
    }

    /** The channel's way to it, opened when it is first needed; throws what its path does. */
    Lane lane() {
        Lane open = lane;
        if (open == null) {
            open = target.openConfinedLane();
            lane = open;
        }
        return open;
    }

    /** That way, if it was needed. */
    @Nullable
    Lane laneIfOpen() {
        return lane;
    }

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public int numaNode() {
        return target.numaNode();
    }

    @Override
    public boolean preferred() {
        return target.preferred();
    }

    @Override
    public int ordinal() {
        return target.ordinal();
    }

    /** Requests in flight through its port of this channel's alone. */
    @Override
    public int inFlight() {
        return count.inFlight();
    }

    /** Bytes that those carry. */
    @Override
    public long bytesInFlight() {
        return count.bytesInFlight();
    }

    /** What was measured of it through all doors. */
    @Override
    public ServiceHistory history() {
        return target.history();
    }
}
