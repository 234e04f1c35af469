package io.mpath.internal.reservation;

import io.mpath.observe.MultipathEvent;
import io.mpath.path.DevicePath;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationState.Held;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.Standing;
import io.mpath.reservation.Standing.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a host stands whose nexuses have keys of their own, and which of them has which. A nexus whose path has left stays here for
 * as long as it is registered, or fenced.
 *
 * <p>Threading: written on the control loop; {@link #standing} is read by any thread.
 */
final class NexusLedger {
    private static final Standing NOTHING = new Standing(Phase.UNREGISTERED, Optional.empty(), Optional.empty(), "");

    private final ReservedDevice device;
    private final Heritage heritage;
    private final List<Nexus> nexuses = new ArrayList<>();
    private volatile Standing standing = NOTHING;
    private @Nullable Registration mine;
    private @Nullable Nexus holder;
    private boolean persistent;
    private boolean ended;
    private int alarms;
    private int heeded;
    private int number;

    NexusLedger(ReservedDevice device) {
        this.device = device;
        this.heritage = new Heritage(device);
    }

    Standing standing() {
        return standing;
    }

    boolean registered() {
        return standing.phase() == Phase.REGISTERED;
    }

    boolean lost() {
        return standing.phase() == Phase.LOST;
    }

    Optional<ReservationType> reserved() {
        return standing.reserved();
    }

    /** The nexus that holds what is reserved; null when nothing is, by this host. */
    @Nullable
    Nexus holder() {
        return holder;
    }

    /** Whether registrations are to outlive a loss of power: what anybody asked for, who registers last decides for all. */
    boolean persistent() {
        return persistent || (mine != null && mine.persistent());
    }

    /** Of this host, which is registered, or was. */
    KeyBlock block() {
        return new KeyBlock(
                Objects.requireNonNull(mine, "a host that was never registered").key());
    }

    /** One that {@code state} does not have, and that was not used lately. */
    ReservationKey freshKey(KeyBlock block, ReservationState state) {
        if (number == 0) {
            number = device.environment().entropy().nextInt(KeyBlock.beginnings());
        }
        ReservationKey key = block.free(number, state);
        number = KeyBlock.number(key);
        return key;
    }

    /** Those whose paths are there, the ones that I/O goes through first. */
    List<Nexus> present() {
        List<Nexus> present = new ArrayList<>();
        for (Member member : device.members()) {
            for (Nexus nexus : nexuses) {
                if (nexus.member() == member) {
                    present.add(nexus);
                }
            }
        }
        return present;
    }

    /** Also those whose paths have left, but which are registered, or fenced. */
    List<Nexus> all() {
        return nexuses;
    }

    /** That of {@code path}, which may have left; or null. */
    @Nullable
    Nexus of(DevicePath path) {
        for (Nexus nexus : nexuses) {
            if (nexus.member().path() == path) {
                return nexus;
            }
        }
        return null;
    }

    /** That of {@code member}, which may have left; or null. */
    @Nullable
    Nexus of(Member member) {
        return of(member.path());
    }

    /** That which has {@code key}, or null. */
    @Nullable
    Nexus by(ReservationKey key) {
        for (Nexus nexus : nexuses) {
            if (key.equals(nexus.key())) {
                return nexus;
            }
        }
        return null;
    }

    /** Whether one of them has {@code key}. */
    boolean owns(ReservationKey key) {
        return by(key) != null;
    }

    /** Whether one of them has {@code key}, or may have. */
    boolean knows(ReservationKey key) {
        return nexuses.stream()
                .anyMatch(nexus ->
                        key.equals(nexus.key()) || key.equals(nexus.member().unseen()));
    }

    void joined(Member member) {
        if (of(member) != null) {
            return;
        }
        Nexus nexus = new Nexus(member);
        nexuses.add(nexus);
        if (registered()) {
            heritage.passTo(nexus);
            member.await();
        } else if (lost()) {
            member.bar(standing.reason());
        }
    }

    void left(Member member) {
        Nexus nexus = of(member);
        if (nexus != null) {
            nexus.depart();
            forgetDeparted();
        }
    }

    /** Of what has left, that which is not registered, nor may be, and has nothing that could land, is of no more interest. */
    void forgetDeparted() {
        nexuses.removeIf(nexus ->
                nexus.departed() && nexus.key() == null && !nexus.mayBeRegisteredUnseen(now()) && !keptOut(nexus));
    }

    /**
     * The registration with {@code key} of those that have left is {@code by}'s, a path of the same nexus. One of them through which a
     * lost command may still come stays for that alone.
     */
    void takenUp(ReservationKey key, Nexus by) {
        for (Nexus former : nexuses) {
            boolean its = key.equals(former.key()) || key.equals(former.member().unseen());
            if (its && former != by && former.departed() && !keptOut(former)) {
                former.lacksKey();
                former.member().mayBeRegistered(null);
                holder = holder == former ? null : holder;
            }
        }
        forgetDeparted();
    }

    /** Whether a path that has left may be registered by now. */
    boolean strays() {
        for (Nexus nexus : nexuses) {
            if (nexus.departed() && nexus.member().unseen() != null) {
                return true;
            }
        }
        return false;
    }

    /** Those that have left, and for which nothing is under way any more: the next look tells with what they are registered. */
    List<Nexus> settledStrays() {
        return nexuses.stream()
                .filter(nexus -> nexus.departed()
                        && nexus.member().unseen() != null
                        && nexus.member().unsettledNanos(now()) == 0)
                .toList();
    }

    /** {@code state} was asked for when {@code strays} were settled. */
    void seen(List<Nexus> strays, ReservationState state) {
        for (Nexus nexus : strays) {
            ReservationKey unseen = nexus.member().unseen();
            nexus.member().mayBeRegistered(null);
            if (unseen != null && state.count(unseen) > 0) {
                nexus.has(unseen);
            }
        }
        forgetDeparted();
    }

    /** Whether any of them is registered, for all that is known. */
    boolean anyRegistered() {
        return nexuses.stream().anyMatch(nexus -> nexus.key() != null);
    }

    /** Whether the absence of any key would show that another host removed it. */
    private boolean anyTestifies() {
        return nexuses.stream().anyMatch(Nexus::testifies);
    }

    /** Whether a lost command of this host may still change what is registered or reserved. */
    boolean unsettled() {
        return nexuses.stream().anyMatch(nexus -> nexus.member().unsettledNanos(now()) > 0);
    }

    /** Whether one of its registrations is about to be ended. */
    boolean ending() {
        return nexuses.stream().anyMatch(nexus -> nexus.member().stage() == Member.Stage.TO_BE_ENDED);
    }

    /** Whether it is not to be registered yet: it is fenced, or may have been by an earlier process, and had what could land. */
    boolean keptOut(Nexus nexus) {
        return nexus.keptOut() || heritage.keepsOut(nexus);
    }

    /** Whether what is reserved must stay: a nexus that it keeps out had what can still land without it. */
    boolean mustStay() {
        return nexuses.stream().anyMatch(this::keptOut);
    }

    /** The names of those that {@link #mustStay} is about. */
    String namesKeptOut() {
        return String.join(
                ", ", nexuses.stream().filter(this::keptOut).map(Nexus::name).toList());
    }

    /** How long that lasts, in nanoseconds, where it is a matter of time alone; else 0. */
    long keptOutNanos() {
        long longest = 0;
        for (Nexus nexus : nexuses) {
            if (nexus.keptOut()) {
                return 0;
            }
            longest = Math.max(longest, nexus.inheritedNanosLeft(now()));
        }
        return longest;
    }

    /** Registrations of an earlier process of this host are taken up: which of the others it had fenced is not known. */
    void inherit() {
        heritage.take();
        nexuses.forEach(heritage::passTo);
    }

    Heritage heritage() {
        return heritage;
    }

    /** The device has ended: nothing is fenced any more. */
    void end() {
        ended = true;
        suspendFences();
    }

    /** What is reserved may not be what it was: nothing that was asked before counts for a fence. */
    void alarm() {
        alarms++;
        suspendFences();
    }

    /** The device is asked: what it says confirms fences unless there is another {@link #alarm} before. */
    void ask() {
        heeded = alarms;
    }

    /** Whether there was none since. */
    boolean heeded() {
        return heeded == alarms;
    }

    /** The device was seen to refuse it, if it is any of this ledger's any more. */
    boolean fence(Nexus nexus) {
        boolean can = !ended && heeded() && registered() && nexuses.contains(nexus);
        if (can) {
            nexus.fence();
        }
        return can;
    }

    /** What is reserved may not be what it was: what is fenced by it is held again, until {@link #confirmFences}. */
    void suspendFences() {
        for (Nexus nexus : nexuses) {
            if (nexus.fenced()) {
                nexus.member().traffic().refused(false);
            }
        }
    }

    /** The device was seen to refuse it still. */
    private void confirmFences() {
        for (Nexus nexus : nexuses) {
            if (nexus.fenced() && !ended && heeded()) {
                nexus.fence();
            }
        }
    }

    /** It is registered: from here on paths are used only as they join. */
    void register(Registration as) {
        mine = as;
        set(Phase.REGISTERED, Optional.empty(), "");
        for (Nexus nexus : nexuses) {
            nexus.member().bar("");
            if (!nexus.member().joined()) {
                nexus.member().awaitAnew();
            }
        }
        device.membersChanged();
    }

    /** It is not registered, by its own doing, or because it never came about; what may still be registered is ended. */
    void leave() {
        mine = null;
        holder = null;
        heritage.end();
        set(Phase.UNREGISTERED, Optional.empty(), "");
        for (Nexus nexus : nexuses) {
            nexus.unfence();
            nexus.member().bar("");
            endOrFree(nexus);
        }
        device.membersChanged();
    }

    /** It was to be registered anew behind a loss, and that did not come about: it stays lost, and what was registered is ended. */
    void stayLost() {
        nexuses.forEach(NexusLedger::endOrFree);
        device.membersChanged();
    }

    /** None of the other registrations is there any more, by its own doing, or for all that it can do. */
    void forgetAllBut(List<Nexus> kept) {
        for (Nexus nexus : nexuses) {
            if (!kept.contains(nexus)) {
                nexus.lacksKey();
            }
        }
        forgetDeparted();
    }

    private static void endOrFree(Nexus nexus) {
        if (nexus.key() != null || nexus.member().unseen() != null) {
            nexus.member().endLater();
        } else {
            nexus.member().free();
        }
    }

    void reserved(ReservationType type, @Nullable Nexus by) {
        holder = by;
        set(Phase.REGISTERED, Optional.of(type), "");
        device.membersChanged();
    }

    void released() {
        holder = null;
        suspendFences();
        set(standing.phase(), Optional.empty(), standing.reason());
        device.membersChanged();
    }

    /**
     * Another host, or the device, has removed a registration of this one: no path is given I/O any more. What is left is ended,
     * so that what is under way is refused; but not that which holds the reservation, with which this would end for all hosts.
     */
    void lose(String reason) {
        if (!registered()) {
            return;
        }
        Nexus held = holder;
        holder = null;
        suspendFences();
        String why = reason + ": no path is used until the host is registered anew, or unregistered";
        set(Phase.LOST, Optional.empty(), why);
        device.emit(new MultipathEvent.RegistrationLost(
                now(), device.id(), mine == null ? ReservationKey.NONE : mine.key(), reason));
        for (Nexus nexus : nexuses) {
            nexus.member().bar(why);
            if (nexus == held) {
                nexus.member().free();
            } else {
                endOrFree(nexus);
            }
        }
        device.membersChanged();
    }

    /** Notes whether registrations are to outlive a loss of power. */
    void note(ReservationState state) {
        persistent = state.persistent();
    }

    /**
     * Compares what is known with what the device says, as far as that is not the loss of a registration.
     *
     * @return why the host is registered no more, or empty when it is
     */
    String compare(ReservationState state) {
        note(state);
        if (!registered()) {
            return "";
        }
        List<Nexus> ended = new ArrayList<>();
        for (Nexus nexus : nexuses) {
            ReservationKey key = nexus.key();
            boolean gone = key != null && nexus.testifies() && state.count(key) == 0;
            if (gone && nexus.member().stage() == Member.Stage.TO_BE_ENDED) {
                ended.add(nexus);
            } else if (gone) {
                Nexus holds = state.reservation().isPresent()
                        ? by(state.reservation().get().holder())
                        : null;
                holder = holds == null ? holder : holds;
                return "key " + key + " of " + nexus.name() + " was removed from the device";
            }
        }
        if (!ended.isEmpty()) {
            ended.forEach(Nexus::lacksKey);
            leave();
            return "it was unregistered by a command whose answer was lost";
        }
        if (!anyTestifies()) {
            return "none of its registrations is left";
        }
        compareReservation(state);
        return "";
    }

    private void compareReservation(ReservationState state) {
        Held held = state.reservation().orElse(null);
        Nexus holds = held == null ? null : by(held.holder());
        if (held != null && holds != null) {
            ReservationType type = held.type();
            if (holds != holder || !reserved().equals(Optional.of(type))) {
                reserved(type, holds);
            }
            if (fencesBy(type)) {
                confirmFences();
            } else {
                suspendFences();
            }
        } else if (reserved().isPresent()) {
            device.emit(new MultipathEvent.ReservationLost(
                    now(),
                    device.id(),
                    mine == null ? ReservationKey.NONE : mine.key(),
                    held == null ? "nothing is reserved" : held.type() + " is held by " + held.holder()));
            released();
        } else {
            suspendFences();
        }
    }

    /** Whether a reservation of that type keeps a nexus out that is not registered, whoever of the others holds it. */
    static boolean fencesBy(ReservationType type) {
        return type.registrantsHaveAccess() && !type.allRegistrantsHold();
    }

    /**
     * The keys that {@code state} has of this host, and of which nobody here knows whose they are; but none that a lost command may
     * still remove, and with it whoever took it up.
     */
    Set<ReservationKey> unclaimed(KeyBlock block, ReservationState state) {
        Set<ReservationKey> keys = block.in(state);
        for (Nexus nexus : nexuses) {
            ReservationKey key = nexus.key();
            if (key != null && (!nexus.departed() || nexus.mayStillVanish(now()))) {
                keys.remove(key);
            }
        }
        return keys;
    }

    private void set(Phase phase, Optional<ReservationType> reserved, String reason) {
        standing = new Standing(phase, Optional.ofNullable(mine), reserved, reason);
    }

    private long now() {
        return device.environment().ticker().nanos();
    }
}
