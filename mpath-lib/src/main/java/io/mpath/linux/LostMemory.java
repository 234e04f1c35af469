package io.mpath.linux;

import io.mpath.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Memory of writes that failed with their path. The network stack below may still hold its pages in a queue and send them later:
 * whatever else were written from them meanwhile would then arrive at the lost write's place. So it is neither used nor freed
 * until the write can take no effect any more.
 *
 * <p>That is a moment by the clock, and needs no registry that is still there to say it: whoever keeps or allocates memory after it lets
 * go of what is over.
 *
 * <p>Threading: any thread.
 */
public final class LostMemory {
    /** For as long as this where nobody tells: no transport of Linux goes on sending for longer. */
    static final Duration UNTOLD = Duration.ofHours(1);

    /** This machine's. */
    static final LostMemory MACHINE = new LostMemory(System::nanoTime);

    private final Ticker ticker;
    private final Map<TransferMemory, Long> over = new ConcurrentHashMap<>();

    LostMemory(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Keeps {@code memory} of a write that was just lost.
     *
     * @param nanos how long that can take effect; empty where nobody can tell
     */
    public static void keep(TransferMemory memory, OptionalLong nanos) {
        MACHINE.hold(memory, nanos);
    }

    void hold(TransferMemory memory, OptionalLong nanos) {
        letGo();
        over.put(memory, ticker.nanos() + nanos.orElse(UNTOLD.toNanos()));
    }

    /** Lets go of what can take no effect any more. */
    void letGo() {
        if (!over.isEmpty()) {
            long now = ticker.nanos();
            over.values().removeIf(end -> end - now <= 0);
        }
    }

    /** Whether {@code memory} is not let go of yet. */
    boolean holds(TransferMemory memory) {
        return over.containsKey(memory);
    }
}
