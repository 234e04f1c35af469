package io.mpath.internal.adapter;

import io.mpath.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a log line pass that would otherwise be written at the pace of what goes wrong: the first at once, then one in 10 s.
 *
 * <p>Threading: any thread.
 */
public final class LogPace {
    static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLong last = new AtomicLong(NEVER);

    /** Whether the line may be written now; who asks has to write it. */
    public boolean passes(Ticker ticker) {
        long now = ticker.nanos();
        long before = last.get();
        return (before == NEVER || now - before >= INTERVAL_NANOS) && last.compareAndSet(before, now);
    }
}
