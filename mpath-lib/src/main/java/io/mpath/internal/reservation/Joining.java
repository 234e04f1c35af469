package io.mpath.internal.reservation;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mpath.internal.reservation.Witnesses.Word;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationReply.Kind;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Has paths registered before they are used, without ever bringing back a registration that another host removed: that may happen
 * at any moment, also between the look that found it sound and the registration that follows. So there is a second look behind each
 * registration, and what was registered behind a loss is ended again; the path was given no I/O in between.
 *
 * <p>Used on the control loop only, one thing at a time.
 */
final class Joining {
    private final ReservedDevice device;
    private final Ledger ledger;
    private final Wire wire;
    private final Witnesses witnesses;
    private final LookPace pace;

    Joining(ReservedDevice device, Ledger ledger, Wire wire, Witnesses witnesses, LookPace pace) {
        this.device = device;
        this.ledger = ledger;
        this.wire = wire;
        this.witnesses = witnesses;
        this.pace = pace;
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
        return joinFrom(ready(), 0);
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
        (witnesses.nexuses() ? registered : device.members()).forEach(Member::join);
    }

    private CompletableFuture<Void> joinFrom(List<Member> todo, int index) {
        if (index == todo.size()) {
            return completedFuture(null);
        }
        Member member = todo.get(index);
        CompletableFuture<Void> one = switch (member.stage()) {
            case AWAITED -> join(member).thenRun(device::membersChanged); // it is used before the next one joins
            case TO_BE_ENDED -> end(member);
            case FREE, JOINED -> completedFuture(null);
        };
        return one.thenCompose(unused -> joinFrom(todo, index + 1));
    }

    private CompletableFuture<Void> join(Member member) {
        return wire.read(
                before -> {
                    ledger.compare(before);
                    return witnesses.ask(before).thenCompose(word -> switch (word) {
                        case INTACT -> prove(member, before);
                        case GONE -> lost("its registrations are gone from the device");
                        case SILENT -> stay(member, "whether the host still is cannot be asked now");
                    });
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
                    pace.saw(state, wire.now());
                    if (!ledger.registered()) {
                        return completedFuture(null);
                    }
                    ledger.compare(state);
                    boolean shared = state.reservation()
                            .filter(held -> held.type().registrantsHaveAccess())
                            .isPresent();
                    boolean misplaced = ledger.reserved().isPresent() && doubted.contains(ledger.holder());
                    if (shared || misplaced) {
                        doubted.forEach(Member::cameBack);
                        device.membersChanged();
                    }
                    if (!shared && misplaced) {
                        ledger.reserved(ledger.reserved().get(), null); // through another path, which nobody here knows
                    }
                    return witnesses
                            .ask(state)
                            .thenCompose(word -> word == Word.GONE
                                    ? lost("its registrations are gone from the device")
                                    : completedFuture(null));
                },
                reply -> {
                    pace.sawNothing(wire.now());
                    return completedFuture(null);
                });
    }

    /** A path met a conflict where it was taken to be registered: it proves that, and the host looks where it stands. */
    CompletableFuture<Void> doubt(Member member) {
        setAside(member);
        return look();
    }

    /** It is to prove that it is registered before it is used again. */
    void setAside(Member member) {
        member.cameBack();
        device.membersChanged();
    }

    /** The others are to prove that they are registered, and not before what was lost through {@code sender} is settled. */
    void setOthersAside(Member sender) {
        for (Member member : device.members()) {
            boolean registered = member.joined() || member.stage() == Member.Stage.AWAITED;
            if (witnesses.nexuses() && registered && member != sender) {
                member.awaitBehind(sender);
            }
        }
        device.membersChanged();
    }

    /** Finds out whether it is registered already, and registers it if not. */
    private CompletableFuture<Void> prove(Member member, ReservationState before) {
        if (!witnesses.nexuses()) {
            member.join();
            return completedFuture(null);
        }
        return wire.send(member, witnesses.own(ledger.key())).thenCompose(reply -> switch (reply.kind()) {
            // One that was registered before, and still is, is the proof itself.
            case DONE -> member.proven() ? joined(member) : verify(member, before, 0);
            case CONFLICT -> member.proven() ? forgotten(member) : add(member, before, false);
            default -> stay(member, reply.cause());
        });
    }

    private static CompletableFuture<Void> joined(Member member) {
        member.join();
        return completedFuture(null);
    }

    /** It was registered, and is not any more: the device forgot it with its session, or the host was preempted. */
    private CompletableFuture<Void> forgotten(Member member) {
        return wire.read(
                after -> witnesses.ask(after).thenCompose(word -> switch (word) {
                    case INTACT -> {
                        member.awaitAnew();
                        yield add(member, after, false);
                    }
                    case GONE -> lost("the device does not know a path by it any more");
                    case SILENT -> stay(member, "whether the host still is cannot be asked now");
                }),
                reply -> stay(member, reply.cause()));
    }

    /** @param whatever also where its nexus has a key that an earlier user of this host left there */
    private CompletableFuture<Void> add(Member member, ReservationState before, boolean whatever) {
        Register register = new Register(ReservationKey.NONE, ledger.key(), whatever, ledger.persistent());
        return wire.send(member, register).thenCompose(reply -> switch (reply.kind()) {
            case DONE -> verify(member, before, 1);
            case CONFLICT -> whatever ? stay(member, reply.cause()) : add(member, before, true);
            default -> stay(member, reply.cause());
        });
    }

    /** The second look. */
    private CompletableFuture<Void> verify(Member member, ReservationState before, int added) {
        return wire.read(
                after -> {
                    boolean counted = after.count(ledger.key()) >= before.count(ledger.key()) + added;
                    if (counted && ledger.strays() == 0 && witnesses.unseen(List.of(member)) == 0) {
                        member.join();
                        return completedFuture(null);
                    }
                    return witnesses.ask(after, List.of(member)).thenCompose(word -> switch (word) {
                        case INTACT -> {
                            member.join();
                            yield completedFuture(null);
                        }
                        case SILENT -> stay(member, "whether the host still is cannot be asked now");
                        case GONE -> lost("another host removed its registrations while a path was registered");
                    });
                },
                reply -> stay(member, reply.cause()));
    }

    /** Ends what it may be registered with, and is not to be. */
    CompletableFuture<Void> end(Member member) {
        ReservationKey unseen = member.unseen();
        ReservationKey key = unseen == null ? ledger.key() : unseen;
        member.endLater();
        device.membersChanged();
        return wire.send(member, new Register(key, ReservationKey.NONE, false, ledger.persistent()))
                .thenAccept(reply -> {
                    boolean settled = member.unsettledNanos(wire.now()) == 0;
                    boolean over = reply.kind() == Kind.DONE
                            || reply.kind() == Kind.UNSUPPORTED
                            || (reply.kind() == Kind.CONFLICT && settled);
                    if (over) {
                        member.free();
                    } else {
                        member.failed(reply.cause(), wire.now());
                    }
                    device.membersChanged();
                });
    }

    private CompletableFuture<Void> lost(String reason) {
        ledger.lose(reason);
        return joinAll();
    }

    private CompletableFuture<Void> stay(Member member, String why) {
        member.failed(why, wire.now());
        return completedFuture(null);
    }
}
