package io.mpath.internal.reservation;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;

import io.mpath.reservation.ReservationType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Gives a registered host another key, path by path. Registrations of paths that are down keep the old one; they are removed
 * through a path that has the new one, which takes over what one of them may hold, and made anew when their paths return.
 */
final class Rekeying {
    private final Ledger ledger;
    private final Wire wire;
    private final Joining joining;
    private final Registration wanted;
    private final ReservationKey old;
    private final String what;
    private final List<Member> changed = new ArrayList<>();
    private boolean lost;

    Rekeying(Ledger ledger, Wire wire, Joining joining, Registration wanted) {
        this.ledger = ledger;
        this.wire = wire;
        this.joining = joining;
        this.wanted = wanted;
        this.old = ledger.key();
        this.what = "register " + wanted.key() + " in place of " + old;
    }

    CompletableFuture<ReservationOutcome> begin() {
        return next(wire.reachableJoined(), 0, "no registered path can be reached");
    }

    private CompletableFuture<ReservationOutcome> next(List<Member> paths, int index, String why) {
        boolean enough = !joining.nexuses() && !changed.isEmpty();
        if (index == paths.size() || enough) {
            return changed.isEmpty() ? none(why) : leftOver();
        }
        Member member = paths.get(index);
        Register change = new Register(old, wanted.key(), false, wanted.persistent());
        return wire.send(member, change).thenCompose(reply -> switch (reply.kind()) {
            case DONE -> {
                changed.add(member);
                yield next(paths, index + 1, why);
            }
            default -> {
                if (reply.kind() == ReservationReply.Kind.CONFLICT && changed.isEmpty()) {
                    yield joining.look().thenApply(unused -> Replies.outcome(what, reply));
                }
                lost |= reply.kind() == ReservationReply.Kind.UNKNOWN;
                yield next(paths, index + 1, member.name() + ": " + reply.cause());
            }
        });
    }

    private CompletableFuture<ReservationOutcome> none(String why) {
        if (!lost) {
            return completedFuture(new ReservationOutcome.NoPath(what + ": " + why));
        }
        return wire.read(
                after -> {
                    if (after.count(wanted.key()) == 0 || joining.nexuses()) {
                        return completedFuture(new ReservationOutcome.Unknown(what + ": " + why));
                    }
                    ledger.rekey(wanted);
                    return completedFuture(new ReservationOutcome.Done(what));
                },
                reply -> completedFuture(new ReservationOutcome.Unknown(what + ": " + why)));
    }

    private CompletableFuture<ReservationOutcome> leftOver() {
        ledger.rekey(wanted);
        if (!joining.nexuses()) {
            return completedFuture(new ReservationOutcome.Done(what));
        }
        return wire.read(
                after -> {
                    if (after.count(old) == 0) {
                        return finish();
                    }
                    ReservationType type = Registering.heldType(after, old)
                            .or(ledger::reserved)
                            .orElse(ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
                    boolean held = after.reservation().isPresent()
                            && !after.reservation().get().type().allRegistrantsHold()
                            && after.reservation().get().holder().equals(old);
                    return wire.sendThroughAny(
                                    changed, new ReservationCommand.Preempt(wanted.key(), old, type, false))
                            .thenCompose(sent -> {
                                if (held && sent.reply() instanceof ReservationReply.Done) {
                                    ledger.reserved(type, sent.through());
                                }
                                return finish();
                            });
                },
                reply -> finish());
    }

    private CompletableFuture<ReservationOutcome> finish() {
        joining.awaitAllBut(changed);
        return joining.joinAll()
                .thenApply(unused -> ledger.registered()
                        ? new ReservationOutcome.Done(what)
                        : new ReservationOutcome.Conflict(
                                what + ": " + ledger.standing().reason(), Optional.empty()));
    }
}
