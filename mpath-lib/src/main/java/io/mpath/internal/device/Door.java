package io.mpath.internal.device;

import io.mpath.ControlLoop;
import io.mpath.internal.io.Flight;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where a flight leaves the hot path: handed to the control loop, which decides what becomes of it.
 *
 * <p>Threading: any thread puts flights in, one compare-and-set each; the one that finds the door empty wakes the loop. The
 * loop takes them all, in the order in which they came.
 */
final class Door {
    private final AtomicReference<@Nullable Flight> latest = new AtomicReference<>();
    private final ControlLoop loop;
    private final Runnable answer;

    Door(ControlLoop loop, Runnable answer) {
        this.loop = loop;
        this.answer = answer;
    }

    void enter(Flight flight) {
        Flight before;
        do {
            before = latest.get();
            flight.next = before;
        } while (!latest.compareAndSet(before, flight));
        if (before == null) {
            loop.execute(answer);
        }
    }

    /** Everything that came since the last time, oldest first. */
    WaitingList takeAll() {
        WaitingList all = new WaitingList();
        for (Flight flight = latest.getAndSet(null); flight != null; ) {
            Flight earlier = flight.next;
            all.putBack(flight);
            flight = earlier;
        }
        return all;
    }
}
