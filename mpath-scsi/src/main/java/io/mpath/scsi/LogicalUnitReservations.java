package io.mpath.scsi;

import io.mpath.PageFormatException;
import io.mpath.path.PathControl;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.Registrant;
import io.mpath.reservation.ReservationCapabilities;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import io.mpath.scsi.command.CurrentReservation;
import io.mpath.scsi.command.FullStatus;
import io.mpath.scsi.command.PersistentReserveCapabilities;
import io.mpath.scsi.command.PersistentReserveIn;
import io.mpath.scsi.command.PersistentReserveOut;
import io.mpath.scsi.command.RegisteredKeys;
import io.mpath.scsi.command.RegistrationStatus;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The persistent reservations of one logical unit, through one nexus (SPC-6 5.14).
 *
 * <p>What is registered is read by READ FULL STATUS, in one piece, and whether it outlives a loss of power by REPORT
 * CAPABILITIES. Where a unit lacks the one, keys and reservation are read one after the other until nobody registered
 * in between; where it lacks the other it is of SPC-2, which has four types, and is taken to keep nothing over a loss
 * of power.
 *
 * <p>Threading: commands one at a time, by threads that may block; the rest by any thread. {@code waiting} and {@code
 * closed} are guarded by this object's monitor.
 */
final class LogicalUnitReservations {
    private static final int MOST_BUSY = 5;
    private static final int MOST_READS = 4;
    private static final int FIRST_BYTES = 3072;
    private static final int HEADER_BYTES = 8;
    private static final Set<ReservationType> TYPES_OF_SPC_2 = Set.of(
            ReservationType.WRITE_EXCLUSIVE,
            ReservationType.EXCLUSIVE_ACCESS,
            ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY,
            ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY);

    private final ReservationExchange exchange;
    private final Set<PersistentReserveIn.Action> lacking = ConcurrentHashMap.newKeySet();
    private @Nullable Runnable waiting;
    private boolean closed;

    LogicalUnitReservations(ReservationExchange exchange) {
        this.exchange = exchange;
    }

    /** Carries {@code command} out; while the unit is busy, a few times. */
    void carryOut(ReservationCommand command, PathControl control, Consumer<ReservationReply> done) {
        attempt(command, control, done, MOST_BUSY);
    }

    private void attempt(
            ReservationCommand command, PathControl control, Consumer<ReservationReply> done, int busyLeft) {
        ReservationReply reply;
        try {
            reply = replyTo(command);
        } catch (ReservationExchange.NoAnswer e) {
            reply = e.reply();
            if (e.againMillis() > 0 && busyLeft > 0 && waits(done, reply)) {
                long nanos = TimeUnit.MILLISECONDS.toNanos(e.againMillis());
                Runnable again = () -> attempt(command, control, done, busyLeft - 1);
                control.loop().execute(() -> control.timers().schedule(nanos, () -> again(again, control)));
                return;
            }
        } catch (PageFormatException e) {
            reply = new ReservationReply.Refused(String.valueOf(e.getMessage()));
        }
        done.accept(reply);
    }

    /**
     * Whether there is anything to wait for; then {@code done} is told {@code reply} if the path is closed meanwhile.
     */
    private synchronized boolean waits(Consumer<ReservationReply> done, ReservationReply reply) {
        if (!closed) {
            waiting = () -> done.accept(reply);
        }
        return !closed;
    }

    private synchronized @Nullable Runnable takeWaiting() {
        Runnable taken = waiting;
        waiting = null;
        return taken;
    }

    private void again(Runnable attempt, PathControl control) {
        Runnable instead = takeWaiting();
        if (instead == null) {
            return;
        }
        try {
            control.blocking().execute(attempt);
        } catch (RejectedExecutionException stopped) {
            instead.run();
        }
    }

    /** The path is closed: what waits is answered. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        Runnable instead = takeWaiting();
        if (instead != null) {
            instead.run();
        }
    }

    /** The path leads to another unit, which may have what that one lacked. */
    void forget() {
        lacking.clear();
    }

    private ReservationReply replyTo(ReservationCommand command) throws ReservationExchange.NoAnswer {
        if (command instanceof ReservationCommand.Read) {
            return status();
        }
        if (command instanceof ReservationCommand.ReadAbilities) {
            return abilities();
        }
        exchange.change(change(command));
        return new ReservationReply.Done();
    }

    private static PersistentReserveOut change(ReservationCommand command) {
        if (command instanceof ReservationCommand.Register register) {
            return register.ignoreExisting()
                    ? PersistentReserveOut.registerAnyway(register.wanted(), register.persistent())
                    : PersistentReserveOut.register(register.existing(), register.wanted(), register.persistent());
        }
        if (command instanceof ReservationCommand.Reserve reserve) {
            return PersistentReserveOut.reserve(reserve.key(), reserve.type());
        }
        if (command instanceof ReservationCommand.Release release) {
            return PersistentReserveOut.release(release.key(), release.type());
        }
        if (command instanceof ReservationCommand.Preempt preempt) {
            return PersistentReserveOut.preempt(preempt.key(), preempt.victim(), preempt.type(), preempt.abort());
        }
        if (command instanceof ReservationCommand.Clear clear) {
            return PersistentReserveOut.clear(clear.key());
        }
        throw new IllegalArgumentException(command + " changes nothing");
    }

    private ReservationReply status() throws ReservationExchange.NoAnswer {
        boolean persistent = capabilities()
                .map(PersistentReserveCapabilities::persistenceActive)
                .orElse(false);
        Optional<ByteBuffer> full = ifKnown(PersistentReserveIn.Action.READ_FULL_STATUS, this::all);
        if (full.isPresent()) {
            FullStatus status = FullStatus.decode(full.get());
            return new ReservationReply.Status(new ReservationState(
                    status.generation(),
                    registrants(status.registrations()),
                    status.type().map(type -> new ReservationState.Held(type, status.holderKey())),
                    persistent));
        }
        for (int reads = 0; reads < MOST_READS; reads++) {
            RegisteredKeys keys = RegisteredKeys.decode(all(PersistentReserveIn.Action.READ_KEYS));
            CurrentReservation current = CurrentReservation.decode(all(PersistentReserveIn.Action.READ_RESERVATION));
            if (keys.generation() == current.generation()) {
                return new ReservationReply.Status(new ReservationState(
                        keys.generation(),
                        keys.keys().stream().map(Registrant::new).toList(),
                        current.type().map(type -> new ReservationState.Held(type, current.holder())),
                        persistent));
            }
        }
        return new ReservationReply.Refused(
                "registrations changed each of the " + MOST_READS + " times between keys and reservation being read");
    }

    private static List<Registrant> registrants(List<RegistrationStatus> told) {
        return told.stream()
                .map(one -> new Registrant(one.key(), one.held().isPresent(), one.initiator(), one.relativePort()))
                .toList();
    }

    private ReservationReply abilities() throws ReservationExchange.NoAnswer {
        Optional<PersistentReserveCapabilities> told = capabilities();
        boolean full = ifKnown(PersistentReserveIn.Action.READ_FULL_STATUS, this::header)
                .isPresent();
        if (told.isEmpty() && !full) {
            // It may be that it has no reservations at all.
            header(PersistentReserveIn.Action.READ_KEYS);
        }
        return new ReservationReply.Abilities(new ReservationCapabilities(
                told.flatMap(PersistentReserveCapabilities::types).orElse(TYPES_OF_SPC_2),
                told.map(PersistentReserveCapabilities::persistenceCapable).orElse(false),
                told.map(PersistentReserveCapabilities::persistenceActive).orElse(false),
                true,
                told.map(PersistentReserveCapabilities::allTargetPortsCapable).orElse(false),
                full));
    }

    private Optional<PersistentReserveCapabilities> capabilities() throws ReservationExchange.NoAnswer {
        return ifKnown(PersistentReserveIn.Action.REPORT_CAPABILITIES, this::header)
                .map(PersistentReserveCapabilities::decode);
    }

    /** A way to read. */
    private interface Reading {
        ByteBuffer of(PersistentReserveIn.Action action) throws ReservationExchange.NoAnswer;
    }

    /** Empty where the unit does not know that action; it is not asked again then. */
    private Optional<ByteBuffer> ifKnown(PersistentReserveIn.Action action, Reading reading)
            throws ReservationExchange.NoAnswer {
        if (lacking.contains(action)) {
            return Optional.empty();
        }
        try {
            return Optional.of(reading.of(action));
        } catch (ReservationExchange.NoAnswer e) {
            if (e.reply() instanceof ReservationReply.Unsupported) {
                lacking.add(action);
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The first eight bytes, which are all that there are of capabilities. */
    private ByteBuffer header(PersistentReserveIn.Action action) throws ReservationExchange.NoAnswer {
        return exchange.read(new PersistentReserveIn(action, HEADER_BYTES));
    }

    /**
     * All of it. What leaves no room for one more registration may have left one out ({@link
     * FullStatus#MOST_DESCRIPTOR_BYTES}).
     */
    private ByteBuffer all(PersistentReserveIn.Action action) throws ReservationExchange.NoAnswer {
        ByteBuffer first = exchange.read(new PersistentReserveIn(action, FIRST_BYTES));
        return PersistentReserveIn.lengthOf(first) + FullStatus.MOST_DESCRIPTOR_BYTES <= FIRST_BYTES
                ? first
                : exchange.read(new PersistentReserveIn(action, PersistentReserveIn.MAX_ALLOCATION_BYTES));
    }
}
