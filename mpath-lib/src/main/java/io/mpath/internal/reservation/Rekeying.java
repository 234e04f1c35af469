package io.mpath.internal.reservation;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mpath.internal.reservation.Witnesses.Word;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationReply.Kind;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationOutcome.Conflict;
import io.mpath.reservation.ReservationOutcome.Done;
import io.mpath.reservation.ReservationOutcome.Unknown;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Gives a registered host another key, path by path. Registrations of paths that are down keep the old one; they are removed
 * through a path that has the new one, which takes over what one of them may hold, and made anew when their paths return. A preempt
 * of the old key in the midst of it is a loss of the new one, too. Used on the control loop only, once.
 */
final class Rekeying {
    private final Ledger ledger;
    private final Wire wire;
    private final Joining joining;
    private final Witnesses witnesses;
    private final Registration wanted;
    private final ReservationKey old;
    private final String what;
    private final List<Member> changed = new ArrayList<>();
    private boolean lost;

    Rekeying(Ledger ledger, Wire wire, Joining joining, Witnesses witnesses, Registration wanted) {
        this.ledger = ledger;
        this.wire = wire;
        this.joining = joining;
        this.witnesses = witnesses;
        this.wanted = wanted;
        this.old = ledger.key();
        this.what = "register " + wanted.key() + " in place of " + old;
    }

    CompletableFuture<ReservationOutcome> begin() {
        if (!witnesses.nexuses()) {
            return wholeHost();
        }
        List<Member> paths = wire.reachableJoined();
        paths.removeIf(member -> member.unsettledNanos(wire.now()) > 0);
        return next(paths, 0, "no registered path can be reached");
    }

    private Register change() {
        return new Register(old, wanted.key(), false, wanted.persistent());
    }

    /** Of a host that is known as a whole, and by no such key before, its key shows that the command was carried out. */
    private CompletableFuture<ReservationOutcome> wholeHost() {
        return wire.sendThroughAny(wire.reachableJoined(), change()).thenCompose(sent -> switch (sent.reply()
                .kind()) {
            case DONE -> finish(List.of());
            case UNKNOWN ->
                wire.read(
                        after -> after.count(wanted.key()) > 0
                                ? finish(List.of())
                                : completedFuture(
                                        new Unknown(what + ": " + sent.reply().cause())),
                        reply -> completedFuture(
                                new Unknown(what + ": " + sent.reply().cause())));
            case CONFLICT -> joining.look().thenApply(unused -> Replies.outcome(what, sent.reply()));
            default -> completedFuture(Replies.outcome(what, sent.reply()));
        });
    }

    private CompletableFuture<ReservationOutcome> next(List<Member> paths, int index, String why) {
        if (index == paths.size()) {
            if (!changed.isEmpty()) {
                return finish(changed);
            }
            String text = what + ": " + why;
            return completedFuture(lost ? new Unknown(text) : new ReservationOutcome.NoPath(text));
        }
        Member member = paths.get(index);
        return wire.send(member, change()).thenCompose(reply -> {
            String cause = member.name() + ": " + reply.cause();
            switch (reply.kind()) {
                case DONE -> changed.add(member);
                case UNKNOWN -> {
                    lost = true;
                    member.cameBack(); // not used before it is known what it is registered with
                }
                case CONFLICT -> {
                    return refused(member, paths, index);
                }
                default -> {}
            }
            return next(paths, index + 1, cause);
        });
    }

    /** It is not registered with the old key: the device forgot it, or the host was preempted. */
    private CompletableFuture<ReservationOutcome> refused(Member member, List<Member> paths, int index) {
        member.cameBack();
        return witnesses.askPaths(List.of(member)).thenCompose(word -> {
            if (word == Word.INTACT) {
                return next(paths, index + 1, member.name() + " is not registered");
            }
            ledger.lose("another host removed its registrations while its key was changed");
            return joining.joinAll()
                    .thenApply(unused ->
                            new Conflict(what + ": " + ledger.standing().reason(), Optional.empty()));
        });
    }

    private CompletableFuture<ReservationOutcome> finish(List<Member> registered) {
        ledger.rekey(wanted);
        if (registered.isEmpty()) {
            return completedFuture(new Done(what));
        }
        joining.awaitAllBut(registered);
        return wire.read(this::removeLeftOver, reply -> joinOthers());
    }

    private CompletableFuture<ReservationOutcome> removeLeftOver(ReservationState state) {
        if (state.count(old) == 0) {
            return joinOthers();
        }
        boolean held = state.reservation()
                .filter(reservation -> reservation.holder().equals(old))
                .isPresent();
        ReservationType type = state.reservation()
                .map(ReservationState.Held::type)
                .orElse(ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        return wire.sendThroughAny(changed, new ReservationCommand.Preempt(wanted.key(), old, type, false))
                .thenCompose(sent -> {
                    if (held && sent.reply().kind() == Kind.DONE) {
                        ledger.reserved(type, sent.through());
                    }
                    return joinOthers();
                });
    }

    private CompletableFuture<ReservationOutcome> joinOthers() {
        return joining.joinAll()
                .thenApply(unused -> ledger.registered()
                        ? new Done(what)
                        : new Conflict(what + ": " + ledger.standing().reason(), Optional.empty()));
    }
}
