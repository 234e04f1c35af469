package io.mpath.internal.adapter;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A look at something that answers for all who asked before it began. Requests that fail together have what they went through looked at
 * together: each waits for the look that is under way and the next, and not for one of each of the others.
 *
 * <p>Threading: any thread. The look is taken under the monitor that is given, by one thread at a time.
 */
public final class SharedLook {
    private final Object monitor;
    private final AtomicLong asked = new AtomicLong();
    private long answered;

    /**
     * Nothing looked at yet.
     *
     * @param monitor what the look is guarded by; it may be held by who asks
     */
    public SharedLook(Object monitor) {
        this.monitor = monitor;
    }

    /** Takes a look, or waits for the end of one that began after this was called. One that throws has answered nobody. */
    public void take(Runnable look) {
        long mine = asked.incrementAndGet();
        synchronized (monitor) {
            if (answered >= mine) {
                return;
            }
            long all = asked.get();
            look.run();
            answered = Math.max(answered, all);
        }
    }
}
