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

    /** @param atTheEnd what it comes to if the device ends before it has */
    <T> CompletableFuture<T> take(Supplier<CompletableFuture<T>> action, Supplier<T> atTheEnd) {
        Turn<T> turn = new Turn<>(action, atTheEnd, new CompletableFuture<>());
        if (over) {
            turn.end();
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
        waiting.forEach(Turn::end);
        waiting.clear();
    }

    private record Turn<T>(
            Supplier<CompletableFuture<T>> action, Supplier<T> atTheEnd, CompletableFuture<T> result) {
        void begin(Runnable over) {
            CompletableFuture<T> doing;
            try {
                doing = action.get();
            } catch (RuntimeException e) {
                doing = CompletableFuture.failedFuture(e);
            }
            doing.whenComplete((value, failure) -> {
                if (failure == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(failure);
                }
                over.run();
            });
        }

        void end() {
            try {
                result.complete(atTheEnd.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        }
    }
}
