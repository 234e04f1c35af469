package io.mpath.internal.reservation;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationReply.Kind;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Has each nexus registered with a key of its own before its path is used, and finds out when another host has removed one of them:
 * every key is one nexus's, so a key that is missing was removed. There is a look before each registration and one behind it; what
 * was registered behind a loss is ended again.
 *
 * <p>A fenced nexus is registered anew only when nothing that it had can land any more ({@link Member.Traffic#over}), and so is one
 * that comes anew while a fenced one has left and had such: they may be the same.
 *
 * <p>Used on the control loop only, one thing at a time.
 */
final class Enrolling {
    /** How often it is looked whether what a fenced nexus had can land no more. */
    private static final long FENCED_NANOS = 1_000_000_000L;

    private final ReservedDevice device;
    private final NexusLedger ledger;
    private final NexusWire wire;
    private final LookPace pace;

    Enrolling(ReservedDevice device, NexusLedger ledger, NexusWire wire, LookPace pace) {
        this.device = device;
        this.ledger = ledger;
        this.wire = wire;
        this.pace = pace;
    }

    /** Whether something is to be done for one of the paths, and can be. */
    boolean pending() {
        return !ready().isEmpty();
    }

    private List<Nexus> ready() {
        List<Nexus> ready = new ArrayList<>();
        for (Nexus nexus : ledger.present()) {
            Member member = nexus.member();
            if (member.pending() && member.reachable() && member.waitNanos(wire.now()) == 0 && !waits(nexus)) {
                ready.add(nexus);
            }
        }
        return ready;
    }

    private boolean waits(Nexus nexus) {
        return switch (nexus.member().stage()) {
            case AWAITED ->
                nexus.mayStillVanish(wire.now())
                        || (nexus.key() == null && !whyKeptOut(nexus).isEmpty());
            case TO_BE_ENDED -> nexus == ledger.holder() && ledger.mustStay();
            case FREE, JOINED -> false;
        };
    }

    /** Why it must not be registered now: what it had, or one that has left, might land if it were. Or empty. */
    private String whyKeptOut(Nexus nexus) {
        if (nexus.keptOut()) {
            return "it is fenced until nothing that it lost can land any more";
        }
        if (ledger.keptOut(nexus)) {
            return "an earlier process of this host may have fenced it, and what that one lost can still land";
        }
        for (Nexus other : ledger.all()) {
            if (other.departed() && ledger.keptOut(other)) {
                return other.name() + ", which has left, is fenced, and this may be the same nexus";
            }
        }
        return "";
    }

    /** Whether it must not be registered now. */
    boolean keptOut(Nexus nexus) {
        return !whyKeptOut(nexus).isEmpty();
    }

    /** Has the paths that are kept out say why. */
    void tell() {
        for (Nexus nexus : ledger.present()) {
            String why = nexus.member().stage() == Member.Stage.AWAITED && nexus.key() == null ? whyKeptOut(nexus) : "";
            if (!why.isEmpty()) {
                nexus.member().because(why);
            }
        }
    }

    /** How long until something can be done that cannot be done now, in nanoseconds; {@link Long#MAX_VALUE} when nothing waits. */
    long waitNanos() {
        long wait = Long.MAX_VALUE;
        for (Nexus nexus : ledger.present()) {
            Member member = nexus.member();
            if (member.pending()) {
                long left = member.waitNanos(wire.now());
                wait = left > 0 ? Math.min(wait, left) : wait;
                wait = waits(nexus) ? Math.min(wait, FENCED_NANOS) : wait;
            }
        }
        return wait;
    }

    /** Has every path join that can. */
    CompletableFuture<Void> joinAll() {
        ledger.forgetDeparted();
        return joinFrom(ready(), 0).thenRun(() -> {
            tell();
            device.membersChanged();
        });
    }

    private CompletableFuture<Void> joinFrom(List<Nexus> todo, int index) {
        if (index == todo.size()) {
            return completedFuture(null);
        }
        Nexus nexus = todo.get(index);
        CompletableFuture<Void> one = switch (nexus.member().stage()) {
            case AWAITED -> join(nexus).thenRun(device::membersChanged); // it is used before the next one joins
            case TO_BE_ENDED -> end(nexus);
            case FREE, JOINED -> completedFuture(null);
        };
        return one.thenCompose(unused -> joinFrom(todo, index + 1));
    }

    private CompletableFuture<Void> join(Nexus nexus) {
        return wire.read(
                before -> {
                    String gone = ledger.compare(before);
                    if (!gone.isEmpty()) {
                        return lost(gone);
                    }
                    ReservationKey key = nexus.key();
                    if (key != null && before.count(key) > 0) {
                        return prove(nexus, key);
                    }
                    nexus.lacksKey(); // removed by a lost command of this host
                    ReservationKey unseen = nexus.member().unseen();
                    if (unseen != null && before.count(unseen) > 0) {
                        return prove(nexus, unseen);
                    }
                    nexus.member().mayBeRegistered(null);
                    return keptOut(nexus) ? completedFuture(null) : add(nexus, before);
                },
                reply -> stay(nexus, reply.cause()));
    }

    /** Changes the key to itself, which a device refuses to whom it does not know by it. */
    private Register own(ReservationKey key) {
        return new Register(key, key, false, ledger.persistent());
    }

    private CompletableFuture<Void> prove(Nexus nexus, ReservationKey key) {
        return wire.send(nexus, own(key)).thenCompose(reply -> {
            if (reply.kind() == Kind.DONE) {
                nexus.has(key);
                nexus.member().join();
                return completedFuture(null);
            }
            return reply.kind() == Kind.CONFLICT
                    ? look().thenCompose(unused -> stay(nexus, "key " + key + " is another nexus's"))
                    : stay(nexus, reply.cause());
        });
    }

    private CompletableFuture<Void> add(Nexus nexus, ReservationState before) {
        for (Nexus other : ledger.present()) {
            boolean sameNexus = other != nexus
                    && other.member().path().port() == nexus.member().path().port();
            if (sameNexus && (other.key() != null || other.fenced())) {
                return stay(nexus, "its nexus is that of " + other.name() + ", and has one key");
            }
        }
        if (nexus.fenced()) {
            nexus.unfence();
        }
        ReservationKey key = ledger.freshKey(ledger.block(), before);
        return wire.send(nexus, new Register(ReservationKey.NONE, key, false, ledger.persistent()))
                .thenCompose(reply -> switch (reply.kind()) {
                    case DONE -> {
                        nexus.has(key);
                        yield verify(nexus);
                    }
                    case CONFLICT ->
                        claim(nexus, List.copyOf(ledger.unclaimed(ledger.block(), before)), 0)
                                .thenCompose(claimed -> claimed
                                        ? verify(nexus)
                                        : stay(nexus, "its nexus is registered with a key that nobody here knows"));
                    default -> stay(nexus, reply.cause());
                });
    }

    /** Finds the key with which its nexus was registered by a path that has left, or by an earlier process of this host. */
    CompletableFuture<Boolean> claim(Nexus nexus, List<ReservationKey> keys, int index) {
        if (index == keys.size()) {
            return completedFuture(false);
        }
        ReservationKey key = keys.get(index);
        return wire.send(nexus, own(key)).thenCompose(reply -> {
            if (reply.kind() != Kind.DONE) {
                return claim(nexus, keys, index + 1);
            }
            ledger.takenUp(key, nexus);
            nexus.has(key);
            return completedFuture(true);
        });
    }

    /** The second look. */
    private CompletableFuture<Void> verify(Nexus nexus) {
        return wire.read(
                after -> {
                    String gone = ledger.compare(after);
                    if (!gone.isEmpty()) {
                        return lost(gone + " while a path was registered");
                    }
                    nexus.member().join();
                    return completedFuture(null);
                },
                reply -> stay(nexus, reply.cause()));
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
                    String gone = ledger.compare(state);
                    if (!gone.isEmpty()) {
                        return lost(gone);
                    }
                    boolean shared = state.reservation()
                            .filter(held -> held.type().registrantsHaveAccess())
                            .isPresent();
                    if (shared && !doubted.isEmpty()) {
                        doubted.forEach(Member::cameBack);
                        device.membersChanged();
                    }
                    return completedFuture(null);
                },
                reply -> {
                    pace.sawNothing(wire.now());
                    return completedFuture(null);
                });
    }

    /** Ends what it is registered with, or may be. */
    CompletableFuture<Void> end(Nexus nexus) {
        Member member = nexus.member();
        ReservationKey key = nexus.key() == null ? member.unseen() : nexus.key();
        if (key == null) {
            ended(member);
            return completedFuture(null);
        }
        member.endLater();
        device.membersChanged();
        return wire.send(nexus, new Register(key, ReservationKey.NONE, false, ledger.persistent()))
                .thenAccept(reply -> {
                    boolean settled = member.unsettledNanos(wire.now()) == 0;
                    if (reply.kind() == Kind.DONE || (reply.kind() == Kind.CONFLICT && settled)) {
                        nexus.lacksKey();
                        ended(member);
                    } else {
                        member.failed(reply.cause(), wire.now());
                    }
                });
    }

    /** Its path is not used without, while the others are registered. */
    private void ended(Member member) {
        member.free();
        if (ledger.registered()) {
            member.awaitAnew();
        }
    }

    /** Ends what all of {@code nexuses} are registered with, or may be, as far as they can be reached. */
    CompletableFuture<Void> endAll(List<Nexus> nexuses, int index) {
        return index == nexuses.size()
                ? completedFuture(null)
                : end(nexuses.get(index)).thenCompose(unused -> endAll(nexuses, index + 1));
    }

    CompletableFuture<Void> lost(String reason) {
        ledger.lose(reason);
        return joinAll();
    }

    private CompletableFuture<Void> stay(Nexus nexus, String why) {
        nexus.member().failed(why, wire.now());
        return completedFuture(null);
    }
}
