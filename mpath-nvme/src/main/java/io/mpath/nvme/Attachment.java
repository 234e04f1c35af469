package io.mpath.nvme;

/**
 * Whether Invalid Field in Command may say that a namespace is no longer attached to its controller. A command to an inactive
 * namespace ends with it (NVMe Base 2.1 3.2.1.4), and so does a wrong command: only describing the namespace tells them apart. The
 * answer to that doubt counts for a while, so that a wrong command fails, at the latest, when it comes back.
 *
 * <p>Threading: any thread; guarded by this object's monitor.
 */
final class Attachment {
    private static final long BELIEVED_NANOS = 10_000_000_000L;

    private long doubts;
    private long answered;
    private long answeredAt;

    /** A describing begins: gives what {@link #found} is to be told. */
    synchronized long asked() {
        return doubts;
    }

    /** The describing that {@code asked} stands for found the namespace attached. It answers no doubt that came after it began. */
    synchronized void found(long asked, long now) {
        if (asked > answered) {
            answered = asked;
            answeredAt = now;
        }
    }

    /** Invalid Field came: whether it leaves a doubt, for it was not found attached since the last one. */
    synchronized boolean doubted(long now) {
        if (answered > 0 && answered == doubts && now - answeredAt < BELIEVED_NANOS) {
            return false;
        }
        doubts++;
        return true;
    }
}
