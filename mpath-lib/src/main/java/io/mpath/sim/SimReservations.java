package io.mpath.sim;

import com.google.common.collect.ImmutableSet;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Clear;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Read;
import io.mpath.path.ReservationCommand.ReadAbilities;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationCommand.Release;
import io.mpath.path.ReservationCommand.Reserve;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.Registrant;
import io.mpath.reservation.ReservationCapabilities;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationState.Held;
import io.mpath.reservation.ReservationType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The persistent reservations of one simulated logical unit, as SPC-6 5.14 has them for every I_T nexus, and NVMe Base 2.1 8.1.24
 * for every host. Knows neither's bytes.
 *
 * <p>A test may {@linkplain #carryOut carry commands out} here in any host's name: they take effect at once, and what follows from
 * that the paths of other hosts are told.
 *
 * <p>Threading: any thread; each command takes effect as a whole. Listeners are told by the thread that carries the command out,
 * and outside of all locks.
 */
public final class SimReservations {
    private static final long GENERATIONS = 1L << 32;

    private final Object lock = new Object();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<SimNexus, ReservationKey> registrants = new LinkedHashMap<>();
    private final Map<String, Integer> portNumbers = new HashMap<>();
    private Set<ReservationType> types = ImmutableSet.copyOf(ReservationType.values());
    private boolean perNexus = true;
    private boolean fullStatus = true;
    private long generation;
    private boolean persistent;
    /** Null while nothing is reserved. */
    private @Nullable ReservationType type;
    /** Null while nothing is reserved, and where all registrants hold it. */
    private @Nullable SimNexus holder;

    /** One on which nobody is registered. */
    public SimReservations() {}

    /** What a host is told that another one did (SPC-6 table 60: unit attentions; NVMe: reservation notifications). */
    public enum Notice {
        /** Its registration was removed by a preemption (06/2A/05). */
        REGISTRATIONS_PREEMPTED,
        /** All registrations were cleared, its own too (06/2A/03). */
        RESERVATIONS_PREEMPTED,
        /** A reservation for registrants has ended, or one is of another type (06/2A/04). */
        RESERVATIONS_RELEASED
    }

    /** Told of what befalls registrants through others' commands: each by its nexus, or by its host with an empty port. */
    public interface Listener {
        /** {@code registrant} is to be told of that. */
        void noticed(SimNexus registrant, Notice notice);

        /** The commands of {@code registrant} that have not taken effect are to take none (PREEMPT AND ABORT). */
        void aborted(SimNexus registrant);
    }

    /**
     * Whether every nexus is known by itself (SCSI), as by default, or hosts are (NVMe).
     *
     * @throws IllegalStateException when somebody is registered
     */
    public SimReservations perNexus(boolean value) {
        synchronized (lock) {
            if (!registrants.isEmpty()) {
                throw new IllegalStateException("registered already: " + registrants);
            }
            perNexus = value;
        }
        return this;
    }

    /** Whether every nexus is known by itself. */
    public boolean perNexus() {
        synchronized (lock) {
            return perNexus;
        }
    }

    /** Whether it tells who has which registration, as by default, or only the keys (SPC-6 READ FULL STATUS is optional). */
    public SimReservations fullStatus(boolean value) {
        synchronized (lock) {
            fullStatus = value;
        }
        return this;
    }

    /** The types that it has: all, by default. */
    public SimReservations types(Set<ReservationType> value) {
        synchronized (lock) {
            types = ImmutableSet.copyOf(value);
        }
        return this;
    }

    /** Sets the generation, which a change then takes on from there: to have it wrap. */
    public SimReservations generation(long value) {
        synchronized (lock) {
            generation = Math.floorMod(value, GENERATIONS);
        }
        return this;
    }

    /** Tells {@code listener} from here on. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** What there is, whatever {@link #fullStatus} lets it tell. */
    public ReservationState state() {
        synchronized (lock) {
            return new ReservationState(generation, registered(true), held(), persistent);
        }
    }

    /** What {@code nexus}, or its host, is registered with; {@link ReservationKey#NONE}: not at all. */
    public ReservationKey key(SimNexus nexus) {
        synchronized (lock) {
            return registrants.getOrDefault(identity(nexus), ReservationKey.NONE);
        }
    }

    /** Whether {@code nexus}, or its host, holds what is reserved, alone or with all registrants. */
    public boolean holds(SimNexus nexus) {
        synchronized (lock) {
            ReservationType held = type;
            return held != null && isHolder(identity(nexus), held);
        }
    }

    /** Whether a command of {@code nexus} that changes data, or does nothing but read, is not in conflict with what is reserved. */
    public boolean allowed(SimNexus nexus, boolean changes) {
        synchronized (lock) {
            ReservationType held = type;
            SimNexus who = identity(nexus);
            return held == null
                    || isHolder(who, held)
                    || (held.registrantsHaveAccess() && registrants.containsKey(who))
                    || !(changes || held.excludesReads());
        }
    }

    /** The power goes and comes back: all is gone, unless the last registration was to persist. Nobody is told. */
    public void losePower() {
        synchronized (lock) {
            generation = 0;
            if (!persistent) {
                registrants.clear();
                end();
            }
        }
    }

    /** Carries {@code command} out for {@code from}: at once, and as a whole. */
    public ReservationReply carryOut(SimNexus from, ReservationCommand command) {
        List<Consumer<Listener>> consequences = new ArrayList<>();
        ReservationReply reply;
        synchronized (lock) {
            reply = carryOut(identity(from), command, consequences);
        }
        consequences.forEach(listeners::forEach);
        return reply;
    }

    /** What {@code nexus} is registered as, if it is. */
    SimNexus identity(SimNexus nexus) {
        synchronized (lock) {
            return perNexus ? nexus : new SimNexus(nexus.host(), "");
        }
    }

    private ReservationReply carryOut(SimNexus who, ReservationCommand command, List<Consumer<Listener>> told) {
        if (command instanceof Register register) {
            return register(who, register, told);
        }
        if (command instanceof Reserve reserve) {
            return isRegistered(who, reserve.key()) ? reserve(who, reserve.type()) : stranger(who, reserve.key());
        }
        if (command instanceof Release release) {
            return isRegistered(who, release.key()) ? release(who, release.type(), told) : stranger(who, release.key());
        }
        if (command instanceof Preempt preempt) {
            return isRegistered(who, preempt.key()) ? preempt(who, preempt, told) : stranger(who, preempt.key());
        }
        if (command instanceof Clear clear) {
            return isRegistered(who, clear.key()) ? clear(who, told) : stranger(who, clear.key());
        }
        if (command instanceof Read) {
            return new ReservationReply.Status(
                    new ReservationState(generation, registered(fullStatus), held(), persistent));
        }
        if (command instanceof ReadAbilities) {
            return new ReservationReply.Abilities(
                    new ReservationCapabilities(types, true, persistent, perNexus, false, fullStatus));
        }
        throw new IllegalArgumentException("no command of reservations: " + command);
    }

    private ReservationReply register(SimNexus who, Register command, List<Consumer<Listener>> told) {
        ReservationKey registered = registrants.getOrDefault(who, ReservationKey.NONE);
        boolean asItIs = !perNexus && registered.equals(command.wanted());
        boolean fits = command.ignoreExisting() || registered.equals(command.existing());
        if (!fits && !(asItIs && command.existing().isNone())) {
            return new ReservationReply.Conflict(who + " is registered with " + registered);
        }
        if (asItIs && registered.isNone()) {
            return new ReservationReply.Conflict(who + " is not registered, so it cannot be unregistered");
        }
        grow();
        persistent = command.persistent();
        if (command.wanted().isNone()) {
            unregister(who, told);
        } else {
            registrants.put(who, command.wanted());
        }
        return new ReservationReply.Done();
    }

    private void unregister(SimNexus who, List<Consumer<Listener>> told) {
        registrants.remove(who);
        ReservationType held = type;
        if (held == null) {
            return;
        }
        if (held.allRegistrantsHold() ? registrants.isEmpty() : who.equals(holder)) {
            end();
            if (held.registrantsHaveAccess()) {
                tellReleased(who, told);
            }
        }
    }

    private ReservationReply reserve(SimNexus who, ReservationType wanted) {
        if (!types.contains(wanted)) {
            return new ReservationReply.Unsupported("the disk has no " + wanted);
        }
        ReservationType held = type;
        if (held == null) {
            take(who, wanted);
            return new ReservationReply.Done();
        }
        return held == wanted && isHolder(who, held)
                ? new ReservationReply.Done()
                : new ReservationReply.Conflict("reserved as " + held());
    }

    private ReservationReply release(SimNexus who, ReservationType wanted, List<Consumer<Listener>> told) {
        ReservationType held = type;
        if (held == null || !isHolder(who, held)) {
            return new ReservationReply.Done();
        }
        if (held != wanted) {
            return new ReservationReply.Refused("reserved as " + held + ", not as " + wanted);
        }
        end();
        if (held.registrantsHaveAccess()) {
            tellReleased(who, told);
        }
        return new ReservationReply.Done();
    }

    private ReservationReply clear(SimNexus who, List<Consumer<Listener>> told) {
        grow();
        for (SimNexus other : registrants.keySet()) {
            if (!other.equals(who)) {
                told.add(listener -> listener.noticed(other, Notice.RESERVATIONS_PREEMPTED));
            }
        }
        registrants.clear();
        end();
        return new ReservationReply.Done();
    }

    private ReservationReply preempt(SimNexus who, Preempt command, List<Consumer<Listener>> told) {
        ReservationType held = type;
        boolean all =
                held != null && held.allRegistrantsHold() && command.victim().isNone();
        boolean takesOver = all || command.victim().equals(holderKey());
        if (command.victim().isNone() && !all) {
            return new ReservationReply.Refused("key 0x0 is preempted only where all registrants hold the reservation");
        }
        if (takesOver && !types.contains(command.type())) {
            return new ReservationReply.Unsupported("the disk has no " + command.type());
        }
        if (!all && !registrants.containsValue(command.victim())) {
            return new ReservationReply.Conflict("nobody is registered with " + command.victim());
        }
        grow();
        for (SimNexus other : List.copyOf(registrants.keySet())) {
            if (!other.equals(who) && (all || command.victim().equals(registrants.get(other)))) {
                remove(other, command.abort(), told);
            }
        }
        if (takesOver) {
            take(who, command.type());
            if (held != command.type()) {
                tellReleased(who, told);
            }
        }
        return new ReservationReply.Done();
    }

    private void remove(SimNexus victim, boolean abort, List<Consumer<Listener>> told) {
        registrants.remove(victim);
        if (abort) {
            told.add(listener -> listener.aborted(victim));
        }
        told.add(listener -> listener.noticed(victim, Notice.REGISTRATIONS_PREEMPTED));
    }

    private void tellReleased(SimNexus by, List<Consumer<Listener>> told) {
        for (SimNexus other : registrants.keySet()) {
            if (!other.equals(by)) {
                told.add(listener -> listener.noticed(other, Notice.RESERVATIONS_RELEASED));
            }
        }
    }

    private boolean isRegistered(SimNexus who, ReservationKey key) {
        return !key.isNone() && key.equals(registrants.get(who));
    }

    private ReservationReply stranger(SimNexus who, ReservationKey key) {
        return new ReservationReply.Conflict(who + " is not registered with " + key + " but with "
                + registrants.getOrDefault(who, ReservationKey.NONE));
    }

    private boolean isHolder(SimNexus who, ReservationType held) {
        return held.allRegistrantsHold() ? registrants.containsKey(who) : who.equals(holder);
    }

    private void take(SimNexus who, ReservationType wanted) {
        type = wanted;
        holder = wanted.allRegistrantsHold() ? null : who;
    }

    private void end() {
        type = null;
        holder = null;
    }

    private void grow() {
        generation = (generation + 1) % GENERATIONS;
    }

    private List<Registrant> registered(boolean inFull) {
        List<Registrant> all = new ArrayList<>();
        registrants.forEach((who, key) -> all.add(inFull ? inFull(who, key) : new Registrant(key)));
        return all;
    }

    private Registrant inFull(SimNexus who, ReservationKey key) {
        OptionalInt port = who.port().isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(portNumbers.computeIfAbsent(who.port(), name -> portNumbers.size() + 1));
        ReservationType held = type;
        return new Registrant(key, held != null && isHolder(who, held), who.host(), port);
    }

    private Optional<Held> held() {
        ReservationType held = type;
        return held == null ? Optional.empty() : Optional.of(new Held(held, holderKey()));
    }

    /** {@link ReservationKey#NONE} while nothing is reserved, and where all registrants hold it. */
    private ReservationKey holderKey() {
        SimNexus one = holder;
        return one == null ? ReservationKey.NONE : registrants.getOrDefault(one, ReservationKey.NONE);
    }
}
