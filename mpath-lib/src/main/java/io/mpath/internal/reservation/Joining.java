package io.mpath.internal.reservation;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Has paths registered before they are used, without ever bringing back a registration that another host removed.
 *
 * <p>A foreign preempt removes every registration with the host's key at once, at any moment: also between the look that found it
 * sound and the registration that follows. So there is a second look behind each registration: where fewer are left than there
 * must be, and no path that was registered before proves that it still is, the host was preempted; what was registered meanwhile
 * is ended again, and the path was given no I/O in between. A registration is proved by changing the key to itself, which the
 * device refuses to whom it does not know by it.
 *
 * <p>Used on the control loop only, one thing at a time.
 */
final class Joining {
    private final ReservedDevice device;
    private final Ledger ledger;
    private final Wire wire;

    Joining(ReservedDevice device, Ledger ledger, Wire wire) {
        this.device = device;
        this.ledger = ledger;
        this.wire = wire;
    }

    /** Whether something is to be done for one of the paths, and can be. */
    boolean pending() {
        return !ready().isEmpty();
    }

    private List<Member> ready() {
        List<Member> ready = new ArrayList<>();
        for (Member member : device.members()) {
            if (member.pending() && member.reachable() && member.waitNanos(wire.now()) == 0) {
                ready.add(member);
            }
        }
        return ready;
    }

    /** How long until something can be done that cannot be done now, in nanoseconds; {@link Long#MAX_VALUE} when nothing waits. */
    long waitNanos() {
        long wait = Long.MAX_VALUE;
        for (Member member : device.members()) {
            long left = member.pending() ? member.waitNanos(wire.now()) : 0;
            wait = left > 0 ? Math.min(wait, left) : wait;
        }
        return wait;
    }

    /** Has every path join that can. */
    CompletableFuture<Void> joinAll() {
        return joinFrom(ready(), 0).thenRun(device::membersChanged);
    }

    /** The registrations of all others are gone, by the host's own doing: they are made anew before their paths are used. */
    void awaitAllBut(List<Member> kept) {
        for (Member member : device.members()) {
            if (kept.contains(member)) {
                member.join();
            } else if (member.stage() == Member.Stage.JOINED || member.stage() == Member.Stage.AWAITED) {
                member.awaitAnew();
            }
        }
        device.membersChanged();
    }

    /** These are registered; with a host that is known as a whole, all are. */
    void join(List<Member> registered) {
        (nexuses() ? registered : device.members()).forEach(Member::join);
    }

    private CompletableFuture<Void> joinFrom(List<Member> todo, int index) {
        if (index == todo.size()) {
            return completedFuture(null);
        }
        Member member = todo.get(index);
        CompletableFuture<Void> one =
                switch (member.stage()) {
                    case AWAITED -> join(member);
                    case TO_BE_ENDED -> end(member);
                    case FREE, JOINED -> completedFuture(null);
                };
        return one.thenCompose(unused -> joinFrom(todo, index + 1));
    }

    private CompletableFuture<Void> join(Member member) {
        return wire.read(
                before -> {
                    ledger.compare(before);
                    return intact(before)
                            .thenCompose(intact -> intact
                                    ? prove(member, before)
                                    : lost("its registrations are gone from the device"));
                },
                reply -> stay(member, reply.cause()));
    }

    /** Compares what is known with what the device says. */
    CompletableFuture<Void> look() {
        return look(List.of());
    }

    /** Compares, and has {@code doubted} prove that they are registered, if one that is should have met no conflict. */
    CompletableFuture<Void> look(List<Member> doubted) {
        return wire.read(
                state -> {
                    if (!ledger.registered()) {
                        return completedFuture(null);
                    }
                    ledger.compare(state);
                    if (state.reservation()
                            .filter(held -> held.type().registrantsHaveAccess())
                            .isPresent()) {
                        doubted.forEach(Member::cameBack);
                    }
                    return intact(state).thenCompose(
                            intact -> intact ? completedFuture(null) : lost("its registrations are gone from the device"));
                },
                reply -> completedFuture(null));
    }

    /**
     * Whether none of the registrations was taken away, by their number or by the word of a path that was registered before.
     */
    private CompletableFuture<Boolean> intact(ReservationState state) {
        int wanted = 0;
        for (Member member : device.members()) {
            // One that nobody has seen may have come about behind a preempt: it stands in for none of the others.
            wanted += member.proven() || member.mayBeRegisteredUnseen(wire.now()) ? 1 : 0;
        }
        int found = state.count(ledger.key());
        if (found == 0 || !nexuses() || (found >= wanted && !ledger.strays())) {
            return completedFuture(found > 0);
        }
        return witness(wire.reachableJoined(), 0);
    }

    private CompletableFuture<Boolean> witness(List<Member> joined, int index) {
        if (index == joined.size()) {
            return completedFuture(false);
        }
        return wire.send(joined.get(index), own()).thenCompose(reply -> switch (reply.kind()) {
            case DONE -> completedFuture(true);
            default -> witness(joined, index + 1);
        });
    }

    /** Whether the device knows every path by itself. */
    boolean nexuses() {
        for (Member member : device.members()) {
            var reservable = member.reservable();
            if (reservable != null) {
                return reservable.reservesPerNexus();
            }
        }
        return false;
    }

    private Register own() {
        return change(ledger.key(), ledger.key());
    }

    private Register change(ReservationKey from, ReservationKey to) {
        return new Register(from, to, false, ledger.mine().persistent());
    }

    /** Finds out whether it is registered already, and registers it if not. */
    private CompletableFuture<Void> prove(Member member, ReservationState before) {
        if (!nexuses()) {
            member.join();
            return completedFuture(null);
        }
        return wire.send(member, own()).thenCompose(reply -> switch (reply.kind()) {
            case DONE -> verify(member, before, 0);
            case CONFLICT -> member.proven() ? doubt(member, before) : add(member, before);
            default -> stay(member, reply.cause());
        });
    }

    /** It was registered, and is not any more: the device forgot it with its session, or the host was preempted. */
    private CompletableFuture<Void> doubt(Member member, ReservationState before) {
        return witness(wire.reachableJoined(), 0)
                .thenCompose(intact -> intact ? add(member, before) : lost("the device does not know a path by it any more"));
    }

    private CompletableFuture<Void> add(Member member, ReservationState before) {
        return wire.send(member, change(ReservationKey.NONE, ledger.key())).thenCompose(reply -> switch (reply.kind()) {
            case DONE -> added(member, before);
            case CONFLICT -> replace(member, before);
            default -> stay(member, reply.cause());
        });
    }

    /** Its nexus is registered with a key that an earlier user of this host left there. */
    private CompletableFuture<Void> replace(Member member, ReservationState before) {
        Register whatever = new Register(
                ReservationKey.NONE, ledger.key(), true, ledger.mine().persistent());
        return wire.send(member, whatever).thenCompose(reply -> switch (reply.kind()) {
            case DONE -> added(member, before);
            default -> stay(member, reply.cause());
        });
    }

    private CompletableFuture<Void> added(Member member, ReservationState before) {
        member.registeredUnseen();
        return verify(member, before, 1);
    }

    /** The second look. */
    private CompletableFuture<Void> verify(Member member, ReservationState before, int added) {
        return wire.read(
                after -> {
                    if (after.count(ledger.key()) >= before.count(ledger.key()) + added) {
                        member.join();
                        return completedFuture(null);
                    }
                    return witness(wire.reachableJoined(), 0).thenCompose(intact -> {
                        if (intact) {
                            member.join();
                            return completedFuture(null);
                        }
                        return end(member).thenCompose(
                                unused -> lost("another host removed its registrations while a path was registered"));
                    });
                },
                reply -> stay(member, reply.cause()));
    }

    /** Ends what was registered, or may have been, behind a loss. */
    CompletableFuture<Void> end(Member member) {
        member.endLater();
        Register ending = new Register(ledger.keyToEnd(), ReservationKey.NONE, false, false);
        return wire.send(member, ending).thenAccept(reply -> {
            if (reply instanceof ReservationReply.Done || reply instanceof ReservationReply.Conflict) {
                member.free();
            } else {
                member.failed(reply.cause(), wire.now());
            }
        });
    }

    private CompletableFuture<Void> lost(String reason) {
        ledger.lose(reason);
        return completedFuture(null);
    }

    private CompletableFuture<Void> stay(Member member, String why) {
        member.failed(why, wire.now());
        return completedFuture(null);
    }
}
