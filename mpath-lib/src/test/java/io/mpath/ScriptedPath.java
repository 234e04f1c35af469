package io.mpath;

import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathControl;
import io.mpath.path.PathDescription;
import io.mpath.path.PathIo;
import io.mpath.path.PathPort;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A path whose every step is the test's, for what no well-behaved path does. Ready from the start. */
class ScriptedPath implements PathCandidate, DevicePath, PathQueue {
    final AtomicInteger closes = new AtomicInteger();
    volatile @Nullable PathControl control;

    private final String name;
    private final PathPort port;
    private final PathDescription description;
    private final PathQueue behaviour;

    ScriptedPath(String name, PathDescription description, PathQueue behaviour) {
        this(name, new PathPort("port of " + name), description, behaviour);
    }

    ScriptedPath(String name, PathPort port, PathDescription description, PathQueue behaviour) {
        this.name = name;
        this.port = port;
        this.description = description;
        this.behaviour = behaviour;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String transport() {
        return "scripted";
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
        return description;
    }

    @Override
    public void attach(PathControl to) {
        control = to;
        to.ready();
    }

    @Override
    public PathQueue openQueue(QueueKind kind) {
        return this;
    }

    @Override
    public boolean submit(PathIo io) {
        return behaviour.submit(io);
    }

    @Override
    public void close(Runnable closed) {
        closes.incrementAndGet();
        closed.run();
    }
}
