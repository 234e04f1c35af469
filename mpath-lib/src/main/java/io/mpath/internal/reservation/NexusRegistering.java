package io.mpath.internal.reservation;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mpath.path.Reservable;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationReply;
import io.mpath.path.ReservationReply.Kind;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationOutcome.Done;
import io.mpath.reservation.ReservationOutcome.NoPath;
import io.mpath.reservation.ReservationOutcome.NotSupported;
import io.mpath.reservation.ReservationOutcome.Refused;
import io.mpath.reservation.ReservationOutcome.Unknown;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationState.Held;
import io.mpath.reservation.ReservationType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Registers each nexus of the host with a key of its own, takes such registrations up, ends them. Used on the control loop only. */
final class NexusRegistering implements RegistersHost {
    private final NexusLedger ledger;
    private final NexusWire wire;
    private final Enrolling enrolling;

    NexusRegistering(NexusLedger ledger, NexusWire wire, Enrolling enrolling) {
        this.ledger = ledger;
        this.wire = wire;
        this.enrolling = enrolling;
    }

    private static CompletableFuture<ReservationOutcome> ends(ReservationOutcome outcome) {
        return completedFuture(outcome);
    }

    /** Why nothing is sent, or null. */
    private @Nullable ReservationOutcome unfit(String what, Registration wanted) {
        if (ledger.registered()) {
            return new Refused(what + ": registered already, and a key that paths have keys of is not changed in place:"
                    + " unregister first");
        }
        if (ledger.mustStay()) {
            return NexusReserving.keptFor(what, ledger);
        }
        if (!KeyBlock.fits(wanted.key())) {
            return new Refused(what + ": with a key for each path, the last 16 bits of the host's own key number"
                    + " its paths: give one in which they are zero");
        }
        for (Nexus nexus : ledger.present()) {
            Reservable reservable = nexus.member().reservable();
            if (reservable != null && !reservable.reservesPerNexus()) {
                return new NotSupported(
                        what + ": the device knows hosts, not paths, so no path can have a key of its own");
            }
        }
        return null;
    }

    @Override
    public CompletableFuture<ReservationOutcome> register(Registration wanted, boolean ignoring) {
        String what = "register " + wanted.key() + " and a key for each path";
        ReservationOutcome unfit = unfit(what, wanted);
        if (unfit != null) {
            return ends(unfit);
        }
        List<Nexus> left = ledger.present().stream()
                .filter(nexus -> nexus.key() != null || nexus.member().unseen() != null)
                .toList();
        return enrolling
                .endAll(left, 0)
                .thenCompose(unused -> wire.read(
                        before -> {
                            KeyBlock block = new KeyBlock(wanted.key());
                            if (!ignoring && (!block.in(before).isEmpty() || before.count(wanted.key()) > 0)) {
                                return ends(Replies.conflict(
                                        what + ": such keys are registered already, by another host or an earlier"
                                                + " process of this one",
                                        before));
                            }
                            ReservationOutcome early = early(what, block, before);
                            if (early != null) {
                                return ends(early);
                            }
                            var round = new Round(what, wanted, ignoring, before, new ArrayList<>());
                            return next(round, settled(), 0, "no path can be reached");
                        },
                        reply -> ends(Replies.outcome(what, reply))));
    }

    /**
     * An earlier process of this host, or an earlier opening of the device by this one, may have fenced a nexus: nobody knows which, so
     * none is registered before that is over.
     */
    private @Nullable ReservationOutcome early(String what, KeyBlock block, ReservationState before) {
        boolean byEarlier = NexusReserving.fencingType(before, ledger).isEmpty()
                && (isHeld(block, before) || ledger.heritage().fencesBy(before));
        long left = byEarlier ? ledger.heritage().nanosLeft(before, ledger.present()) : 0;
        return left > 0
                ? new Refused(
                        what
                                + ": an earlier process of this host, or an earlier opening of the device, may have fenced a path by"
                                + " what is reserved: adopt what it registered, or try again in "
                                + Duration.ofNanos(left),
                        Duration.ofNanos(left))
                : null;
    }

    /** Whether a nexus of this host holds what is reserved: without that, no earlier process of it can have fenced one. */
    private static boolean isHeld(KeyBlock block, ReservationState state) {
        return state.reservation().map(Held::holder).filter(block::has).isPresent();
    }

    /** Those that can be reached, that nothing lost may still register, and of which nothing could land if they were. */
    private List<Nexus> settled() {
        List<Nexus> paths = new ArrayList<>();
        for (Nexus nexus : ledger.present()) {
            boolean mayBe = nexus.member().reachable()
                    && !nexus.mayBeRegisteredUnseen(wire.now())
                    && nexus.key() == null
                    && !enrolling.keptOut(nexus);
            boolean first = paths.stream()
                    .noneMatch(other -> other.member().path().port()
                            == nexus.member().path().port());
            if (mayBe && first) {
                paths.add(nexus);
            }
        }
        return paths;
    }

    /** What one registration is about, and which nexuses have got what keys. */
    private record Round(
            String what, Registration wanted, boolean ignoring, ReservationState before, List<Nexus> registered) {}

    /** Through one path after the other: of those behind the first, one that cannot be is left for later. */
    private CompletableFuture<ReservationOutcome> next(Round round, List<Nexus> paths, int index, String why) {
        if (index == paths.size()) {
            return round.registered().isEmpty() ? none(round, why) : seen(round);
        }
        Nexus nexus = paths.get(index);
        ReservationKey key = ledger.freshKey(new KeyBlock(round.wanted().key()), round.before());
        Register register = new Register(
                ReservationKey.NONE, key, round.ignoring(), round.wanted().persistent());
        nexus.unfence(); // nothing that it had can land any more, and what it loses from here on is not refused
        return wire.send(nexus, register).thenCompose(reply -> {
            String cause = nexus.name() + ": " + reply.cause();
            if (reply.kind() == Kind.DONE) {
                nexus.has(key);
                nexus.member().join();
                round.registered().add(nexus);
            } else if (round.registered().isEmpty() && definite(reply)) {
                return refused(firstRefused(round, nexus, reply));
            }
            return next(round, paths, index + 1, cause);
        });
    }

    private static boolean definite(ReservationReply reply) {
        return reply.kind() != Kind.NOT_EXECUTED && reply.kind() != Kind.UNKNOWN;
    }

    private static ReservationOutcome firstRefused(Round round, Nexus nexus, ReservationReply reply) {
        return reply.kind() == Kind.CONFLICT
                ? Replies.conflict(
                        round.what() + ": " + nexus.name() + " is registered with another key", round.before())
                : Replies.outcome(round.what(), reply);
    }

    private CompletableFuture<ReservationOutcome> none(Round round, String why) {
        boolean lost =
                ledger.present().stream().anyMatch(nexus -> nexus.member().unseen() != null);
        String text = round.what() + ": " + why;
        return refused(lost ? new Unknown(text) : new NoPath(text));
    }

    private CompletableFuture<ReservationOutcome> refused(ReservationOutcome outcome) {
        if (ledger.lost()) {
            ledger.stayLost();
        } else {
            ledger.leave();
        }
        return enrolling.joinAll().thenApply(unused -> outcome);
    }

    /** Looks whether that is how it stayed. */
    private CompletableFuture<ReservationOutcome> seen(Round round) {
        return wire.read(
                after -> {
                    for (Nexus nexus : round.registered()) {
                        if (!isThere(nexus, after)) {
                            return refused(Replies.conflict(
                                    round.what() + ": another host removed it while it was made, and it was ended",
                                    after));
                        }
                    }
                    ledger.register(round.wanted());
                    return enrolling.joinAll().thenApply(unused -> registered(round));
                },
                reply -> refused(new Unknown(
                        round.what() + ": it was carried out, and could not be read back: " + reply.cause())));
    }

    private ReservationOutcome registered(Round round) {
        return ledger.registered()
                ? new Done(round.what() + " on " + names(wire.joined()))
                : new ReservationOutcome.Conflict(
                        round.what() + ": " + ledger.standing().reason(), Optional.empty());
    }

    private static String names(List<Nexus> nexuses) {
        return String.join(", ", nexuses.stream().map(Nexus::name).toList());
    }

    @Override
    public CompletableFuture<ReservationOutcome> adopt(Registration existing) {
        String what = "adopt " + existing.key() + " and the keys of its paths";
        ReservationOutcome unfit = unfit(what, existing);
        if (unfit != null) {
            return ends(unfit);
        }
        return wire.read(
                state -> {
                    ledger.note(state);
                    List<ReservationKey> keys = List.copyOf(new KeyBlock(existing.key()).in(state));
                    return keys.isEmpty()
                            ? ends(Replies.conflict(what + ": nobody is registered with any", state))
                            : claimAll(what, existing, keys, settled(), 0, state);
                },
                reply -> ends(Replies.outcome(what, reply)));
    }

    private CompletableFuture<ReservationOutcome> claimAll(
            String what,
            Registration existing,
            List<ReservationKey> keys,
            List<Nexus> paths,
            int index,
            ReservationState state) {
        if (index < paths.size()) {
            Nexus nexus = paths.get(index);
            List<ReservationKey> left =
                    keys.stream().filter(Predicate.not(ledger::owns)).toList();
            return enrolling.claim(nexus, left, 0).thenCompose(claimed -> {
                if (claimed) {
                    nexus.member().join();
                }
                return claimAll(what, existing, keys, paths, index + 1, state);
            });
        }
        if (paths.stream().noneMatch(nexus -> nexus.key() != null)) {
            return ends(Replies.conflict(what + ": no path of this host is registered with one", state));
        }
        if (isHeld(new KeyBlock(existing.key()), state) || ledger.heritage().fencesBy(state)) {
            ledger.inherit();
        }
        ledger.register(existing);
        return enrolling
                .look()
                .thenCompose(unused -> enrolling.joinAll())
                .thenApply(unused -> ledger.registered()
                        ? new Done(what)
                        : Replies.conflict(what + ": " + ledger.standing().reason(), state));
    }

    @Override
    public CompletableFuture<ReservationOutcome> unregister() {
        String what = "unregister";
        if (!ledger.registered() && !ledger.lost()) {
            return ends(new Refused(what + ": this host is not registered"));
        }
        if (ledger.mustStay()) {
            return ends(NexusReserving.keptFor(what, ledger));
        }
        if (ledger.lost()) {
            return end(what, ledger.present());
        }
        if (wire.joined().isEmpty()) {
            return ends(new NoPath(what + ": no registered path can be reached"));
        }
        return wire.read(
                before -> {
                    if (ledger.strays()) {
                        return ends(
                                new Refused(what + ": a registration of a path that has left was lost, and may still"
                                        + " come about: try again when it is known"));
                    }
                    ReservationType type = before.reservation()
                            .map(Held::type)
                            .orElse(ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
                    List<Nexus> away = ledger.all().stream()
                            .filter(nexus -> nexus.key() != null
                                    && (nexus.departed() || !nexus.member().reachable()))
                            .toList();
                    return removeAway(away, 0, type).thenCompose(unused -> end(what, ledger.present()));
                },
                reply -> ends(Replies.outcome(what, reply)));
    }

    /** Registrations of paths that cannot be reached are preempted through one that can. */
    private CompletableFuture<Void> removeAway(List<Nexus> away, int index, ReservationType type) {
        if (index == away.size()) {
            return completedFuture(null);
        }
        Nexus nexus = away.get(index);
        ReservationKey victim = nexus.key();
        if (victim == null) {
            return removeAway(away, index + 1, type);
        }
        return wire.sendThroughAny(wire.joined(), key -> new Preempt(key, victim, type, false))
                .thenCompose(answer -> {
                    Nexus through = answer.through();
                    if (answer.reply().kind() == Kind.DONE) {
                        nexus.lacksKey();
                        nexus.member().awaitAnew();
                    } else if (through != null && answer.reply().kind() == Kind.UNKNOWN) {
                        nexus.mayVanish(through);
                    }
                    return removeAway(away, index + 1, type);
                });
    }

    private static boolean isThere(Nexus nexus, ReservationState state) {
        ReservationKey key = nexus.key();
        return key != null && state.count(key) > 0;
    }

    private CompletableFuture<ReservationOutcome> end(String what, List<Nexus> nexuses) {
        List<Nexus> registered =
                nexuses.stream().filter(nexus -> nexus.key() != null).toList();
        return enrolling
                .endAll(registered, 0)
                .thenCompose(unused -> ledger.anyRegistered()
                        ? wire.read(
                                after -> ended(what, after), reply -> ends(new Unknown(what + ": " + reply.cause())))
                        : ends(left(what)));
    }

    private ReservationOutcome left(String what) {
        ledger.forgetAllBut(List.of());
        ledger.leave();
        return new Done(what);
    }

    /** A host that is one no more, and cannot reach what is left of its registrations, need not stay so for ever. */
    private CompletableFuture<ReservationOutcome> ended(String what, ReservationState after) {
        List<Nexus> left =
                ledger.all().stream().filter(nexus -> isThere(nexus, after)).toList();
        if (left.isEmpty()) {
            return ends(left(what));
        }
        boolean lost = ledger.lost();
        boolean away = left.stream()
                .allMatch(nexus -> nexus.departed() || !nexus.member().reachable());
        if (!away || (!lost && left.stream().anyMatch(Nexus::testifies))) {
            return ends(new Unknown(what + ": " + left.size() + " of its registrations are still there: try again"));
        }
        String keys = String.join(
                ", ",
                left.stream().map(nexus -> nexus.key() + " of " + nexus.name()).toList());
        ledger.forgetAllBut(left.stream().filter(nexus -> !nexus.departed()).toList());
        ledger.leave();
        String text = what + ": but for " + keys + ", which cannot be reached and may be registered still";
        return ends(lost ? new Done(text) : new Unknown(text));
    }
}
