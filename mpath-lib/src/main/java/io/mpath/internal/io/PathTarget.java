package io.mpath.internal.io;

import io.mpath.path.DevicePath;
import io.mpath.path.QueueKind;
import io.mpath.policy.SelectablePath;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A path as the hot path sees it: the same object in every path table that has it.
 *
 * <p>Threading: lanes are opened by the first submitter of a stripe that needs one. {@link #preferred} is written by the control
 * loop before it publishes a table with a selector that read it. The samples are the control loop's alone.
 */
public final class PathTarget implements SelectablePath {
    private final DevicePath path;
    private final PortRecord port;
    private final int ordinal;
    private final AtomicReferenceArray<Lane> lanes;
    private final Fence fence = new Fence();
    private volatile boolean preferred;
    private int underWay;
    private int timed;

    /** A path with that number in its device. */
    public PathTarget(DevicePath path, PortRecord port, int ordinal, int stripes) {
        this.path = path;
        this.port = port;
        this.ordinal = ordinal;
        this.lanes = new AtomicReferenceArray<>(stripes);
    }

    /** The stripe's way to this path. */
    public Lane lane(int stripe) {
        Lane lane = lanes.getAcquire(stripe);
        return lane == null ? openLane(stripe) : lane;
    }

    private Lane openLane(int stripe) {
        Lane opened = new Lane(path.openQueue(QueueKind.SHARED));
        Lane first = lanes.compareAndExchange(stripe, null, opened);
        return first == null ? opened : first;
    }

    /** Attempts given to it. */
    public long requests() {
        long sum = 0;
        for (int i = 0; i < lanes.length(); i++) {
            Lane lane = lanes.getAcquire(i);
            sum += lane == null ? 0 : lane.requests;
        }
        return sum;
    }

    /** Bytes of the attempts given to it. */
    public long bytes() {
        long sum = 0;
        for (int i = 0; i < lanes.length(); i++) {
            Lane lane = lanes.getAcquire(i);
            sum += lane == null ? 0 : lane.bytes;
        }
        return sum;
    }

    /** The adapter's path. */
    public DevicePath path() {
        return path;
    }

    /** Where its requests are counted. */
    public PortRecord port() {
        return port;
    }

    /** What is known of the attempts that it lost. */
    public Fence fence() {
        return fence;
    }

    /** Prefers it, or not. */
    public void prefer(boolean value) {
        preferred = value;
    }

    /** An attempt was seen with it; {@code timed}: one by which it is compared with others. */
    public void sampled(boolean countsInTime) {
        underWay++;
        timed += countsInTime ? 1 : 0;
    }

    /** How many attempts were seen with it since this was asked last. */
    public int takeUnderWay() {
        int seen = underWay;
        underWay = 0;
        return seen;
    }

    /** How many of those count in time. */
    public int takeTimed() {
        int seen = timed;
        timed = 0;
        return seen;
    }

    @Override
    public String name() {
        return path.name();
    }

    @Override
    public int numaNode() {
        return path.port().numaNode();
    }

    @Override
    public boolean preferred() {
        return preferred;
    }

    @Override
    public int ordinal() {
        return ordinal;
    }

    @Override
    public int inFlight() {
        return port.inFlight();
    }
}
