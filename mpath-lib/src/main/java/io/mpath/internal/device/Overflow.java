package io.mpath.internal.device;

import io.mpath.internal.io.Flight;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Flights that found the device full and wait for a slot, in order. Used on the control loop only; the head's flag tells those
 * who free a slot that somebody waits for it.
 */
final class Overflow {
    private final DeviceHead head;
    private final Consumer<Flight> admitted;
    private final WaitingList waiting = new WaitingList();

    Overflow(DeviceHead head, Consumer<Flight> admitted) {
        this.head = head;
        this.admitted = admitted;
    }

    void add(Flight flight) {
        waiting.add(flight);
        admit();
    }

    /** Gives free slots to those that wait. */
    void admit() {
        // The flag is raised before the slots are looked at. Who frees one just then may miss it; the next tick does
        // not.
        head.overflowing(!waiting.isEmpty());
        for (Flight flight = waiting.poll(); flight != null; flight = waiting.poll()) {
            if (!head.stripes().claim(flight)) {
                waiting.putBack(flight);
                return;
            }
            admitted.accept(flight);
        }
        head.overflowing(false);
    }

    void removeIf(Predicate<Flight> ended) {
        waiting.removeIf(ended);
    }

    /** Passes all of them on, with or without a slot. */
    void endAll() {
        head.overflowing(false);
        for (Flight flight = waiting.poll(); flight != null; flight = waiting.poll()) {
            admitted.accept(flight);
        }
    }

    int size() {
        return waiting.size();
    }
}
