package io.mpath.internal.reservation;

import io.mpath.Timers;
import io.mpath.reservation.ReservationOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Has something done while the device's I/O stands still, in bounded time. Used on the control loop only. */
final class Stillness {
    static final long LONGEST_WAIT_NANOS = 60_000_000_000L;

    private final ReservedDevice device;

    Stillness(ReservedDevice device) {
        this.device = device;
    }

    CompletableFuture<ReservationOutcome> during(String what, Supplier<CompletableFuture<ReservationOutcome>> action) {
        CompletableFuture<Boolean> still = new CompletableFuture<>();
        Timers.Timer tooLong = device.environment().timers().schedule(LONGEST_WAIT_NANOS, () -> still.complete(false));
        var unused = device.quiesce()
                .whenComplete((done, failure) -> device.environment().loop().execute(() -> {
                    tooLong.cancel();
                    still.complete(failure == null);
                }));
        return still.thenCompose(stands -> stands
                        ? action.get()
                        : CompletableFuture.completedFuture(new ReservationOutcome.Refused(
                                what + ": requests that are with a path did not end, and nothing was sent")))
                .whenComplete((outcome, failure) -> device.resume());
    }
}
