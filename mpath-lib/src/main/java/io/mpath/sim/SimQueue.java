package io.mpath.sim;

import io.mpath.path.Abortable;
import io.mpath.path.PathIo;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A queue of a simulated path. A confined one keeps the ends of its attempts until it is polled. */
final class SimQueue implements PathQueue, Abortable {
    private final SimSession session;
    private final QueueKind kind;
    private final Queue<Runnable> ends = new ConcurrentLinkedQueue<>();

    SimQueue(SimSession session, QueueKind kind) {
        this.session = session;
        this.kind = kind;
    }

    @Override
    public boolean submit(PathIo io) {
        return session.submit(io, this);
    }

    @Override
    public int poll() {
        int polled = 0;
        for (Runnable end = ends.poll(); end != null; end = ends.poll()) {
            end.run();
            polled++;
        }
        return polled;
    }

    @Override
    public void abort(PathIo io, long tag) {
        session.abort(io, tag);
    }

    void deliver(Runnable end) {
        switch (kind) {
            case SHARED -> end.run();
            case CONFINED -> ends.add(end);
        }
    }
}
