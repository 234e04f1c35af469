package io.mpath.nvme.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The features of reservations (NVMe Base 2.1 5.1.25.1.29, 5.1.25.1.30): what of a namespace one association is not told, and
 * whether a namespace's registrations persist.
 *
 * <p>Threading: guarded by the subsystem's lock.
 */
final class ReservationFeatures {
    static final int NOTIFICATION_MASK = 0x82;
    static final int PERSISTENCE = 0x83;

    private static final long ALL_NAMESPACES = 0xffff_ffffL;

    private final SimController controller;
    private final Map<Long, Integer> masks = new HashMap<>();

    ReservationFeatures(SimController controller) {
        this.controller = controller;
    }

    boolean masks(long nsid, int notification) {
        return (masks.getOrDefault(nsid, 0) & 1 << notification) != 0;
    }

    Outcome get(SimCommand command, boolean current) {
        List<SimNamespace> of = namespaces(command.nsid());
        if (of.size() != 1 || command.nsid() == ALL_NAMESPACES) {
            return Outcome.refused(WireStatus.INVALID_FIELD);
        }
        int value = (command.dword(10) & 0xff) == NOTIFICATION_MASK
                ? masks.getOrDefault(command.nsid(), 0)
                : of.get(0).reservations().persistent() ? 1 : 0;
        return Outcome.result(current ? value : 0);
    }

    Outcome set(SimCommand command) {
        List<SimNamespace> of = namespaces(command.nsid());
        int value = command.dword(11);
        if (of.isEmpty()) {
            return Outcome.refused(WireStatus.INVALID_FIELD);
        }
        if ((command.dword(10) & 0xff) == NOTIFICATION_MASK) {
            of.forEach(namespace -> masks.put(namespace.nsid(), value));
            return Outcome.DONE;
        }
        boolean persistent = (value & 1) != 0;
        if (persistent && of.stream().anyMatch(namespace -> (namespace.rescap() & 1) == 0)) {
            return Outcome.refused(WireStatus.INVALID_FIELD);
        }
        of.forEach(namespace -> namespace.reservations().persistent(persistent));
        return Outcome.DONE;
    }

    /** Those that have reservations, at this controller. */
    private List<SimNamespace> namespaces(long nsid) {
        return controller.subsystem().namespaces().values().stream()
                .filter(namespace -> nsid == ALL_NAMESPACES || namespace.nsid() == nsid)
                .filter(namespace -> namespace.attachedTo(controller))
                .filter(namespace -> controller.hasReservations() && namespace.rescap() != 0)
                .toList();
    }
}
