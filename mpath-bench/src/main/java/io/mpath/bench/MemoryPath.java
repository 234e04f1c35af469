package io.mpath.bench;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.path.Certainty;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathControl;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.path.PathPort;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;

/**
 * A path to nothing: requests cross it without their data being touched and without an allocation, so that what is measured is
 * the library.
 *
 * <p>Threading: one queue for all who ask, unless it is to be polled. {@code control} and {@code closed} are written on the control loop, read by any
 * thread.
 */
final class MemoryPath implements DevicePath, PathCandidate, PathQueue {
    /** Ends each request inside submit. */
    static final PathQueue AT_ONCE = io -> {
        io.complete(io.tag());
        return true;
    };

    private static final Geometry GEOMETRY = Geometry.of(1L << 30, 4096);
    private static final PathFailure CLOSED = PathFailure.failOver(Certainty.NOT_EXECUTED, "the path is closed");

    private final String name;
    private final DeviceId id;
    private final PathPort port;
    private final PathQueue target;
    private final boolean polled;
    private volatile PathControl control;
    private volatile boolean closed;

    /** A path of {@code id} through {@code port}, whose requests go to {@code target}. */
    MemoryPath(String name, DeviceId id, PathPort port, PathQueue target) {
        this(name, id, port, target, false);
    }

    private MemoryPath(String name, DeviceId id, PathPort port, PathQueue target, boolean polled) {
        this.polled = polled;
        this.name = name;
        this.id = id;
        this.port = port;
        this.target = target;
    }

    /** One that ends what a channel gives it when that channel is polled, and all else inside submit. */
    static MemoryPath polled(String name, DeviceId id, PathPort port) {
        return new MemoryPath(name, id, port, AT_ONCE, true);
    }

    /** What it reports to; null until it is attached. */
    PathControl control() {
        return control;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String transport() {
        return "memory";
    }

    @Override
    public DevicePath open() {
        return this;
    }

    @Override
    public PathPort port() {
        return port;
    }

    @Override
    public PathDescription describe() {
        return new PathDescription(id, GEOMETRY);
    }

    @Override
    public void attach(PathControl to) {
        control = to;
        to.ready();
    }

    @Override
    public PathQueue openQueue(QueueKind kind) {
        return polled && kind == QueueKind.CONFINED ? new PolledRequests() : this;
    }

    @Override
    public boolean submit(PathIo io) {
        if (closed) {
            io.fail(io.tag(), CLOSED);
            return true;
        }
        return target.submit(io);
    }

    @Override
    public void close(Runnable whenClosed) {
        closed = true;
        whenClosed.run();
    }
}
