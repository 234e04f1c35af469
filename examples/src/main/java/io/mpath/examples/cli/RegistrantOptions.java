package io.mpath.examples.cli;

import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.Reservations;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that make I/O that of a registrant of persistent reservations. */
final class RegistrantOptions {
    @Option(
            names = "--key",
            paramLabel = "KEY",
            converter = Converters.Key.class,
            description =
                    "Register this host first, on every path and on those that come, or take up its registration with that"
                            + " key. It stays when this ends: see 'mpath reserve'.")
    @Nullable
    ReservationKey key;

    @Option(
            names = "--reserve",
            paramLabel = "TYPE",
            converter = Converters.Type.class,
            description = "With --key: reserve the device then. That stays, too.")
    @Nullable
    ReservationType type;

    /** Whether any was given. */
    boolean asked() {
        return key != null;
    }

    /** Checks them. @throws UsageException when they cannot be meant */
    void requireSense() {
        if (type != null && key == null) {
            throw new UsageException("--reserve needs --key KEY");
        }
        if (key != null && key.isNone()) {
            throw new UsageException("nobody is registered with key 0: give --key the key of this host");
        }
    }

    /** Has the host registered, and the device reserved if that is asked for; or tells what kept it from being done. */
    CompletableFuture<ReservationOutcome> applyTo(Reservations reservations) {
        if (key == null) {
            throw new IllegalStateException("no key was given");
        }
        var own = new Registration(key, false);
        return reservations
                .adopt(own)
                .thenCompose(taken -> taken instanceof ReservationOutcome.Conflict
                        ? reservations.register(own)
                        : CompletableFuture.completedFuture(taken))
                .thenCompose(registered -> registered.done() && type != null
                        ? reservations.reserve(type)
                        : CompletableFuture.completedFuture(registered));
    }
}
