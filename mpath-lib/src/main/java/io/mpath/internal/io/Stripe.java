package io.mpath.internal.io;

import io.mpath.policy.SelectorCursor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A part of the shared door: some of the device's slots, and a cursor for choosing paths (blk-mq: a hardware context's tags).
 *
 * <p>Threading: slots are claimed by compare-and-set and released by whoever ends the flight; the control loop scans them.
 * Claiming is a full fence, and comes before the path table is read: so once the control loop has published a table and finds a
 * slot empty, who claims it next sees that table. {@code hint} is a racy guess at an empty slot.
 */
public final class Stripe {
    private final int index;
    private final int firstSlot;
    private final SelectorCursor cursor;
    private final AtomicReferenceArray<@Nullable Flight> slots;

    private int hint;

    Stripe(int index, int firstSlot, int slots, SelectorCursor cursor) {
        this.index = index;
        this.firstSlot = firstSlot;
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

    /** Gives the flight's slot back. */
    void release(Flight flight) {
        int at = flight.slot;
        assert slots.getPlain(at) == flight : "a slot is given back by who has it not";
        slots.setRelease(at, null);
        hint = at;
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

    /** How many slots it has. */
    public int slots() {
        return slots.length();
    }

    /** What is in a slot. */
    public @Nullable Flight at(int slot) {
        return slots.get(slot);
    }
}
