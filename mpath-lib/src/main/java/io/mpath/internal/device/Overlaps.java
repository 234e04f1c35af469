package io.mpath.internal.device;

import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import io.mpath.internal.io.Flight;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Changes that wait because what they overlap is unresolved: another change under way, held, or ended without anybody knowing
 * how. They are let go in the order in which they came, so that two that overlap are never under way together: a lost one
 * can then be sent again without undoing a newer one.
 *
 * <p>Used on the control loop only. A waiting flight keeps its slot and its published range, so whoever overlaps it comes here
 * too, and behind it.
 */
final class Overlaps {
    private final DeviceHead head;
    private final Doubts doubts;
    private final Consumer<Flight> cleared;
    private final WaitingList waiting = new WaitingList();
    private long turns;

    Overlaps(DeviceHead head, Doubts doubts, Consumer<Flight> cleared) {
        this.head = head;
        this.doubts = doubts;
        this.cleared = cleared;
    }

    /** Whether the flight may be sent; else it waits here, to be passed on when it may. */
    boolean clear(Flight flight) {
        if (flight.cleared || !flight.changesRange() || flight.stripe == null) {
            return true;
        }
        if (!flight.hasRange()) {
            head.stripes().publishRange(flight);
        }
        if (waiting.isEmpty()
                && head.stripes().standsAlone(flight)
                && !doubts.touches(flight.offset(), flight.offset() + flight.length())) {
            flight.cleared = true;
            return true;
        }
        flight.turn = ++turns;
        waiting.add(flight);
        serve(flight);
        return flight.turn == 0;
    }

    /** The flight was passed on, and waits again: it came before all those waiting that it overlaps. */
    void takeBack(Flight flight) {
        flight.cleared = false;
        flight.turn = ++turns;
        waiting.putBack(flight);
        serve();
    }

    /** Passes on those that overlap nothing any more. */
    void serve() {
        serve(null);
    }

    /** As {@link #serve()}, but leaves {@code asking} to who asks. */
    private void serve(@Nullable Flight asking) {
        if (waiting.isEmpty()) {
            return;
        }
        // The flag is raised before the ranges are looked at. Who gives one up just then may miss it; the next tick
        // does not.
        head.ordering(true);
        RangeSet<Long> unresolved = unresolved();
        List<Flight> free = new ArrayList<>();
        waiting.removeIf(flight -> {
            Range<Long> own = range(flight.offset(), flight.offset() + flight.length());
            boolean waits = unresolved.intersects(own);
            unresolved.add(own);
            if (!waits) {
                free.add(flight);
            }
            return !waits;
        });
        head.ordering(!waiting.isEmpty());
        for (Flight flight : free) {
            flight.turn = 0;
            flight.cleared = true;
            if (flight != asking) {
                cleared.accept(flight);
            }
        }
    }

    /** The ranges of all changes that do not wait here. */
    private RangeSet<Long> unresolved() {
        RangeSet<Long> ranges = TreeRangeSet.create();
        head.stripes().scanRanges((flight, from, to) -> {
            if (flight.turn == 0) {
                ranges.add(range(from, to));
            }
        });
        doubts.settle(head.control().now());
        for (Doubt doubt : doubts.list()) {
            ranges.add(doubt.range());
        }
        return ranges;
    }

    /** Empty for a request that is out of the range of numbers, which is ended before it is sent. */
    private static Range<Long> range(long from, long to) {
        return Range.closedOpen(from, Math.max(from, to));
    }

    void removeIf(Predicate<Flight> ended) {
        waiting.removeIf(flight -> {
            long turn = flight.turn;
            flight.turn = 0; // before its end is told: it may be under way anew a moment later
            boolean gone = ended.test(flight);
            if (!gone) {
                flight.turn = turn;
            }
            return gone;
        });
    }

    /** Passes all of them on, to be ended. */
    void endAll() {
        head.ordering(false);
        for (Flight flight = waiting.poll(); flight != null; flight = waiting.poll()) {
            flight.turn = 0;
            flight.cleared = true;
            cleared.accept(flight);
        }
    }

    int size() {
        return waiting.size();
    }
}
