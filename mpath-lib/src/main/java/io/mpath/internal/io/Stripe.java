package io.mpath.internal.io;

import io.mpath.policy.SelectorCursor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A part of the shared door: some of the device's slots, and a cursor for choosing paths (blk-mq: a hardware context's tags). Or
 * all of a channel's.
 *
 * <p>Threading: slots are claimed by compare-and-set and released by whoever ends the flight; the control loop scans them.
 * Claiming is a full fence, and comes before the path table is read: so once the control loop has published a table and finds a
 * slot empty, who claims it next sees that table. {@code hint} is a racy guess at an empty slot; that of a channel is its
 * owner's alone, like all that is written here but for the slot that is given back.
 */
public final class Stripe {
    private final int index;
    private final int firstSlot;
    private final SelectorCursor cursor;
    private final AtomicReferenceArray<@Nullable Flight> slots;
    private final AtomicReference<@Nullable Ranges> ranges;
    private final int rangeSlots;
    private final boolean confined;

    private int hint;

    private Stripe(
            int index,
            int firstSlot,
            int slots,
            SelectorCursor cursor,
            AtomicReference<@Nullable Ranges> ranges,
            int rangeSlots,
            boolean confined) {
        this.index = index;
        this.firstSlot = firstSlot;
        this.slots = new AtomicReferenceArray<>(slots);
        this.cursor = cursor;
        this.ranges = ranges;
        this.rangeSlots = rangeSlots;
        this.confined = confined;
    }

    /** One of several, which have their {@code ranges}, of {@code all} slots, in common. */
    static Stripe shared(
            int index,
            int firstSlot,
            int slots,
            SelectorCursor cursor,
            AtomicReference<@Nullable Ranges> ranges,
            int all) {
        return new Stripe(index, firstSlot, slots, cursor, ranges, all, false);
    }

    /**
     * A channel's.
     *
     * @param index the shared stripe whose ways to the paths its flights take when the control loop sends them
     */
    static Stripe confined(int index, int slots, SelectorCursor cursor) {
        return new Stripe(index, 0, slots, cursor, new AtomicReference<>(), slots, true);
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

    /**
     * As {@link #claim}, by the owner of the channel, who is the only one that claims here: so a store does for a compare-and-set.
     * It is a volatile one, the full fence that the order of slot and path table needs.
     */
    public boolean claimAlone(Flight flight) {
        int count = slots.length();
        int at = hint;
        for (int tries = 0; tries < count; tries++) {
            if (at >= count) {
                at = 0;
            }
            if (slots.getAcquire(at) == null) {
                flight.stripe = this;
                flight.slot = at;
                hint = at + 1;
                slots.set(at, flight);
                return true;
            }
            at++;
        }
        return false;
    }

    /** Gives the flight's slot back. */
    void release(Flight flight) {
        int at = flight.slot;
        assert slots.getPlain(at) == flight : "a slot is given back by who has it not";
        slots.setRelease(at, null);
        if (!confined) {
            hint = at;
        }
    }

    /** The ranges that those of its slots are among, made when they are first asked for. */
    Ranges ranges() {
        Ranges present = ranges.getAcquire();
        if (present != null) {
            return present;
        }
        Ranges opened = new Ranges(rangeSlots);
        Ranges first = ranges.compareAndExchange(null, opened);
        return first == null ? opened : first;
    }

    /** Whether another range than that of slot {@code own} overlaps. A volatile load, behind the publication of the asker's. */
    boolean overlap(long from, long to, int own) {
        Ranges present = ranges.get();
        return present != null && present.overlap(from, to, own);
    }

    /** Shows {@code visitor} the ranges of a channel's flights. */
    void scanRanges(Stripes.RangeVisitor visitor) {
        Ranges present = ranges.get();
        if (present != null) {
            present.scan((slot, from, to) -> {
                Flight flight = at(slot);
                if (flight != null) {
                    visitor.visit(flight, from, to);
                }
            });
        }
    }

    /** The number in the device of this stripe's first slot. */
    int firstSlot() {
        return firstSlot;
    }

    /** Its number in the device. */
    public int index() {
        return index;
    }

    /** Its cursor. */
    public SelectorCursor cursor() {
        return cursor;
    }

    /** Whether it is a channel's. */
    boolean confined() {
        return confined;
    }

    /** Shows {@code visitor} every flight that has one of its slots, and tells whether there was any. */
    public boolean scan(Consumer<Flight> visitor) {
        boolean any = false;
        for (int slot = 0; slot < slots.length(); slot++) {
            Flight flight = slots.get(slot);
            if (flight != null) {
                any = true;
                visitor.accept(flight);
            }
        }
        return any;
    }

    /** What is in a slot. */
    public @Nullable Flight at(int slot) {
        return slots.get(slot);
    }
}
