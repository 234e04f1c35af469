package io.mpath.internal.reservation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** One thing after the other: what is asked for begins when all that was asked for before has ended. Used on the control loop only. */
final class Turns {
    private final Deque<Turn<?>> waiting = new ArrayDeque<>();
    private boolean underWay;
    private boolean over;

    /** Something that comes to nothing if the device ends before it has, and {@code afterwards} behind it */
    void take(Supplier<CompletableFuture<Void>> action, Runnable afterwards) {
        CompletableFuture<Void> nothing = CompletableFuture.completedFuture(null);
        var unused = take(action, nothing, nothing).whenComplete((done, failure) -> afterwards.run());
    }

    /**
     * Something with an outcome.
     *
     * @param unbegun what it comes to if the device ends before it has begun
     * @param cutOff what it comes to if the device ends while it is under way
     */
    <T> CompletableFuture<T> take(
            Supplier<CompletableFuture<T>> action, CompletableFuture<T> unbegun, CompletableFuture<T> cutOff) {
        Turn<T> turn = new Turn<>(action, unbegun, cutOff, new CompletableFuture<>());
        if (over) {
            settle(turn.result, unbegun);
        } else {
            waiting.add(turn);
            next();
        }
        return turn.result;
    }

    private void next() {
        Turn<?> turn = underWay ? null : waiting.peek();
        if (turn != null) {
            underWay = true;
            turn.begin(() -> {
                underWay = false;
                waiting.poll();
                next();
            });
        }
    }

    /** The device has ended: whatever waits for it waits no longer. */
    void end() {
        over = true;
        boolean begun = underWay;
        for (Turn<?> turn : waiting) {
            turn.end(begun);
            begun = false;
        }
        waiting.clear();
    }

    private static <T> void settle(CompletableFuture<T> result, CompletableFuture<T> as) {
        var unused = as.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    private record Turn<T>(
            Supplier<CompletableFuture<T>> action,
            CompletableFuture<T> unbegun,
            CompletableFuture<T> cutOff,
            CompletableFuture<T> result) {
        void begin(Runnable over) {
            CompletableFuture<T> doing;
            try {
                doing = action.get();
            } catch (RuntimeException e) {
                doing = CompletableFuture.failedFuture(e);
            }
            settle(result, doing);
            var unused = doing.whenComplete((value, failure) -> over.run());
        }

        void end(boolean begun) {
            settle(result, begun ? cutOff : unbegun);
        }
    }
}
