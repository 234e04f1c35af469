package io.mpath.scsi.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The persistent reservations of a logical unit (SPC-6 5.14): who is registered through which I_T nexus, and what is
 * reserved. By default everything there is can be asked for, but ALL_TG_PT and SPEC_I_PT, and there is room for 64
 * registrations.
 *
 * <p>Threading: any thread; guarded by the array's lock.
 */
public final class SimReservations {
    static final int NO_TYPE = 0;
    private static final int WRITE_EXCLUSIVE = 1;
    private static final int WRITE_EXCLUSIVE_REGISTRANTS_ONLY = 5;
    private static final int EXCLUSIVE_ACCESS_REGISTRANTS_ONLY = 6;
    private static final int WRITE_EXCLUSIVE_ALL_REGISTRANTS = 7;
    private static final int EXCLUSIVE_ACCESS_ALL_REGISTRANTS = 8;
    private static final int DEFAULT_ROOM = 64;

    private final SimLogicalUnit unit;
    private final Map<Nexus, Long> keys = new LinkedHashMap<>();
    private @Nullable Nexus holder;
    private int type = NO_TYPE;
    private int generation;
    private boolean outlivesPowerLoss;
    private boolean supported = true;
    private boolean reportsCapabilities = true;
    private boolean reportsFullStatus = true;
    private boolean canOutlivePowerLoss = true;
    private int room = DEFAULT_ROOM;

    /** An I_T nexus by its name, which is the same after it was lost and connected again. */
    record Nexus(InitiatorPort initiator, SimTargetPort target) {}

    /**
     * A registration.
     *
     * @param initiator the initiator port: a name and an ISID, or an N_Port name
     * @param port the name of the target port in the script
     * @param key the reservation key
     * @param holds whether it holds the reservation
     */
    public record Registration(String initiator, String port, long key, boolean holds) {}

    SimReservations(SimLogicalUnit unit) {
        this.unit = unit;
    }

    /** Has none: PERSISTENT RESERVE IN and OUT are no commands of it. */
    public SimReservations unsupported() {
        return set(() -> supported = false);
    }

    /** Has no REPORT CAPABILITIES. */
    public SimReservations withoutCapabilities() {
        return set(() -> reportsCapabilities = false);
    }

    /** Has no READ FULL STATUS. */
    public SimReservations withoutFullStatus() {
        return set(() -> reportsFullStatus = false);
    }

    /** Loses everything with the power, and says so (PTPL_C is zero). */
    public SimReservations withoutPersistence() {
        return set(() -> canOutlivePowerLoss = false);
    }

    /** How many registrations there is room for. */
    public SimReservations room(int registrations) {
        return set(() -> room = registrations);
    }

    private SimReservations set(Runnable setting) {
        synchronized (unit.array().lock) {
            setting.run();
        }
        return this;
    }

    /** PRGENERATION. */
    public long generation() {
        synchronized (unit.array().lock) {
            return Integer.toUnsignedLong(generation);
        }
    }

    /** The type of the reservation, by the numbers of the standard; 0: there is none. */
    public int type() {
        synchronized (unit.array().lock) {
            return type;
        }
    }

    /** Who is registered, in the order in which they registered. */
    public List<Registration> registrations() {
        synchronized (unit.array().lock) {
            List<Registration> all = new ArrayList<>();
            keys.forEach((nexus, key) -> all.add(
                    new Registration(nexus.initiator().text(), nexus.target().name(), key, holds(nexus))));
            return all;
        }
    }

    // Under the lock from here on.

    boolean isSupported() {
        return supported;
    }

    boolean hasCapabilities() {
        return reportsCapabilities;
    }

    boolean hasFullStatus() {
        return reportsFullStatus;
    }

    boolean hasPersistence() {
        return canOutlivePowerLoss;
    }

    boolean isPersistent() {
        return outlivesPowerLoss;
    }

    boolean isFull() {
        return keys.size() >= room;
    }

    int generationBits() {
        return generation;
    }

    int currentType() {
        return type;
    }

    /** The key of who holds it alone; 0 where nobody does, or all registrants do. */
    long holderKey() {
        return holder == null ? 0 : keys.getOrDefault(holder, 0L);
    }

    Map<Nexus, Long> registered() {
        return keys;
    }

    @Nullable
    Long keyOf(Nexus nexus) {
        return keys.get(nexus);
    }

    boolean holds(Nexus nexus) {
        return type != NO_TYPE && (isForAllRegistrants(type) ? keys.containsKey(nexus) : isHolder(nexus));
    }

    private boolean isHolder(Nexus nexus) {
        return holder != null && holder.equals(nexus);
    }

    /** Whether the reservation that there is does not keep it from reading and writing. */
    boolean hasAccess(Nexus nexus) {
        return holds(nexus) || (isForRegistrants(type) && keys.containsKey(nexus));
    }

    boolean allowsReads() {
        return type == WRITE_EXCLUSIVE
                || type == WRITE_EXCLUSIVE_REGISTRANTS_ONLY
                || type == WRITE_EXCLUSIVE_ALL_REGISTRANTS;
    }

    static boolean isForAllRegistrants(int type) {
        return type == WRITE_EXCLUSIVE_ALL_REGISTRANTS || type == EXCLUSIVE_ACCESS_ALL_REGISTRANTS;
    }

    private static boolean isForRegistrants(int type) {
        return isForAllRegistrants(type)
                || type == WRITE_EXCLUSIVE_REGISTRANTS_ONLY
                || type == EXCLUSIVE_ACCESS_REGISTRANTS_ONLY;
    }

    void register(Nexus nexus, long key, boolean persistent) {
        keys.put(nexus, key);
        outlivesPowerLoss = persistent;
        generation++;
    }

    /**
     * With the holder's registration goes the reservation; with all registrants', when the last goes (SPC-6 5.14.11.3).
     */
    void unregister(Nexus nexus, boolean persistent) {
        keys.remove(nexus);
        outlivesPowerLoss = persistent;
        generation++;
        if (isHolder(nexus)) {
            release(nexus);
        }
        endWithoutRegistrants();
    }

    private void endWithoutRegistrants() {
        if (keys.isEmpty()) {
            type = NO_TYPE;
            holder = null;
        }
    }

    void reserve(Nexus nexus, int wanted) {
        type = wanted;
        holder = isForAllRegistrants(wanted) ? null : nexus;
    }

    /** 2A/04 for the other registrants, whom it gave access. */
    void release(Nexus by) {
        boolean told = isForRegistrants(type);
        type = NO_TYPE;
        holder = null;
        if (told) {
            tellOthers(by, SimSense.RESERVATIONS_RELEASED);
        }
    }

    /** 2A/03 for the other registrants. */
    void clear(Nexus by) {
        tellOthers(by, SimSense.RESERVATIONS_PREEMPTED);
        generation++;
        forget();
    }

    /** The nexuses of that key; of all keys with 0. */
    Set<Nexus> withKey(long key) {
        Set<Nexus> found = new LinkedHashSet<>();
        keys.forEach((nexus, one) -> {
            if (key == 0 || one == key) {
                found.add(nexus);
            }
        });
        return found;
    }

    /**
     * Takes the reservation over (SPC-6 5.14.11.4.3): 2A/05 for the victims, 2A/04 for who stays where the type is
     * another.
     */
    void preempt(Nexus by, Set<Nexus> victims, int wanted) {
        int before = type;
        remove(by, victims);
        reserve(by, wanted);
        if (wanted != before) {
            tellOthers(by, SimSense.RESERVATIONS_RELEASED);
        }
    }

    /** Removes registrations alone (SPC-6 5.14.11.4.4): 2A/05 for the victims. */
    void remove(Nexus by, Set<Nexus> victims) {
        generation++;
        for (Nexus victim : victims) {
            keys.remove(victim);
            if (!victim.equals(by)) {
                tell(victim, SimSense.REGISTRATIONS_PREEMPTED);
            }
        }
        endWithoutRegistrants();
    }

    private void tellOthers(Nexus by, SimSense sense) {
        for (Nexus nexus : keys.keySet()) {
            if (!nexus.equals(by)) {
                tell(nexus, sense);
            }
        }
    }

    private void tell(Nexus told, SimSense sense) {
        for (SimNexus nexus : unit.array().nexuses()) {
            if (nexus.named().equals(told)) {
                unit.establish(nexus, sense);
            }
        }
    }

    void powerLost() {
        generation = 0;
        if (!outlivesPowerLoss) {
            forget();
        }
    }

    private void forget() {
        keys.clear();
        holder = null;
        type = NO_TYPE;
    }
}
