package io.mpath.internal.reservation;

import io.mpath.Environment;
import io.mpath.MultipathException;
import io.mpath.reservation.ReservationOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Carries what is asked for to the control loop, in its turn, and what comes of it to the completion threads. Any thread. */
final class Asking {
    private final ReservedDevice device;
    private final Environment environment;
    private final Turns turns;
    private final Runnable afterwards;

    /** For {@code device}; runs {@code afterwards} on the control loop behind each. */
    Asking(ReservedDevice device, Turns turns, Runnable afterwards) {
        this.device = device;
        this.environment = device.environment();
        this.turns = turns;
        this.afterwards = afterwards;
    }

    <T> CompletableFuture<T> reading(Supplier<CompletableFuture<T>> action) {
        CompletableFuture<T> closed =
                CompletableFuture.failedFuture(new MultipathException(device.id() + " was closed"));
        return inTurn(action, closed, closed);
    }

    CompletableFuture<ReservationOutcome> changing(Supplier<CompletableFuture<ReservationOutcome>> action) {
        String closed = device.id() + " was closed";
        return inTurn(
                action,
                CompletableFuture.completedFuture(new ReservationOutcome.NoPath(closed)),
                CompletableFuture.completedFuture(new ReservationOutcome.Unknown(closed + " while it was under way")));
    }

    private <T> CompletableFuture<T> inTurn(
            Supplier<CompletableFuture<T>> action, CompletableFuture<T> unbegun, CompletableFuture<T> cutOff) {
        CompletableFuture<T> result = new CompletableFuture<>();
        environment.loop().execute(() -> {
            CompletableFuture<T> taken = turns.take(action, unbegun, cutOff);
            var unused = taken.whenComplete((value, failure) -> {
                afterwards.run();
                environment.completions().execute(() -> {
                    if (failure == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(failure);
                    }
                });
            });
        });
        return result;
    }
}
