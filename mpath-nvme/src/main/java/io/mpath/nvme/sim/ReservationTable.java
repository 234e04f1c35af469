package io.mpath.nvme.sim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is registered and reserved at one namespace, by hosts (NVMe Base 2.1 8.1.24). Each action answers with a status, and changes
 * nothing where that is not success.
 *
 * <p>Threading: guarded by the subsystem's lock.
 */
final class ReservationTable {
    static final int NO_RESERVATION = 0;
    static final int LAST_TYPE = 6;

    /** Notification types of log page 80h. */
    static final int REGISTRATION_PREEMPTED = 1;

    static final int RESERVATION_RELEASED = 2;
    static final int RESERVATION_PREEMPTED = 3;

    private static final int FIRST_REGISTRANTS_TYPE = 3;
    private static final int FIRST_ALL_REGISTRANTS_TYPE = 5;

    private final Map<SimHostId, Long> keys = new LinkedHashMap<>();
    private int generation;
    private int type;
    /** Who holds the reservation; null where there is none, or all registrants hold it. */
    private @Nullable SimHostId holder;

    private boolean persistent;

    /** What an action means to other hosts than the one that asked for it. */
    interface Others {
        /** Something happened that log page 80h tells. */
        void told(SimHostId host, int notification);

        /** What the host has under way is to be ended. */
        void aborted(SimHostId host);
    }

    int register(SimHostId host, long key) {
        Long known = keys.get(host);
        if (key == 0) {
            return WireStatus.INVALID_FIELD;
        }
        if (known != null && known != key) {
            return WireStatus.RESERVATION_CONFLICT;
        }
        return replaced(host, key);
    }

    int replace(SimHostId host, long current, long key, boolean ignoreKey) {
        if (key == 0) {
            return WireStatus.INVALID_FIELD;
        }
        return ignoreKey || registered(host, current) ? replaced(host, key) : WireStatus.RESERVATION_CONFLICT;
    }

    private int replaced(SimHostId host, long key) {
        keys.put(host, key);
        generation++;
        return WireStatus.SUCCESS;
    }

    int unregister(SimHostId host, long current, boolean ignoreKey, Others others) {
        if (ignoreKey ? !keys.containsKey(host) : !registered(host, current)) {
            return WireStatus.RESERVATION_CONFLICT;
        }
        remove(List.of(host), host, others);
        generation++;
        return WireStatus.SUCCESS;
    }

    int acquire(SimHostId host, long current, int wanted) {
        if (!registered(host, current)) {
            return WireStatus.RESERVATION_CONFLICT;
        }
        if (type == NO_RESERVATION) {
            reserve(host, wanted);
        }
        return holds(host) && type == wanted ? WireStatus.SUCCESS : WireStatus.RESERVATION_CONFLICT;
    }

    /**
     * Preempt. The holder's key, or 0 where all registrants hold, takes the reservation over from all with it but the host itself;
     * any other key is that of registrations to be removed, be the host's own among them.
     */
    int preempt(SimHostId host, long current, long victimKey, int wanted, boolean abort, Others others) {
        if (!registered(host, current)) {
            return WireStatus.RESERVATION_CONFLICT;
        }
        if (victimKey == 0 && !allHold()) {
            return WireStatus.INVALID_FIELD;
        }
        boolean takesOver = victimKey == 0 || (holder != null && registered(holder, victimKey));
        List<SimHostId> victims = new ArrayList<>();
        keys.forEach((other, key) -> {
            if ((victimKey == 0 || key == victimKey) && !(takesOver && other.equals(host))) {
                victims.add(other);
            }
        });
        if (victims.isEmpty() && !takesOver) {
            return WireStatus.RESERVATION_CONFLICT;
        }
        if (takesOver) {
            keys.keySet().removeAll(victims);
            if (wanted != type) {
                release(host, others);
            }
            reserve(host, wanted);
        } else {
            remove(victims, host, others);
        }
        generation++;
        victims.remove(host);
        victims.forEach(victim -> others.told(victim, REGISTRATION_PREEMPTED));
        if (abort) {
            victims.forEach(others::aborted);
        }
        return WireStatus.SUCCESS;
    }

    int release(SimHostId host, long current, int released, Others others) {
        if (!registered(host, current)) {
            return WireStatus.RESERVATION_CONFLICT;
        }
        if (!holds(host)) {
            return WireStatus.SUCCESS;
        }
        if (released != type) {
            return WireStatus.INVALID_FIELD;
        }
        release(host, others);
        return WireStatus.SUCCESS;
    }

    int clear(SimHostId host, long current, Others others) {
        if (!registered(host, current)) {
            return WireStatus.RESERVATION_CONFLICT;
        }
        List<SimHostId> cleared = new ArrayList<>(keys.keySet());
        cleared.remove(host);
        keys.clear();
        type = NO_RESERVATION;
        holder = null;
        generation++;
        cleared.forEach(other -> others.told(other, RESERVATION_PREEMPTED));
        return WireStatus.SUCCESS;
    }

    private boolean registered(SimHostId host, long key) {
        Long known = keys.get(host);
        return known != null && known == key;
    }

    private void reserve(SimHostId host, int wanted) {
        type = wanted;
        holder = allHold() ? null : host;
    }

    /** A reservation ends with its holder's registration, or the last of its holders'. */
    private void remove(Collection<SimHostId> hosts, SimHostId by, Others others) {
        keys.keySet().removeAll(hosts);
        boolean abandoned = allHold() ? keys.isEmpty() : holder != null && !keys.containsKey(holder);
        if (abandoned) {
            release(by, others);
        }
    }

    private void release(SimHostId by, Others others) {
        if (type >= FIRST_REGISTRANTS_TYPE) {
            keys.keySet().stream()
                    .filter(other -> !other.equals(by))
                    .forEach(other -> others.told(other, RESERVATION_RELEASED));
        }
        type = NO_RESERVATION;
        holder = null;
    }

    private boolean allHold() {
        return type >= FIRST_ALL_REGISTRANTS_TYPE;
    }

    boolean holds(SimHostId host) {
        return allHold() ? keys.containsKey(host) : host.equals(holder);
    }

    /** What is left to {@code host}. Types 1, 3 and 5 exclude only writes. */
    ReservationAccess access(SimHostId host) {
        boolean registrant = type >= FIRST_REGISTRANTS_TYPE && keys.containsKey(host);
        if (type == NO_RESERVATION || registrant || holds(host)) {
            return ReservationAccess.ALL;
        }
        return type % 2 == 1 ? ReservationAccess.READ : ReservationAccess.NONE;
    }

    void persistent(boolean value) {
        persistent = value;
    }

    boolean persistent() {
        return persistent;
    }

    /** Power was lost. */
    void powerLost() {
        if (!persistent) {
            keys.clear();
            type = NO_RESERVATION;
            holder = null;
            generation = 0;
        }
    }

    int generation() {
        return generation;
    }

    int type() {
        return type;
    }

    /** Who is registered, with which key, in the order in which they registered. */
    Map<SimHostId, Long> registrants() {
        return keys;
    }
}
