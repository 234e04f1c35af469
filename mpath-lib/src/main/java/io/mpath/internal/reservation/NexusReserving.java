package io.mpath.internal.reservation;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mpath.path.ReservationCommand.Clear;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Release;
import io.mpath.path.ReservationCommand.Reserve;
import io.mpath.path.ReservationReply;
import io.mpath.path.ReservationReply.Kind;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationOutcome.Done;
import io.mpath.reservation.ReservationOutcome.NoPath;
import io.mpath.reservation.ReservationOutcome.Refused;
import io.mpath.reservation.ReservationOutcome.Unknown;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationState.Held;
import io.mpath.reservation.ReservationType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reserves, releases, preempts, clears, for a host whose nexuses have keys of their own. A reservation is one nexus's, and no other
 * can release it or change its type; another can preempt that one's key, which spares all others. While a nexus is fenced by what
 * is reserved, that stays.
 *
 * <p>Used on the control loop only, one thing at a time.
 */
final class NexusReserving implements ReservesDevice {
    private final NexusLedger ledger;
    private final NexusWire wire;
    private final Enrolling enrolling;

    NexusReserving(NexusLedger ledger, NexusWire wire, Enrolling enrolling) {
        this.ledger = ledger;
        this.wire = wire;
        this.enrolling = enrolling;
    }

    private static CompletableFuture<ReservationOutcome> ends(ReservationOutcome outcome) {
        return completedFuture(outcome);
    }

    /** Why {@code what} is refused while a nexus is fenced. */
    static Refused keptFor(String what, NexusLedger ledger) {
        return new Refused(
                what + ": " + ledger.namesKeptOut()
                        + " is fenced by the reservation, or may have been by an earlier process, until nothing that it lost"
                        + " can land any more: try again then",
                Duration.ofNanos(ledger.keptOutNanos()));
    }

    private @Nullable ReservationOutcome unfit(String what) {
        if (!ledger.registered()) {
            return new Refused(what + ": this host is not registered");
        }
        return wire.joined().isEmpty() ? new NoPath(what + ": no registered path can be reached") : null;
    }

    /** As {@link #unfit(String)}, for what leaves a reservation of {@code type}. */
    private @Nullable ReservationOutcome unfit(String what, ReservationType type) {
        if (!NexusLedger.fencesBy(type)) {
            return new Refused(what + ": with a key for each path the type must be "
                    + ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY + " or "
                    + ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY);
        }
        if (ledger.mustStay() && !ledger.reserved().equals(Optional.of(type))) {
            return keptFor(what, ledger);
        }
        return unfit(what);
    }

    /** The holder first. */
    private List<Nexus> nexuses() {
        List<Nexus> nexuses = wire.joined();
        Nexus holder = ledger.holder();
        if (holder != null && nexuses.remove(holder)) {
            nexuses.add(0, holder);
        }
        return nexuses;
    }

    private CompletableFuture<ReservationOutcome> readThen(
            String what, Function<ReservationState, CompletableFuture<ReservationOutcome>> then) {
        return wire.read(
                state -> {
                    String gone = ledger.compare(state);
                    return gone.isEmpty()
                            ? then.apply(state)
                            : enrolling.lost(gone).thenApply(unused -> Replies.conflict(what, state));
                },
                reply -> ends(new Unknown(what + ": and then " + reply.cause())));
    }

    @Override
    public CompletableFuture<ReservationOutcome> reserve(ReservationType type) {
        String what = "reserve " + type;
        ReservationOutcome unfit = unfit(what, type);
        if (unfit != null) {
            return ends(unfit);
        }
        return wire.sendThroughAny(nexuses(), key -> new Reserve(key, type))
                .thenCompose(answer -> switch (answer.reply().kind()) {
                    case DONE -> {
                        ledger.reserved(type, answer.through());
                        yield ends(new Done(what));
                    }
                    case CONFLICT -> readThen(what, state -> refused(what, type, state));
                    case UNKNOWN ->
                        readThen(
                                what,
                                state -> ends(
                                        ledger.reserved().equals(Optional.of(type))
                                                ? new Done(what)
                                                : new Unknown(what + ": "
                                                        + answer.reply().cause())));
                    default -> ends(Replies.outcome(what, answer.reply()));
                });
    }

    private CompletableFuture<ReservationOutcome> refused(String what, ReservationType type, ReservationState state) {
        Nexus holder = ledger.holder();
        if (holder == null) {
            return ends(Replies.conflict(what, state));
        }
        return ledger.reserved().equals(Optional.of(type)) ? ends(new Done(what)) : take(what, holder, type);
    }

    /** Has a nexus that can be reached hold what {@code holder} does, with that type: itself where it can be. */
    private CompletableFuture<ReservationOutcome> take(String what, Nexus holder, ReservationType type) {
        ReservationKey victim = holder.key();
        if (victim == null) {
            return ends(new Refused(what + ": its holder is registered no more"));
        }
        return wire.sendThroughAny(nexuses(), key -> new Preempt(key, victim, type, false))
                .thenCompose(answer -> {
                    Nexus through = answer.through();
                    return switch (answer.reply().kind()) {
                        case DONE -> {
                            if (through != holder) {
                                removed(holder);
                            }
                            ledger.reserved(type, through);
                            yield ends(new Done(what));
                        }
                        case UNKNOWN -> {
                            if (through != null && through != holder) {
                                holder.mayVanish(through);
                            }
                            yield readThen(
                                    what,
                                    state -> ends(new Unknown(
                                            what + ": " + answer.reply().cause())));
                        }
                        default -> looked(what, answer.reply());
                    };
                });
    }

    private static void removed(Nexus nexus) {
        nexus.lacksKey();
        nexus.member().awaitAnew();
    }

    private CompletableFuture<ReservationOutcome> looked(String what, ReservationReply reply) {
        return reply.kind() == Kind.CONFLICT
                ? enrolling.look().thenApply(unused -> Replies.outcome(what, reply))
                : ends(Replies.outcome(what, reply));
    }

    @Override
    public CompletableFuture<ReservationOutcome> release() {
        String what = "release";
        ReservationOutcome unfit = ledger.mustStay() ? keptFor(what, ledger) : unfit(what);
        if (unfit != null) {
            return ends(unfit);
        }
        return readThen(what, state -> {
            Nexus holder = ledger.holder();
            ReservationType type = ledger.reserved().orElse(null);
            if (state.reservation().isEmpty()) {
                return ends(new Done(what + ": nothing was reserved"));
            }
            if (holder == null || type == null) {
                return ends(Replies.conflict(what, state));
            }
            if (wire.joined().contains(holder)) {
                return release(what, holder, type);
            }
            return take(what, holder, type).thenCompose(taken -> {
                Nexus now = ledger.holder();
                return taken.done() && now != null ? release(what, now, type) : ends(taken);
            });
        });
    }

    private CompletableFuture<ReservationOutcome> release(String what, Nexus holder, ReservationType type) {
        return wire.sendThroughAny(List.of(holder), key -> new Release(key, type))
                .thenCompose(answer -> switch (answer.reply().kind()) {
                    case DONE, UNKNOWN ->
                        wire.read(
                                state -> released(what, holder, state),
                                reply -> ends(new Unknown(what + ": and then " + reply.cause())));
                    default -> looked(what, answer.reply());
                });
    }

    private CompletableFuture<ReservationOutcome> released(String what, Nexus holder, ReservationState state) {
        boolean held = state.reservation()
                .filter(reservation -> reservation.holder().equals(holder.key()))
                .isPresent();
        if (held) {
            return ends(new Unknown(what + ": it is still reserved, and an answer was lost"));
        }
        ledger.released();
        return ends(new Done(what));
    }

    @Override
    public CompletableFuture<ReservationOutcome> preempt(ReservationKey victim, ReservationType type, boolean abort) {
        String what = (abort ? "preempt and abort " : "preempt ") + victim;
        ReservationOutcome unfit = unfit(what, type);
        if (unfit != null) {
            return ends(unfit);
        }
        if (victim.isNone() || ledger.knows(victim)) {
            return ends(new Refused(
                    what + ": with a key for each path no key of them is preempted, and others one by one"));
        }
        return readThen(
                what,
                before -> wire.sendThroughAny(nexuses(), key -> new Preempt(key, victim, type, abort))
                        .thenCompose(answer -> preempted(what, victim, before, abort, answer)));
    }

    private CompletableFuture<ReservationOutcome> preempted(
            String what, ReservationKey victim, ReservationState before, boolean abort, NexusWire.Answer answer) {
        return switch (answer.reply().kind()) {
            case DONE -> readThen(what, after -> ends(new Done(what)));
            case UNKNOWN ->
                readThen(what, after -> {
                    boolean gone = before.count(victim) > 0 && after.count(victim) == 0;
                    return ends(
                            gone && !abort
                                    ? new Done(what)
                                    : new Unknown(what + ": " + answer.reply().cause()
                                            + (gone
                                                    ? "; its registrations are gone, and whether what it had under way was"
                                                            + " ended is not known"
                                                    : "")));
                });
            default -> looked(what, answer.reply());
        };
    }

    @Override
    public CompletableFuture<ReservationOutcome> clear() {
        String what = "clear";
        ReservationOutcome unfit = ledger.mustStay() ? keptFor(what, ledger) : unfit(what);
        if (unfit != null) {
            return ends(unfit);
        }
        return wire.sendThroughAny(nexuses(), Clear::new).thenCompose(answer -> switch (answer.reply()
                .kind()) {
            case DONE -> {
                ledger.forgetAllBut(List.of());
                ledger.leave();
                yield ends(new Done(what));
            }
            case UNKNOWN ->
                wire.read(
                        state -> {
                            if (state.registrants().isEmpty()
                                    && state.reservation().isEmpty()) {
                                ledger.forgetAllBut(List.of());
                                ledger.leave();
                                return ends(new Done(what));
                            }
                            return ends(new Unknown(what + ": " + answer.reply().cause()));
                        },
                        reply -> ends(new Unknown(what + ": " + answer.reply().cause())));
            default -> looked(what, answer.reply());
        });
    }

    /** The type with which a nexus of this host holds what {@code state} says is reserved, if that keeps out whom it does not know. */
    static Optional<ReservationType> fencingType(ReservationState state, NexusLedger ledger) {
        return state.reservation()
                .filter(held -> ledger.owns(held.holder()))
                .map(Held::type)
                .filter(NexusLedger::fencesBy);
    }
}
