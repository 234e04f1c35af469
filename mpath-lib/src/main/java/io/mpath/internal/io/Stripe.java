package io.mpath.internal.io;

import io.mpath.policy.SelectorCursor;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A part of the shared door: some of the device's slots, each with the range that its flight is about to change, and a cursor
 * for choosing paths (blk-mq: a hardware context's tags).
 *
 * <p>Threading: slots are claimed by compare-and-set and released by whoever ends the flight; the control loop scans them.
 * Claiming is a full fence, and comes before the path table is read: so once the control loop has published a table and finds a
 * slot empty, who claims it next sees that table. {@code hint} is a racy guess at an empty slot.
 *
 * <p>A flight publishes its range with a full fence and looks at all others' afterwards: of two that overlap, at least one sees
 * the other. Who finds a slot between two owners may read the first word of one range and the second of the next: the first
 * flight has ended then, and the other looks at ranges after this one was published.
 */
public final class Stripe {
    private static final long NO_RANGE = Long.MAX_VALUE;

    private final int index;
    private final SelectorCursor cursor;
    private final AtomicReferenceArray<@Nullable Flight> slots;

    /** Of each slot, where its range starts, or {@link #NO_RANGE}, and where it ends. */
    private volatile @Nullable AtomicLongArray ranges;

    private volatile int rangesUsed;
    private int hint;

    Stripe(int index, int slots, SelectorCursor cursor) {
        this.index = index;
        this.slots = new AtomicReferenceArray<>(slots);
        this.cursor = cursor;
    }

    /** Gives {@code flight} a slot; false when there is none. */
    boolean claim(Flight flight) {
        int count = slots.length();
        int at = hint;
        for (int tries = 0; tries < count; tries++) {
            if (at >= count) {
                at = 0;
            }
            if (slots.getPlain(at) == null) {
                flight.stripe = this;
                flight.slot = at;
                if (slots.compareAndSet(at, null, flight)) {
                    hint = at + 1;
                    return true;
                }
            }
            at++;
        }
        flight.stripe = null;
        return false;
    }

    /** Gives the flight's slot back, and its range. */
    void release(Flight flight) {
        int at = flight.slot;
        assert slots.getPlain(at) == flight : "a slot is given back by who has it not";
        if (flight.rangePublished) {
            flight.rangePublished = false;
            AtomicLongArray all = ranges;
            if (all != null) {
                all.setRelease(2 * at, NO_RANGE);
            }
        }
        slots.setRelease(at, null);
        hint = at;
    }

    /** Publishes the range that the flight, which has a slot here, is about to change: all of it, up to its end. */
    void publishRange(Flight flight) {
        AtomicLongArray all = ranges;
        if (all == null) {
            all = openRanges();
        }
        int at = flight.slot;
        if (at >= rangesUsed) {
            raiseRangesUsed(at + 1);
        }
        flight.rangePublished = true;
        all.setOpaque(2 * at + 1, flight.offset() + flight.length());
        all.set(2 * at, flight.offset());
    }

    private synchronized AtomicLongArray openRanges() {
        AtomicLongArray all = ranges;
        if (all == null) {
            all = new AtomicLongArray(2 * slots.length());
            for (int slot = 0; slot < slots.length(); slot++) {
                all.setPlain(2 * slot, NO_RANGE);
            }
            ranges = all;
        }
        return all;
    }

    /** Before a range is published there, so that whoever does not see it here comes earlier than that range. */
    private synchronized void raiseRangesUsed(int used) {
        rangesUsed = Math.max(rangesUsed, used);
    }

    /** Whether a published range other than that of {@code own}, if that is of this stripe, overlaps. */
    boolean overlaps(long from, long to, int own) {
        AtomicLongArray all = ranges;
        if (all == null) {
            return false;
        }
        int used = rangesUsed;
        for (int slot = 0; slot < used; slot++) {
            if (all.get(2 * slot) < to && all.getOpaque(2 * slot + 1) > from && slot != own) {
                return true;
            }
        }
        return false;
    }

    /** Shows {@code visitor} every flight with a published range. */
    void scanRanges(RangeVisitor visitor) {
        AtomicLongArray all = ranges;
        for (int slot = 0; all != null && slot < rangesUsed; slot++) {
            long from = all.get(2 * slot);
            long to = all.getOpaque(2 * slot + 1);
            Flight flight = slots.get(slot);
            if (from != NO_RANGE && flight != null) {
                visitor.visit(flight, from, to);
            }
        }
    }

    /** Told of the ranges that are about to be changed. */
    @FunctionalInterface
    public interface RangeVisitor {
        /** {@code flight} changes {@code from} up to but not including {@code to}, in bytes. */
        void visit(Flight flight, long from, long to);
    }

    /** Its number in the device. */
    public int index() {
        return index;
    }

    /** Its cursor. */
    public SelectorCursor cursor() {
        return cursor;
    }

    /** How many slots it has. */
    public int slots() {
        return slots.length();
    }

    /** What is in a slot. */
    public @Nullable Flight at(int slot) {
        return slots.get(slot);
    }
}
