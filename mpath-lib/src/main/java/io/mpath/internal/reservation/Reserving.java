package io.mpath.internal.reservation;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Clear;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Release;
import io.mpath.path.ReservationCommand.Reserve;
import io.mpath.path.ReservationReply.Kind;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationOutcome.Done;
import io.mpath.reservation.ReservationOutcome.Refused;
import io.mpath.reservation.ReservationOutcome.Unknown;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reserves, releases, preempts, clears. Over SCSI a reservation is one path's, and no other can release it or change its type. Who has
 * the holder's key can preempt it, and thereby himself: that moves the reservation to the preempting path, with whichever type, and
 * removes the registrations of all others, which are made anew while I/O stands still.
 *
 * <p>Used on the control loop only, one thing at a time.
 */
final class Reserving implements ReservesDevice {
    private final Ledger ledger;
    private final Wire wire;
    private final Joining joining;
    private final Witnesses witnesses;
    private final Stillness stillness;

    Reserving(Ledger ledger, Wire wire, Joining joining, Witnesses witnesses, Stillness stillness) {
        this.ledger = ledger;
        this.wire = wire;
        this.joining = joining;
        this.witnesses = witnesses;
        this.stillness = stillness;
    }

    private static CompletableFuture<ReservationOutcome> ends(ReservationOutcome outcome) {
        return completedFuture(outcome);
    }

    private @Nullable ReservationOutcome unfit(String what) {
        if (!ledger.registered()) {
            return new Refused(what + ": this host is not registered");
        }
        return wire.reachableJoined().isEmpty()
                ? new ReservationOutcome.NoPath(what + ": no registered path can be reached")
                : null;
    }

    /** The holder's path first. */
    private List<Member> paths() {
        List<Member> paths = wire.reachableJoined();
        Member holder = ledger.holder();
        if (holder != null && paths.remove(holder)) {
            paths.add(0, holder);
        }
        return paths;
    }

    private CompletableFuture<ReservationOutcome> readThen(
            String what, Function<ReservationState, CompletableFuture<ReservationOutcome>> then) {
        return wire.read(then, reply -> ends(new Unknown(what + ": and then " + reply.cause())));
    }

    @Override
    public CompletableFuture<ReservationOutcome> reserve(ReservationType type) {
        String what = "reserve " + type;
        ReservationOutcome unfit = unfit(what);
        if (unfit != null) {
            return ends(unfit);
        }
        return quietly(what, type, () -> reserve(what, type));
    }

    /** What is one path's alone takes access from the others before that is known here: requests stand still meanwhile. */
    private CompletableFuture<ReservationOutcome> quietly(
            String what, ReservationType type, Supplier<CompletableFuture<ReservationOutcome>> action) {
        return witnesses.nexuses() && !type.registrantsHaveAccess() ? stillness.during(what, action) : action.get();
    }

    private CompletableFuture<ReservationOutcome> reserve(String what, ReservationType type) {
        return wire.sendThroughAny(paths(), new Reserve(ledger.key(), type)).thenCompose(sent -> switch (sent.reply()
                .kind()) {
            case DONE -> {
                ledger.reserved(type, sent.through());
                yield ends(new Done(what));
            }
            case CONFLICT -> readThen(what, state -> reserveRefused(what, type, state, sent.through()));
            case UNKNOWN ->
                readThen(what, state -> {
                    if (Registering.heldType(state, ledger.key())
                            .filter(type::equals)
                            .isPresent()) {
                        ledger.reserved(type, null);
                        return ends(new Done(what));
                    }
                    return ends(
                            state.reservation().isPresent()
                                    ? Replies.conflict(what, state)
                                    : new Unknown(what + ": " + sent.reply().cause()));
                });
            default -> ends(Replies.outcome(what, sent.reply()));
        });
    }

    private CompletableFuture<ReservationOutcome> reserveRefused(
            String what, ReservationType type, ReservationState state, @Nullable Member through) {
        if (!state.heldBy(ledger.key())) {
            return doubt(through).thenApply(unused -> Replies.conflict(what, state));
        }
        ReservationType held = Registering.heldType(state, ledger.key()).orElse(type);
        if (held == type) {
            ledger.reserved(type, null); // through another path
            return ends(new Done(what));
        }
        if (!held.allRegistrantsHold()) {
            return take(what, ledger.key(), type, false);
        }
        boolean alone = state.registrants().size() == state.count(ledger.key());
        return alone
                ? take(what, ReservationKey.NONE, type, false)
                : ends(new Refused(what + ": all registrants hold " + held + ", other hosts too: release it first"));
    }

    private CompletableFuture<Void> doubt(@Nullable Member member) {
        return member == null ? joining.look() : joining.doubt(member);
    }

    @Override
    public CompletableFuture<ReservationOutcome> release() {
        String what = "release";
        ReservationOutcome unfit = unfit(what);
        if (unfit != null) {
            return ends(unfit);
        }
        return wire.read(
                state -> {
                    if (state.reservation().isEmpty()) {
                        ledger.compare(state);
                        return ends(new Done(what + ": nothing was reserved"));
                    }
                    if (!state.heldBy(ledger.key())) {
                        return joining.look().thenApply(unused -> Replies.conflict(what, state));
                    }
                    return release(what, state.reservation().get().type(), paths(), 0);
                },
                reply -> ends(Replies.outcome(what, reply)));
    }

    /** Through one path after the other, for only the holder's releases it; if none did, through one that takes it over first. */
    private CompletableFuture<ReservationOutcome> release(
            String what, ReservationType type, List<Member> paths, int index) {
        if (index == paths.size()) {
            return take(what, ledger.key(), type, false).thenCompose(taken -> {
                Member holder = ledger.holder();
                return taken.done() && holder != null
                        ? releaseThrough(what, type, List.of(holder), 0, true)
                        : ends(taken);
            });
        }
        return releaseThrough(what, type, paths, index, false);
    }

    private CompletableFuture<ReservationOutcome> releaseThrough(
            String what, ReservationType type, List<Member> paths, int index, boolean last) {
        return wire.send(paths.get(index), new Release(ledger.key(), type)).thenCompose(reply -> switch (reply.kind()) {
            case DONE, UNKNOWN -> released(what, type, paths, index, last, reply.kind() == Kind.UNKNOWN);
            case NOT_EXECUTED -> last ? ends(Replies.outcome(what, reply)) : release(what, type, paths, index + 1);
            case CONFLICT -> doubt(paths.get(index)).thenApply(unused -> Replies.outcome(what, reply));
            default -> ends(Replies.outcome(what, reply));
        });
    }

    private CompletableFuture<ReservationOutcome> released(
            String what, ReservationType type, List<Member> paths, int index, boolean last, boolean lost) {
        return readThen(what, state -> {
            if (!state.heldBy(ledger.key())) {
                ledger.released();
                return ends(new Done(what));
            }
            if (last || lost || !witnesses.nexuses()) {
                return ends(new Unknown(what + ": it is still reserved, and an answer was lost"));
            }
            return release(what, type, paths, index + 1);
        });
    }

    @Override
    public CompletableFuture<ReservationOutcome> preempt(ReservationKey victim, ReservationType type, boolean abort) {
        String what = (abort ? "preempt and abort " : "preempt ") + victim;
        ReservationOutcome unfit = unfit(what);
        if (unfit != null) {
            return ends(unfit);
        }
        if (victim.isNone() || victim.equals(ledger.key())) {
            return take(what, victim, type, abort);
        }
        Preempt preempt = new Preempt(ledger.key(), victim, type, abort);
        return quietly(
                what,
                type,
                () -> wire.read(
                        before -> wire.sendThroughAny(paths(), preempt)
                                .thenCompose(sent -> preempted(what, preempt, before, sent)),
                        reply -> ends(Replies.outcome(what, reply))));
    }

    private CompletableFuture<ReservationOutcome> preempted(
            String what, Preempt preempt, ReservationState before, Sent sent) {
        return switch (sent.reply().kind()) {
            case DONE -> {
                boolean held = before.heldBy(preempt.victim())
                        && !before.reservation()
                                .map(ReservationState.Held::type)
                                .filter(ReservationType::allRegistrantsHold)
                                .isPresent();
                if (held) {
                    ledger.reserved(preempt.type(), sent.through());
                }
                yield ends(new Done(what));
            }
            case CONFLICT ->
                readThen(what, state -> doubt(sent.through()).thenApply(unused -> Replies.conflict(what, state)));
            case UNKNOWN ->
                readThen(what, state -> {
                    if (state.count(preempt.victim()) > 0 || before.count(preempt.victim()) == 0) {
                        return ends(new Unknown(what + ": " + sent.reply().cause()));
                    }
                    Registering.heldType(state, ledger.key()).ifPresent(held -> ledger.reserved(held, sent.through()));
                    return ends(
                            preempt.abort()
                                    ? new Unknown(what
                                            + ": its registrations are gone; whether what it had under way was ended"
                                            + " is not known")
                                    : new Done(what));
                });
            default -> ends(Replies.outcome(what, sent.reply()));
        };
    }

    /**
     * Moves a reservation that one path has for itself to one that serves. I/O need not stand still: the others have none, and what
     * the former holder's still has would keep it from ever moving.
     */
    CompletableFuture<ReservationOutcome> move(ReservationType type) {
        String what = "move the reservation";
        List<Member> serving = wire.reachableJoined();
        serving.removeIf(member -> !member.serves());
        return serving.isEmpty()
                ? ends(new ReservationOutcome.NoPath(what + ": no path serves"))
                : takeStill(what, new Preempt(ledger.key(), ledger.key(), type, false), serving);
    }

    /** Preempts what spares of this host's registrations only the preempting path's. */
    private CompletableFuture<ReservationOutcome> take(
            String what, ReservationKey victim, ReservationType type, boolean abort) {
        Preempt preempt = new Preempt(ledger.key(), victim, type, abort);
        return witnesses.nexuses()
                ? stillness.during(what, () -> takeStill(what, preempt, paths()))
                : takeStill(what, preempt, paths());
    }

    private CompletableFuture<ReservationOutcome> takeStill(String what, Preempt preempt, List<Member> paths) {
        return wire.read(
                before -> wire.sendThroughAny(paths, preempt).thenCompose(sent -> {
                    Member through = sent.through();
                    if (through == null) {
                        return ends(Replies.outcome(what, sent.reply()));
                    }
                    return switch (sent.reply().kind()) {
                        case DONE -> taken(what, preempt.type(), through);
                        case CONFLICT ->
                            joining.doubt(through).thenApply(unused -> Replies.outcome(what, sent.reply()));
                        case UNKNOWN ->
                            wire.read(
                                    after -> takenPerhaps(what, preempt, before, after, through),
                                    reply -> unsettled(what, through));
                        default -> ends(Replies.outcome(what, sent.reply()));
                    };
                }),
                reply -> ends(Replies.outcome(what, reply)));
    }

    private CompletableFuture<ReservationOutcome> taken(String what, ReservationType type, Member through) {
        ledger.reserved(type, through);
        if (!witnesses.nexuses()) {
            return ends(new Done(what));
        }
        joining.awaitAllBut(List.of(through));
        return joining.joinAll()
                .thenApply(unused -> ledger.registered()
                        ? new Done(what)
                        : new ReservationOutcome.Conflict(
                                what + ": " + ledger.standing().reason(), Optional.empty()));
    }

    private CompletableFuture<ReservationOutcome> takenPerhaps(
            String what, Preempt preempt, ReservationState before, ReservationState after, Member through) {
        boolean hasType = Registering.heldType(after, ledger.key())
                .filter(preempt.type()::equals)
                .isPresent();
        boolean seen = before.generation() != after.generation()
                && (after.count(ledger.key()) < before.count(ledger.key())
                        || !before.reservation().equals(after.reservation()));
        if (hasType && seen && !preempt.abort()) {
            return taken(what, preempt.type(), through);
        }
        return unsettled(what, through);
    }

    /** It may still remove the others' registrations, or has: none is used before that cannot happen any more. */
    private CompletableFuture<ReservationOutcome> unsettled(String what, Member through) {
        joining.setOthersAside(through);
        return joining.look().thenApply(unused -> new Unknown(what + ": an answer was lost"));
    }

    @Override
    public CompletableFuture<ReservationOutcome> clear() {
        String what = "clear";
        ReservationOutcome unfit = unfit(what);
        if (unfit != null) {
            return ends(unfit);
        }
        ReservationCommand clear = new Clear(ledger.key());
        return wire.sendThroughAny(paths(), clear).thenCompose(sent -> switch (sent.reply()
                .kind()) {
            case DONE -> {
                ledger.leave();
                yield ends(new Done(what));
            }
            case CONFLICT -> doubt(sent.through()).thenApply(unused -> Replies.outcome(what, sent.reply()));
            case UNKNOWN ->
                readThen(what, state -> {
                    if (state.registrants().isEmpty() && state.reservation().isEmpty()) {
                        ledger.leave();
                        return ends(new Done(what));
                    }
                    return ends(new Unknown(what + ": " + sent.reply().cause()));
                });
            default -> ends(Replies.outcome(what, sent.reply()));
        });
    }
}
