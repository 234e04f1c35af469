package io.mpath.internal.device;

import io.mpath.Environment;
import io.mpath.MultipathException;
import io.mpath.Timers;
import io.mpath.internal.io.Flight;
import io.mpath.internal.io.Stripes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holding a device still. New requests wait from the moment the table says so; a submitter with an older table is found in its
 * slot, which it claimed before it read the table, so an empty scan means that nothing is with a path.
 *
 * <p>Threading: {@link #begin} and {@link #end} by any thread, all else on the control loop.
 */
final class Quiescence {
    private static final long FIRST_LOOK_NANOS = 1_000_000L;
    private static final long LONGEST_LOOK_NANOS = 50_000_000L;

    private final Environment environment;
    private final Stripes stripes;
    private final Runnable changed;
    private final List<CompletableFuture<Void>> awaiting = new ArrayList<>();
    private int depth;
    private boolean over;
    private long lookNanos = FIRST_LOOK_NANOS;
    private Timers.@Nullable Timer look;

    Quiescence(Environment environment, Stripes stripes, Runnable changed) {
        this.environment = environment;
        this.stripes = stripes;
        this.changed = changed;
    }

    boolean wanted() {
        return depth > 0;
    }

    /** Begins one more; {@code begun} notes that on the loop. */
    CompletableFuture<Void> begin(Runnable begun) {
        CompletableFuture<Void> still = new CompletableFuture<>();
        environment.loop().execute(() -> {
            depth++;
            begun.run();
            awaiting.add(still);
            lookNanos = FIRST_LOOK_NANOS;
            changed.run();
        });
        return still.thenRunAsync(() -> {}, environment.completions());
    }

    /** Ends one, if {@code owned}, asked on the loop, says that it is the caller's to end. */
    CompletableFuture<Void> end(BooleanSupplier owned) {
        CompletableFuture<Void> resumed = new CompletableFuture<>();
        environment.loop().execute(() -> {
            if (depth == 0 || !owned.getAsBoolean()) {
                resumed.completeExceptionally(new MultipathException("resume without a quiesce to end"));
                return;
            }
            depth--;
            changed.run();
            resumed.complete(null);
        });
        return resumed.thenRunAsync(() -> {}, environment.completions());
    }

    /** Ends one whose owner is gone. */
    void abandon() {
        depth--;
        changed.run();
    }

    /** Looks whether nothing is with a path any more, now and, until then, again and again. */
    void check() {
        if (awaiting.isEmpty()) {
            return;
        }
        if (look != null) {
            look.cancel();
            look = null;
        }
        if (isStill()) {
            List<CompletableFuture<Void>> all = List.copyOf(awaiting);
            awaiting.clear();
            all.forEach(still -> still.complete(null));
            return;
        }
        if (over) {
            failAll();
            return;
        }
        look = environment.timers().schedule(lookNanos, this::check);
        lookNanos = Math.min(2 * lookNanos, LONGEST_LOOK_NANOS);
    }

    /** The device has answered every request: whoever still waits does so for a path that never will. */
    void over() {
        over = true;
        check();
    }

    private void failAll() {
        List<CompletableFuture<Void>> all = List.copyOf(awaiting);
        awaiting.clear();
        all.forEach(still -> still.completeExceptionally(
                new MultipathException("the device was closed while a path still had a request of it")));
    }

    private boolean isStill() {
        boolean[] busy = new boolean[1];
        stripes.scan(flight ->
                busy[0] |= flight.stage() == Flight.Stage.LAUNCHED || flight.stage() == Flight.Stage.LINGERING);
        return !busy[0];
    }
}
