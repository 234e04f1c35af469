package io.mpath.reservation.conformance;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How a suite waits for an answer: for real threads, or by stepping a simulated world. */
@FunctionalInterface
public interface Waiting {
    /** Waits until {@code answer} is complete, for up to {@code limit}. @return whether it is */
    boolean await(CompletableFuture<?> answer, Duration limit);

    /** Waits for real threads. @throws IllegalStateException when the waiting thread is interrupted */
    static Waiting inRealTime() {
        return (answer, limit) -> {
            try {
                answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a device's reservations were being tested", e);
            }
        };
    }
}
