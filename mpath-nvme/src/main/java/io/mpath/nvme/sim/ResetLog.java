package io.mpath.nvme.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The Cross-Controller Reset log page (LID 1Eh; NVMe Base 2.3 5.2.12.3.1): the resets that one association asked for and that were
 * not done at once.
 *
 * <p>Threading: guarded by the subsystem's lock.
 */
final class ResetLog {
    static final int LID = 0x1e;

    private static final int HEADER_BYTES = 8;
    private static final int ENTRY_BYTES = 8;
    private static final int SUCCESSFUL = 1;
    private static final int VALIDATED_AND_INITIATED = 3;

    private static final class Entry {
        final int impacted;
        final int uniquifier;
        boolean done;

        Entry(int impacted, int uniquifier) {
            this.impacted = impacted;
            this.uniquifier = uniquifier;
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    /** A reset began; what is returned is to be run when it is done. */
    Runnable begin(int impacted, int uniquifier) {
        var entry = new Entry(impacted, uniquifier);
        entries.add(entry);
        return () -> entry.done = true;
    }

    /** The page of the controller {@code by}, which was asked; with {@code removeDone} (LSP bit 0) it forgets what is done. */
    byte[] read(int by, boolean removeDone) {
        ByteBuffer out =
                ByteBuffer.allocate(HEADER_BYTES + entries.size() * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.putShort(0, (short) entries.size());
        int at = HEADER_BYTES;
        for (Entry entry : entries) {
            out.putShort(at, (short) entry.impacted)
                    .put(at + 2, (byte) entry.uniquifier)
                    .putShort(at + 4, (short) by)
                    .put(at + 6, (byte) (entry.done ? SUCCESSFUL : 0))
                    .put(at + 7, (byte) VALIDATED_AND_INITIATED);
            at += ENTRY_BYTES;
        }
        if (removeDone) {
            entries.removeIf(entry -> entry.done);
        }
        return out.array();
    }
}
