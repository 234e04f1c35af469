package io.mpath.scsi.sim;

import io.mpath.path.PathIo;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A queue of a logical unit. A confined one keeps the ends of its requests until it is polled. */
final class SimScsiQueue implements PathQueue {
    private final SimScsiUnit unit;
    private final QueueKind kind;
    private final Queue<Runnable> ends = new ConcurrentLinkedQueue<>();

    SimScsiQueue(SimScsiUnit unit, QueueKind kind) {
        this.unit = unit;
        this.kind = kind;
    }

    @Override
    public boolean submit(PathIo io) {
        return unit.submit(io, this);
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

    void deliver(Runnable end) {
        switch (kind) {
            case SHARED -> end.run();
            case CONFINED -> ends.add(end);
        }
    }
}
