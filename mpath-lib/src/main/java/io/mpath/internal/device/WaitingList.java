package io.mpath.internal.device;

import io.mpath.internal.io.Flight;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Flights in the order in which they came, linked through themselves. Used on the control loop only. */
final class WaitingList {
    private @Nullable Flight first;
    private @Nullable Flight last;
    private int size;

    void add(Flight flight) {
        flight.next = null;
        if (last == null) {
            first = flight;
        } else {
            last.next = flight;
        }
        last = flight;
        size++;
    }

    /** Puts one in front of all others. */
    void putBack(Flight flight) {
        flight.next = first;
        first = flight;
        if (last == null) {
            last = flight;
        }
        size++;
    }

    @Nullable
    Flight poll() {
        Flight head = first;
        if (head != null) {
            first = head.next;
            head.next = null;
            if (first == null) {
                last = null;
            }
            size--;
        }
        return head;
    }

    /** Takes out what {@code chosen} accepts, keeping the order of the rest. */
    void removeIf(Predicate<Flight> chosen) {
        Flight flight = first;
        first = null;
        last = null;
        size = 0;
        while (flight != null) {
            Flight following = flight.next;
            if (!chosen.test(flight)) {
                add(flight);
            }
            flight = following;
        }
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return first == null;
    }
}
