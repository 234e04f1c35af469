package io.mpath;

import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Blocks in memory, for paths on real threads. Deliberately without a lock: whatever one request wrote the next one over the
 * same blocks sees only if the library hands requests over properly.
 */
final class MemoryDisk {
    final PathDescription description;
    private final byte[] held;

    MemoryDisk(DeviceId id, Geometry geometry) {
        description = new PathDescription(id, geometry);
        held = new byte[(int) geometry.sizeBytes()];
    }

    /** Carries out what {@code io} asks for. @return how that failed, or null */
    @Nullable
    PathFailure execute(PathIo io) {
        int at = (int) io.offset();
        switch (io.operation()) {
            case READ -> {
                for (int i = 0; i < io.bufferCount(); i++) {
                    io.buffer(i).put(io.bufferOffset(i), held, at, io.bufferLength(i));
                    at += io.bufferLength(i);
                }
            }
            case WRITE -> {
                for (int i = 0; i < io.bufferCount(); i++) {
                    io.buffer(i).get(io.bufferOffset(i), held, at, io.bufferLength(i));
                    at += io.bufferLength(i);
                }
            }
            case DISCARD, WRITE_ZEROES -> Arrays.fill(held, at, at + (int) io.length(), (byte) 0);
            case COMPARE_AND_WRITE -> {
                for (int i = 0; i < io.length(); i++) {
                    if (io.buffer(0).get(io.bufferOffset(0) + i) != held[at + i]) {
                        return PathFailure.fail(IoStatus.MISCOMPARE, "other data at " + (at + i));
                    }
                }
                io.buffer(1).get(io.bufferOffset(1), held, at, io.bufferLength(1));
            }
            case FLUSH, PASSTHROUGH -> {}
        }
        return null;
    }

    /** A path that executes everything inside submit. */
    ScriptedPath pathAtOnce(String name) {
        return new ScriptedPath(name, description, io -> {
            PathFailure failure = execute(io);
            if (failure == null) {
                io.complete(io.tag());
            } else {
                io.fail(io.tag(), failure);
            }
            return true;
        });
    }
}
