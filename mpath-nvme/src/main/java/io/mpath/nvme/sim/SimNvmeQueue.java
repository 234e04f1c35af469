package io.mpath.nvme.sim;

import io.mpath.path.PathIo;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A queue of a namespace. A confined one keeps the ends of its requests until it is polled. */
final class SimNvmeQueue implements PathQueue {
    private final SimNvmeNamespace namespace;
    private final QueueKind kind;
    private final int number;
    private final Queue<Runnable> ends = new ConcurrentLinkedQueue<>();

    SimNvmeQueue(SimNvmeNamespace namespace, QueueKind kind, int number) {
        this.namespace = namespace;
        this.kind = kind;
        this.number = number;
    }

    int number() {
        return number;
    }

    @Override
    public boolean submit(PathIo io) {
        return namespace.submit(io, this);
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
