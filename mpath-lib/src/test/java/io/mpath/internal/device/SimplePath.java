package io.mpath.internal.device;

import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathControl;
import io.mpath.path.PathDescription;
import io.mpath.path.PathPort;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;

/** {@code candidate} without what a path may be beyond a path: it can neither be checked nor tell of fences. */
record SimplePath(PathCandidate candidate) implements PathCandidate {
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
        return new Opened(candidate.open());
    }

    private record Opened(DevicePath path) implements DevicePath {
        @Override
        public String name() {
            return path.name();
        }

        @Override
        public PathPort port() {
            return path.port();
        }

        @Override
        public PathDescription describe() {
            return path.describe();
        }

        @Override
        public void attach(PathControl control) {
            path.attach(control);
        }

        @Override
        public PathQueue openQueue(QueueKind kind) {
            return path.openQueue(kind);
        }

        @Override
        public void close(Runnable closed) {
            path.close(closed);
        }
    }
}
