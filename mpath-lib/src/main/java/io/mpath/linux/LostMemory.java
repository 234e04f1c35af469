package io.mpath.linux;

import io.mpath.path.PathControl;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Memory of writes that failed with their path. The network stack below may still hold its pages in a queue and send them later:
 * whatever else were written from them meanwhile would then arrive at the lost write's place. So it is neither used nor freed
 * until the write can take no effect any more.
 *
 * <p>Threading: any thread.
 */
public final class LostMemory {
    private static final Set<TransferMemory> KEPT = ConcurrentHashMap.newKeySet();

    private LostMemory() {}

    /**
     * Keeps {@code memory} until the lost write can take no effect any more.
     *
     * @param afterHold given what lets go of it, to be run then, or never
     */
    public static void keep(TransferMemory memory, Consumer<Runnable> afterHold) {
        KEPT.add(memory);
        afterHold.accept(() -> KEPT.remove(memory));
    }

    /**
     * Keeps {@code memory} for as long as lost writes of the path that reports to {@code control} are held; for good where there is
     * no such path yet.
     */
    static void keep(TransferMemory memory, @Nullable PathControl control) {
        keep(memory, release -> {
            if (control != null) {
                control.loop().execute(() -> control.timers().schedule(control.holdNanos(), release));
            }
        });
    }

    /** Whether {@code memory} is kept: never used, and never freed. */
    public static boolean keeps(TransferMemory memory) {
        return KEPT.contains(memory);
    }
}
