package io.mpath.sim;

import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathControl;
import io.mpath.path.PathDescription;
import io.mpath.path.PathIo;
import io.mpath.path.PathPort;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;

/** A sound path with one flaw, put in by overriding: what the clauses of the contract have to catch. */
class FlawedPath implements PathCandidate, DevicePath {
    private final SimPath candidate;
    private final DevicePath sound;

    FlawedPath(SimPath candidate) {
        this.candidate = candidate;
        this.sound = candidate.open();
    }

    /** Stands between the contract and the sound queue. */
    boolean submit(PathQueue queue, PathIo io) {
        return queue.submit(io);
    }

    @Override
    public String name() {
        return candidate.name();
    }

    @Override
    public String transport() {
        return candidate.transport();
    }

    @Override
    public DevicePath open() {
        return this;
    }

    @Override
    public PathPort port() {
        return sound.port();
    }

    @Override
    public PathDescription describe() {
        return sound.describe();
    }

    @Override
    public void attach(PathControl control) {
        sound.attach(control);
    }

    @Override
    public PathQueue openQueue(QueueKind kind) {
        PathQueue queue = sound.openQueue(kind);
        return new PathQueue() {
            @Override
            public boolean submit(PathIo io) {
                return FlawedPath.this.submit(queue, io);
            }

            @Override
            public int poll() {
                return queue.poll();
            }
        };
    }

    @Override
    public void close(Runnable closed) {
        sound.close(closed);
    }
}
