package io.mpath.internal.reservation;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationReply.Kind;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationOutcome.Unknown;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Registers the host, changes its key, takes up a registration, ends it. Used on the control loop only, one thing at a time. */
final class Registering implements RegistersHost {
    private final ReservedDevice device;
    private final Ledger ledger;
    private final Wire wire;
    private final Joining joining;
    private final Witnesses witnesses;

    Registering(ReservedDevice device, Ledger ledger, Wire wire, Joining joining, Witnesses witnesses) {
        this.device = device;
        this.ledger = ledger;
        this.wire = wire;
        this.joining = joining;
        this.witnesses = witnesses;
    }

    @Override
    public CompletableFuture<ReservationOutcome> register(Registration wanted, boolean ignoring) {
        return joining.joinAll().thenCompose(unused -> registerSettled(wanted, ignoring));
    }

    private CompletableFuture<ReservationOutcome> registerSettled(Registration wanted, boolean ignoring) {
        String what = "register " + wanted.key();
        return wire.read(
                before -> {
                    boolean change = ledger.registered();
                    boolean known = before.count(wanted.key()) > 0
                            && !(change && wanted.key().equals(ledger.key()));
                    if (known && !(ignoring && !change)) {
                        return completedFuture(Replies.conflict(
                                what
                                        + ": that key is registered already, by another host or an earlier process of this one",
                                before));
                    }
                    if (change) {
                        return new Rekeying(ledger, wire, joining, witnesses, wanted).begin();
                    }
                    return first(new Round(what, wanted, ignoring, before), settled(), 0, "no path can be reached");
                },
                reply -> completedFuture(Replies.outcome(what, reply)));
    }

    /** Those that nothing lost may still change. */
    private List<Member> settled() {
        List<Member> paths = wire.reachable();
        paths.removeIf(member -> member.unsettledNanos(wire.now()) > 0 || member.unseen() != null);
        return paths;
    }

    /** What one registration is about. */
    private record Round(String what, Registration wanted, boolean ignoring, ReservationState before) {
        Register command(boolean whatever) {
            return new Register(ReservationKey.NONE, wanted.key(), whatever, wanted.persistent());
        }
    }

    /** Through one path alone, to see whether it is refused. */
    private CompletableFuture<ReservationOutcome> first(Round round, List<Member> paths, int index, String why) {
        if (index == paths.size()) {
            boolean lost = witnesses.unseen(List.of()) > 0;
            ledger.giveUp();
            String text = round.what() + ": " + why;
            return completedFuture(lost ? new Unknown(text) : new ReservationOutcome.NoPath(text));
        }
        Member member = paths.get(index);
        return wire.send(member, round.command(round.ignoring())).thenCompose(reply -> switch (reply.kind()) {
            case DONE -> rest(round, member);
            case NOT_EXECUTED -> first(round, paths, index + 1, member.name() + ": " + reply.cause());
            case UNKNOWN ->
                witnesses.nexuses()
                        ? first(round, paths, index + 1, member.name() + ": " + reply.cause())
                        : readBack(round, member, reply.cause());
            case CONFLICT ->
                refused(Replies.conflict(
                        round.what() + ": " + member.name() + " is registered with another key", round.before()));
            default -> refused(Replies.outcome(round.what(), reply));
        });
    }

    private CompletableFuture<ReservationOutcome> refused(ReservationOutcome outcome) {
        ledger.giveUp();
        return completedFuture(outcome);
    }

    /** Of a host that is known as a whole, and by no key before, its key shows that the command was carried out. */
    private CompletableFuture<ReservationOutcome> readBack(Round round, Member through, String why) {
        Unknown unknown = new Unknown(round.what() + ": " + why);
        return wire.read(
                after -> after.count(round.wanted().key()) > 0
                                && round.before().count(round.wanted().key()) == 0
                        ? rest(round, through)
                        : refused(unknown),
                reply -> refused(unknown));
    }

    /** Through all others at once; then looks whether that is how it stayed. */
    private CompletableFuture<ReservationOutcome> rest(Round round, Member first) {
        List<Member> registered = new ArrayList<>(List.of(first));
        List<CompletableFuture<Void>> all = new ArrayList<>();
        if (witnesses.nexuses()) {
            for (Member member : settled()) {
                if (member != first) {
                    all.add(wire.send(member, round.command(round.ignoring()))
                            // What an earlier user of this host left on one of its paths.
                            .thenCompose(reply -> reply.kind() == Kind.CONFLICT
                                    ? wire.send(member, round.command(true))
                                    : completedFuture(reply))
                            .thenAccept(reply -> {
                                if (reply.kind() == Kind.DONE) {
                                    registered.add(member);
                                }
                            }));
                }
            }
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenCompose(unused -> seen(round, registered));
    }

    private CompletableFuture<ReservationOutcome> seen(Round round, List<Member> registered) {
        return wire.read(
                after -> {
                    int wanted = witnesses.nexuses() ? registered.size() : 1;
                    boolean ghosts = witnesses.nexuses() && (ledger.strays() > 0 || witnesses.unseen(registered) > 0);
                    if (after.count(round.wanted().key()) < wanted) {
                        return undone(round, registered, after);
                    }
                    return ghosts ? firstStill(round, registered, after) : registered(round, registered);
                },
                reply -> refused(new Unknown(
                        round.what() + ": it was carried out, and could not be read back: " + reply.cause())));
    }

    /** With registrations that may be lost ones, the first of all says whether it still is. */
    private CompletableFuture<ReservationOutcome> firstStill(
            Round round, List<Member> registered, ReservationState after) {
        return wire.send(registered.get(0), witnesses.own(round.wanted().key()))
                .thenCompose(reply -> switch (reply.kind()) {
                    case DONE -> registered(round, registered);
                    case CONFLICT -> undone(round, registered, after);
                    default ->
                        refused(new Unknown(round.what() + ": it was carried out, and not proved: " + reply.cause()));
                });
    }

    private CompletableFuture<ReservationOutcome> registered(Round round, List<Member> registered) {
        joining.join(registered);
        ledger.register(round.wanted());
        return completedFuture(
                new ReservationOutcome.Done(round.what() + (witnesses.nexuses() ? " on " + names(registered) : "")));
    }

    private CompletableFuture<ReservationOutcome> undone(Round round, List<Member> registered, ReservationState after) {
        return endAll(registered, 0)
                .thenCompose(unused -> refused(Replies.conflict(
                        round.what() + ": another host removed it while it was made, and it was ended", after)));
    }

    private CompletableFuture<Void> endAll(List<Member> members, int index) {
        return index == members.size()
                ? completedFuture(null)
                : joining.end(members.get(index)).thenCompose(unused -> endAll(members, index + 1));
    }

    static String names(List<Member> members) {
        return String.join(", ", members.stream().map(Member::name).toList());
    }

    @Override
    public CompletableFuture<ReservationOutcome> adopt(Registration existing) {
        String what = "adopt " + existing.key();
        if (ledger.registered()) {
            return completedFuture(
                    new ReservationOutcome.Refused(what + ": registered as " + ledger.key() + " already"));
        }
        return joining.joinAll()
                .thenCompose(unused -> wire.read(
                        state -> state.count(existing.key()) == 0
                                ? completedFuture(Replies.conflict(what + ": nobody is registered with it", state))
                                : prove(what, existing, settled(), 0, new ArrayList<>(), state),
                        reply -> completedFuture(Replies.outcome(what, reply))));
    }

    /** Asks each path in turn whether the device knows it by that key. */
    private CompletableFuture<ReservationOutcome> prove(
            String what,
            Registration existing,
            List<Member> paths,
            int index,
            List<Member> proven,
            ReservationState state) {
        if (index == paths.size()) {
            if (proven.isEmpty()) {
                return completedFuture(Replies.conflict(what + ": no path of this host is registered with it", state));
            }
            joining.join(proven);
            ledger.register(existing);
            if (state.heldBy(existing.key())) {
                state.reservation().ifPresent(held -> ledger.reserved(held.type(), null));
            }
            return joining.joinAll()
                    .thenApply(unused -> ledger.registered()
                            ? new ReservationOutcome.Done(what)
                            : Replies.conflict(what + ": " + ledger.standing().reason(), state));
        }
        Member member = paths.get(index);
        Register same =
                new Register(existing.key(), existing.key(), false, existing.persistent() || state.persistent());
        return wire.send(member, same).thenCompose(reply -> {
            if (reply.kind() == Kind.DONE) {
                proven.add(member);
            }
            return prove(what, existing, paths, index + 1, proven, state);
        });
    }

    @Override
    public CompletableFuture<ReservationOutcome> unregister() {
        String what = "unregister";
        if (!ledger.registered()) {
            return completedFuture(new ReservationOutcome.Refused(what + ": this host is not registered"));
        }
        return wire.read(
                before -> {
                    List<Member> joined = wire.reachableJoined();
                    if (joined.isEmpty()) {
                        return completedFuture(
                                new ReservationOutcome.NoPath(what + ": no registered path can be reached"));
                    }
                    if (!witnesses.nexuses()) {
                        return end(List.of(joined.get(0)), 0).thenCompose(unused -> ended(what));
                    }
                    boolean others = before.count(ledger.key()) > joined.size();
                    return (others ? removeOthers(joined, before) : completedFuture(joined))
                            .thenCompose(left -> end(left, 0))
                            .thenCompose(unused -> ended(what));
                },
                reply -> completedFuture(Replies.outcome(what, reply)));
    }

    /** Registrations of paths that are down go through one that is not: it preempts its own key, which spares itself alone. */
    private CompletableFuture<List<Member>> removeOthers(List<Member> joined, ReservationState before) {
        ReservationType type = before.reservation()
                .map(ReservationState.Held::type)
                .orElse(ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        joining.awaitAllBut(joined.subList(0, 1)); // the others are not used while their registrations go
        var preempt = new ReservationCommand.Preempt(ledger.key(), ledger.key(), type, false);
        return wire.sendThroughAny(joined, preempt).thenApply(sent -> {
            Member through = sent.through();
            return through != null && sent.reply().kind() == Kind.DONE ? List.of(through) : joined;
        });
    }

    private CompletableFuture<Void> end(List<Member> members, int index) {
        if (index == members.size()) {
            return completedFuture(null);
        }
        Member member = members.get(index);
        Register ending = new Register(ledger.key(), ReservationKey.NONE, false, ledger.persistent());
        return wire.send(member, ending).thenCompose(reply -> {
            if (reply.kind() != Kind.NOT_EXECUTED) {
                member.awaitAnew();
                device.membersChanged();
            }
            return end(members, index + 1);
        });
    }

    private CompletableFuture<ReservationOutcome> ended(String what) {
        return wire.read(
                after -> {
                    int left = after.count(ledger.key());
                    if (left == 0) {
                        ledger.leave();
                        return completedFuture(new ReservationOutcome.Done(what));
                    }
                    return completedFuture(new Unknown(what + ": " + left
                            + " of its registrations are still there, and the paths register anew: try again"));
                },
                reply -> completedFuture(new Unknown(what + ": " + reply.cause())));
    }

    /** The type with which a reservation of that key is to be kept. */
    static Optional<ReservationType> heldType(ReservationState state, ReservationKey key) {
        return state.heldBy(key) ? state.reservation().map(ReservationState.Held::type) : Optional.empty();
    }
}
