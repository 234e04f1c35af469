package io.mpath.nvme.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The Reservation Notification log page (LID 80h; NVMe Base 2.1 5.1.12.1.32) of one association: what happened, the oldest
 * first, each read once.
 *
 * <p>Threading: guarded by the subsystem's lock.
 */
final class ReservationLog {
    static final int LID = 0x80;

    private static final int BYTES = 64;
    private static final int MOST_AVAILABLE = 255;

    private record Entry(long count, int notification, long nsid) {}

    private final Queue<Entry> entries = new ArrayDeque<>();
    private long count;

    void add(long nsid, int notification) {
        count++;
        entries.add(new Entry(count, notification, nsid));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    byte[] read(boolean retain) {
        ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Entry oldest = retain ? entries.peek() : entries.poll();
        if (oldest != null) {
            int more = entries.size() - (retain ? 1 : 0);
            out.putLong(0, oldest.count())
                    .put(8, (byte) oldest.notification())
                    .put(9, (byte) Math.min(more, MOST_AVAILABLE))
                    .putInt(12, (int) oldest.nsid());
        }
        return out.array();
    }
}
