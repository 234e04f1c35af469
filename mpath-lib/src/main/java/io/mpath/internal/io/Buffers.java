package io.mpath.internal.io;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Scatter lists: buffers of the caller's with where their data starts and how long it is. */
final class Buffers {
    private Buffers() {}

    /** Part of a scatter list. */
    @SuppressWarnings("ArrayRecordComponent") // the form that attempts keep them in, compared by nobody
    record Window(ByteBuffer[] buffers, int[] starts, int[] lengths, int count) {}

    /** What is left behind the first {@code skip} bytes. */
    static Window behind(ByteBuffer[] buffers, int[] starts, int[] lengths, int count, long skip) {
        return part(buffers, starts, lengths, count, skip, Long.MAX_VALUE);
    }

    /** The {@code length} bytes behind the first {@code skip}, or as many as there are. */
    static Window part(ByteBuffer[] buffers, int[] starts, int[] lengths, int count, long skip, long length) {
        List<ByteBuffer> kept = new ArrayList<>(count);
        int[] keptStarts = new int[count];
        int[] keptLengths = new int[count];
        long toSkip = skip;
        long toTake = length;
        for (int i = 0; i < count && toTake > 0; i++) {
            int skipped = (int) Math.min(toSkip, lengths[i]);
            int taken = (int) Math.min(toTake, lengths[i] - skipped);
            toSkip -= skipped;
            if (taken > 0) {
                keptStarts[kept.size()] = starts[i] + skipped;
                keptLengths[kept.size()] = taken;
                kept.add(buffers[i]);
                toTake -= taken;
            }
        }
        return new Window(kept.toArray(ByteBuffer[]::new), keptStarts, keptLengths, kept.size());
    }
}
