package io.mpath.internal.reservation;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mpath.observe.MultipathEvent;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fences a nexus that lost a write, by the reservation: its key is preempted through another nexus by PREEMPT AND ABORT. Answered
 * GOOD, the target has ended what it had taken of that nexus, and refuses what comes later; so the write need not be held. In any
 * doubt nothing is fenced, and the write is held until its time has passed.
 *
 * <p>What makes that true, and where it is seen to:
 *
 * <ul>
 *   <li>Plain PREEMPT leaves alone what the target has accepted, and an answer that is not GOOD says nothing of what it has: only
 *       PREEMPT AND ABORT that was answered fences. Where its answer is lost, keys are read, the write is held, and the nexus is not
 *       used before the command can take no effect any more.
 *   <li>Who is not registered is refused while what is reserved is for registrants only: it is read before, for its type, and
 *       behind, whether it is still there. This host must hold it, for another one might release it at any time. From then on it stays
 *       until what the nexus had can land no more ({@link NexusLedger#mustStay}); if it goes all the same, what was lost is held
 *       again ({@link NexusLedger#suspendFences}), which cannot save what was written over it and acknowledged meanwhile.
 *   <li>What was read before the device said that something changed counts for nothing ({@link NexusLedger#alarm}), and neither does
 *       what comes in behind the end of the device. While a command may still end what is reserved, nothing is fenced: one that was
 *       lost, or the unregistration of a nexus that is due.
 *   <li>From the preemption on the nexus is kept out, and its path's leaving does not make it forgotten.
 *   <li>The nexus must not become registered behind that: one for which a REGISTER is under way, or was lost, is not fenced, and
 *       it is registered anew only when nothing that it had can land any more ({@link Enrolling}).
 *   <li>Keys are one nexus's each: the preemption of one leaves the others registered, and the preempting one among them.
 * </ul>
 *
 * <p>Assumed of others: that nobody else on this host registers its nexuses; that no process before this one left a REGISTER on its
 * way, or registered with another key, or with one for all paths, within a hold from here (what it may have fenced by this one's key
 * is kept out, see {@link Heritage}); and of the target that it keeps SPC-6 5.14.11: the preempted nexus's commands have ended, or
 * never will take effect, when it answers GOOD.
 *
 * <p>Used on the control loop only, one thing at a time.
 */
final class Fencing {
    private static final Logger LOG = LoggerFactory.getLogger(Fencing.class);

    private final ReservedDevice device;
    private final NexusLedger ledger;
    private final NexusWire wire;
    private final Enrolling enrolling;

    Fencing(ReservedDevice device, NexusLedger ledger, NexusWire wire, Enrolling enrolling) {
        this.device = device;
        this.ledger = ledger;
        this.wire = wire;
        this.enrolling = enrolling;
    }

    /** Why it is not fenced, or empty. */
    String whyNot(Nexus nexus) {
        if (!ledger.registered()) {
            return "the host is not registered";
        }
        if (nexus.fenced()) {
            return "it is fenced";
        }
        if (!nexus.testifies()) {
            return "it is not registered, or a lost command may end that";
        }
        if (nexus.mayBeRegisteredUnseen(wire.now()) || ledger.strays()) {
            return "a registration that was lost may still come about";
        }
        if (ledger.unsettled()) {
            return "a lost command may still change what is registered or reserved";
        }
        if (ledger.ending()) {
            return "a registration of this host is to be ended, and with it what it reserved";
        }
        if (ledger.reserved().filter(NexusLedger::fencesBy).isEmpty()) {
            return "this host holds no reservation that would keep it out";
        }
        return sound(nexus).isEmpty() ? "no other registered path can be reached" : "";
    }

    /** Those through which it can be fenced. */
    private List<Nexus> sound(Nexus lost) {
        List<Nexus> sound = wire.joined();
        sound.removeIf(nexus -> nexus == lost
                || nexus.member().path().port() == lost.member().path().port()
                || nexus.mayBeRegisteredUnseen(wire.now())
                || !nexus.member().serves());
        return sound;
    }

    /** Fences it, if that can be done. */
    CompletableFuture<Void> fence(Nexus lost) {
        String whyNot = whyNot(lost);
        if (!whyNot.isEmpty()) {
            return held(lost, whyNot);
        }
        lost.member().await(); // it is not used from here on, and proves itself before it is again
        device.membersChanged();
        return wire.read(
                () -> sound(lost),
                before -> {
                    String gone = ledger.compare(before);
                    if (!gone.isEmpty()) {
                        return enrolling.lost(gone);
                    }
                    Optional<ReservationType> type = NexusReserving.fencingType(before, ledger);
                    return type.isEmpty()
                            ? held(lost, "this host holds no reservation that would keep it out")
                            : preempt(lost, type.get());
                },
                reply -> held(lost, reply.cause()));
    }

    private CompletableFuture<Void> preempt(Nexus lost, ReservationType type) {
        ReservationKey victim = Objects.requireNonNull(lost.key(), "a nexus that is fenced without a key");
        return wire.sendThroughAny(sound(lost), key -> new Preempt(key, victim, type, true))
                .thenCompose(answer -> {
                    Nexus through = answer.through();
                    if (through == null) {
                        return held(lost, answer.reply().cause());
                    }
                    return switch (answer.reply().kind()) {
                        case DONE -> preempted(lost, through, type);
                        case UNKNOWN -> {
                            lost.mayVanish(through);
                            yield enrolling
                                    .look()
                                    .thenCompose(unused -> held(
                                            lost,
                                            "the answer was lost: "
                                                    + answer.reply().cause()));
                        }
                        default ->
                            enrolling
                                    .look()
                                    .thenCompose(
                                            unused -> held(lost, answer.reply().cause()));
                    };
                });
    }

    /** It was answered GOOD; the look behind it shows whether what is reserved still keeps the nexus out. */
    private CompletableFuture<Void> preempted(Nexus lost, Nexus through, ReservationType type) {
        ReservationKey victim = Objects.requireNonNull(lost.key(), "a nexus that was preempted without a key");
        boolean held = ledger.holder() == lost;
        lost.preempted();
        lost.member().awaitAnew();
        if (held) {
            ledger.reserved(type, through);
        }
        return wire.read(
                () -> sound(lost),
                after -> {
                    String gone = ledger.compare(after);
                    if (!gone.isEmpty()) {
                        return enrolling.lost(gone);
                    }
                    if (!keepsOut(after, victim) || !ledger.fence(lost)) {
                        return notKeptOut(lost, "behind the preemption, it is not kept out");
                    }
                    device.emit(new MultipathEvent.PathFenced(
                            wire.now(), device.id(), lost.name(), through.name(), victim));
                    enrolling.tell();
                    device.membersChanged();
                    return completedFuture(null);
                },
                reply -> notKeptOut(lost, reply.cause()));
    }

    private CompletableFuture<Void> notKeptOut(Nexus lost, String why) {
        lost.unfence();
        return held(lost, why);
    }

    private boolean keepsOut(ReservationState state, ReservationKey victim) {
        return state.count(victim) == 0
                && NexusReserving.fencingType(state, ledger).isPresent();
    }

    private CompletableFuture<Void> held(Nexus lost, String why) {
        if (lost.notFenced(why)) {
            LOG.info(
                    "{}: path {} is not fenced by reservation, and what it lost is held: {}",
                    device.id(),
                    lost.name(),
                    why);
        }
        return completedFuture(null);
    }
}
