package io.mpath.internal.io;

import io.mpath.path.DevicePath;
import io.mpath.path.QueueKind;
import io.mpath.policy.SelectablePath;
import io.mpath.policy.ServiceHistory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A path as the hot path sees it: the same object in every path table that has it.
 *
 * <p>Threading: lanes are opened by the first submitter of a stripe that needs one, and what holds them, under this object's lock, by
 * the first of all; those of channels by their owners, who replace {@code confined} whole. {@link #preferred} is written by the
 * control loop before it publishes a table with a selector that read it. The samples and {@code fence} are the control loop's alone.
 * {@code history} is made by it before a table is published by which requests are timed. {@code written} is set by any thread and
 * taken away by the control loop, {@code flushes} counted by any thread: see {@link PortFlush}.
 */
public final class PathTarget implements SelectablePath {
    private static final VarHandle WRITTEN;
    private static final VarHandle FLUSHES;
    private static final AtomicReferenceFieldUpdater<PathTarget, ConfinedLanes> CONFINED =
            AtomicReferenceFieldUpdater.newUpdater(PathTarget.class, ConfinedLanes.class, "confined");

    static {
        try {
            WRITTEN = MethodHandles.lookup().findVarHandle(PathTarget.class, "written", boolean.class);
            FLUSHES = MethodHandles.lookup().findVarHandle(PathTarget.class, "flushes", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final DevicePath path;
    private final PortRecord port;
    private final int ordinal;
    private final short stripes; // which keeps the object at 56 bytes: there may be forty thousand

    private volatile @Nullable AtomicReferenceArray<Lane> lanes;
    private volatile ConfinedLanes confined = ConfinedLanes.NONE;
    private @Nullable Fence fence;
    private volatile boolean preferred;

    @SuppressWarnings("unused") // through WRITTEN
    private volatile boolean written;

    @SuppressWarnings("unused") // through FLUSHES
    private volatile int flushes;

    private @Nullable ServiceHistory history;
    private int underWay;
    private int timed;

    /** A path with that number in its device, which has so many stripes; an idle one has nothing for them. */
    public PathTarget(DevicePath path, PortRecord port, int ordinal, int stripes) {
        this.path = path;
        this.port = port;
        this.ordinal = ordinal;
        this.stripes = (short) stripes;
        assert this.stripes == stripes : stripes + " stripes";
    }

    /** The stripe's way to this path. */
    public Lane lane(int stripe) {
        AtomicReferenceArray<Lane> open = lanes;
        Lane lane = open == null ? null : open.getAcquire(stripe);
        return lane == null ? openLane(stripe) : lane;
    }

    private Lane openLane(int stripe) {
        Lane opened = new Lane(path.openQueue(QueueKind.SHARED));
        Lane first = openLanes().compareAndExchange(stripe, null, opened);
        return first == null ? opened : first;
    }

    private synchronized AtomicReferenceArray<Lane> openLanes() {
        AtomicReferenceArray<Lane> open = lanes;
        if (open == null) {
            open = new AtomicReferenceArray<>(stripes);
            lanes = open;
        }
        return open;
    }

    /** A way of a channel's own, for the calling thread. */
    public Lane openConfinedLane() {
        Lane opened = new Lane(path.openQueue(QueueKind.CONFINED));
        CONFINED.updateAndGet(this, before -> before.with(opened));
        return opened;
    }

    /** Ends the use of one, by its owner; what was counted there stays counted. */
    public void closeConfinedLane(Lane lane) {
        CONFINED.updateAndGet(this, before -> before.without(lane));
    }

    /** Attempts given to it. */
    public long requests() {
        return sum(confined.requests(), lane -> lane.requests);
    }

    /** Bytes of the attempts given to it. */
    public long bytes() {
        return sum(confined.bytes(), lane -> lane.bytes);
    }

    private long sum(long ofChannels, ToLongFunction<Lane> count) {
        long sum = ofChannels;
        AtomicReferenceArray<Lane> open = lanes;
        for (int i = 0; open != null && i < open.length(); i++) {
            Lane lane = open.getAcquire(i);
            sum += lane == null ? 0 : count.applyAsLong(lane);
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

    /** What is known of the attempts that it lost. On the control loop. */
    public Fence fence() {
        Fence known = fence;
        if (known == null) {
            known = new Fence();
            fence = known;
        }
        return known;
    }

    /**
     * A change is about to be given to it, whose submitter has a slot: see {@link PortFlush}. The mark is stored only where it is
     * not set, so that the line stays shared; the load is as cheap as that of the path table.
     */
    public void markWritten() {
        if (!(boolean) WRITTEN.getVolatile(this)) {
            WRITTEN.setVolatile(this, true);
        }
    }

    /** Whether something was written through it that no flush has covered yet. */
    public boolean unflushed() {
        return flushes > 0 || written; // in this order: a flush that fails marks it before it is over
    }

    /** Takes the mark away, and says whether it was there. By the control loop, which looks at the slots next. */
    public boolean takeWritten() {
        boolean before = written;
        if (before) {
            WRITTEN.setVolatile(this, false);
        }
        return before;
    }

    void flushBegins() {
        FLUSHES.getAndAdd(this, 1);
    }

    void flushEnds() {
        FLUSHES.getAndAdd(this, -1);
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
        return port.numaNode();
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

    @Override
    public long bytesInFlight() {
        return port.bytesInFlight();
    }

    /** On the control loop, and for attempts that are timed. */
    @Override
    public ServiceHistory history() {
        ServiceHistory known = history;
        if (known == null) {
            known = new ServiceHistory();
            history = known;
        }
        return known;
    }

    /** It came back: what it took before says nothing of it. On the control loop. */
    public void forgetHistory() {
        if (history != null) {
            history.forget();
        }
    }
}
