package io.mpath.examples.cli;

import io.mpath.DeviceId;
import io.mpath.reservation.KeyFile;
import io.mpath.reservation.KeyFileException;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.Reservations;
import io.mpath.reservation.StoredKey;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this host is registered as, for one run of {@code mpath reserve}: by the key that the user gives, or by the one that a key
 * file has from an earlier run. The file is written before what registers is sent, and after what unregisters was answered.
 *
 * <p>Threading: one thread, which blocks.
 */
final class OwnKey {
    private final DeviceId device;
    private final Reservations reservations;
    private final @Nullable ReservationKey given;
    private final @Nullable KeyFile file;
    private final boolean persistent;
    private final Consumer<ReservationOutcome.Refused> waiting;
    private @Nullable KeyFileException notKept;

    /** As {@code given} or {@code file} says; {@code waiting} waits for as long as it is told. */
    OwnKey(
            DeviceId device,
            Reservations reservations,
            @Nullable ReservationKey given,
            @Nullable KeyFile file,
            boolean persistent,
            Consumer<ReservationOutcome.Refused> waiting) {
        this.device = device;
        this.reservations = reservations;
        this.given = given;
        this.file = file;
        this.persistent = persistent;
        this.waiting = waiting;
    }

    /** Why the file does not say what the device does, after all was done; null where it does. */
    @Nullable
    KeyFileException notKept() {
        return notKept;
    }

    /** Registers this host, for the first time unless the file knows better; without a key given, by the file's. */
    ReservationOutcome register(boolean ignoring) {
        if (given == null) {
            return takeUp();
        }
        var wanted = new Registration(given, persistent);
        Optional<StoredKey> stored = stored();
        if (ignoring || stored.isEmpty()) {
            return registering(wanted, ignoring ? reservations::registerIgnoring : reservations::register);
        }
        ReservationOutcome taken = takeUp(stored.get());
        if (taken.done()) {
            return reservations.standing().registration().filter(wanted::equals).isPresent()
                    ? taken
                    : registering(wanted, reservations::register);
        }
        // What the file says was never carried out, or is over: the device knows this host by none of its keys.
        return taken instanceof ReservationOutcome.Conflict ? registering(wanted, reservations::register) : taken;
    }

    /** Registers this host with another key than it has. */
    ReservationOutcome replace(ReservationKey wanted) {
        ReservationOutcome taken = takeUp();
        return taken.done() ? registering(new Registration(wanted, persistent), reservations::register) : taken;
    }

    /** Takes this host's registration up, and ends it in that way. */
    ReservationOutcome leave(Supplier<CompletableFuture<ReservationOutcome>> ending) {
        ReservationOutcome outcome = then(ending);
        if (outcome.done()) {
            afterwards(kept -> kept.remove(device));
        }
        return outcome;
    }

    /** Takes this host's registration up, and goes on from there. */
    ReservationOutcome then(Supplier<CompletableFuture<ReservationOutcome>> action) {
        ReservationOutcome taken = takeUp();
        return taken.done() ? patiently(action) : taken;
    }

    /** Once more, when nothing but time is in the way: who is told to try again later would be a run that knows nothing of this one. */
    private ReservationOutcome patiently(Supplier<CompletableFuture<ReservationOutcome>> action) {
        ReservationOutcome outcome = action.get().join();
        if (!(outcome instanceof ReservationOutcome.Refused refused)
                || refused.retryAfter().isZero()) {
            return outcome;
        }
        waiting.accept(refused);
        return action.get().join();
    }

    private ReservationOutcome takeUp() {
        Optional<StoredKey> stored = stored();
        if (stored.isPresent()) {
            requireNoOther(stored.get());
            return takeUp(stored.get());
        }
        if (given == null) {
            throw new UsageException(file + " has no key for " + device + ": register with --key NEW");
        }
        var own = new Registration(given, persistent);
        ReservationOutcome taken = reservations.adopt(own).join();
        if (taken.done()) {
            afterwards(kept -> kept.settle(device, own));
        }
        return taken;
    }

    private void requireNoOther(StoredKey stored) {
        if (given != null && !stored.mayBe(given)) {
            throw new UsageException(file + " says that this host is registered as "
                    + stored.registration().key() + ", not as " + given + ": leave out --key, or --key-file");
        }
    }

    /** One of the two keys that the device may have, if a run ended while it replaced one by the other. */
    private ReservationOutcome takeUp(StoredKey stored) {
        Registration last = stored.registration();
        ReservationOutcome taken = reservations.adopt(last).join();
        if (taken instanceof ReservationOutcome.Conflict && !stored.former().isNone()) {
            var former = new Registration(stored.former(), last.persistent());
            ReservationOutcome before = reservations.adopt(former).join();
            if (before.done()) {
                afterwards(kept -> kept.settle(device, former));
                return before;
            }
        }
        if (taken.done()) {
            afterwards(kept -> kept.settle(device, last));
        }
        return taken;
    }

    @FunctionalInterface
    private interface Registering {
        CompletableFuture<ReservationOutcome> with(Registration wanted);
    }

    private ReservationOutcome registering(Registration wanted, Registering how) {
        Optional<StoredKey> before = stored();
        if (file != null) {
            file.store(device, wanted);
        }
        ReservationOutcome outcome = patiently(() -> how.with(wanted));
        if (outcome.done()) {
            afterwards(kept -> kept.settle(device, wanted));
        } else if (!(outcome instanceof ReservationOutcome.Unknown)) {
            afterwards(kept -> kept.put(device, before));
        }
        return outcome;
    }

    private Optional<StoredKey> stored() {
        return file == null ? Optional.empty() : file.find(device);
    }

    @FunctionalInterface
    private interface Change {
        void in(KeyFile kept);
    }

    /** What was answered is told, whether or not the file takes it. */
    private void afterwards(Change change) {
        if (file == null) {
            return;
        }
        try {
            change.in(file);
        } catch (KeyFileException e) {
            notKept = e;
        }
    }
}
