package io.mpath.internal.io;

import io.mpath.path.DevicePath;
import io.mpath.path.QueueKind;
import io.mpath.policy.SelectablePath;
import io.mpath.policy.ServiceHistory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A path as the hot path sees it: the same object in every path table that has it.
 *
 * <p>Threading: lanes are opened by the first submitter of a stripe that needs one, those of channels by their owners, who replace
 * {@code confined} whole. {@link #preferred} is written by the control loop before it publishes a table with a selector that read it.
 * The samples are the control loop's alone. {@code history} is made by it before a table is published by which requests are timed.
 * {@code written} is set by any thread and taken away by the control loop, {@code flushes} counted by any thread: see {@link
 * PortFlush}.
 */
public final class PathTarget implements SelectablePath {
    private static final VarHandle WRITTEN;
    private static final VarHandle FLUSHES;

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
    private final AtomicReferenceArray<Lane> lanes;
    private final AtomicReference<ConfinedLanes> confined = new AtomicReference<>(ConfinedLanes.NONE);
    private final Fence fence = new Fence();
    private volatile boolean preferred;

    @SuppressWarnings("unused") // through WRITTEN
    private volatile boolean written;

    @SuppressWarnings("unused") // through FLUSHES
    private volatile int flushes;

    private @Nullable ServiceHistory history;
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

    /** A way of a channel's own, for the calling thread. */
    public Lane openConfinedLane() {
        Lane opened = new Lane(path.openQueue(QueueKind.CONFINED));
        confined.updateAndGet(before -> before.with(opened));
        return opened;
    }

    /** Ends the use of one, by its owner; what was counted there stays counted. */
    public void closeConfinedLane(Lane lane) {
        confined.updateAndGet(before -> before.without(lane));
    }

    /** Attempts given to it. */
    public long requests() {
        long sum = confined.get().requests();
        for (int i = 0; i < lanes.length(); i++) {
            Lane lane = lanes.getAcquire(i);
            sum += lane == null ? 0 : lane.requests;
        }
        return sum;
    }

    /** Bytes of the attempts given to it. */
    public long bytes() {
        long sum = confined.get().bytes();
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
