package io.mpath.internal.io;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The ranges that flights with a slot are about to change: of two that overlap, at least one is told so.
 *
 * <p>Threading: who owns a slot's flight writes its range and then sets its bit, a full fence, and looks at all others whose bit
 * is set. Who finds a bit set may read the range of the slot's next owner, or half of it: the first one has ended then, and the
 * next one looks after this one's bit was set. A look costs a load for each 64 slots, and two for each range that is there
 * now. Made at the first change; a device that is only read has none.
 */
final class Ranges {
    private final AtomicLongArray present;
    private final AtomicLongArray bounds;

    Ranges(int slots) {
        present = new AtomicLongArray((slots + Long.SIZE - 1) / Long.SIZE);
        bounds = new AtomicLongArray(2 * slots);
    }

    /** Publishes the range of a slot that has none: from {@code from} up to but not including {@code to}. */
    void publish(int slot, long from, long to) {
        bounds.setRelease(2 * slot, from);
        bounds.setRelease(2 * slot + 1, to);
        present.getAndAdd(slot / Long.SIZE, 1L << slot);
    }

    /** Takes it back. */
    void withdraw(int slot) {
        present.getAndAdd(slot / Long.SIZE, -(1L << slot));
    }

    /** Whether the range of another slot than {@code own} overlaps. */
    boolean overlap(long from, long to, int own) {
        for (int word = 0; word < present.length(); word++) {
            for (long bits = present.get(word); bits != 0; bits &= bits - 1) {
                int slot = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
                if (slot != own && bounds.getAcquire(2 * slot) < to && bounds.getAcquire(2 * slot + 1) > from) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Shows {@code visitor} every range. */
    void scan(Visitor visitor) {
        for (int word = 0; word < present.length(); word++) {
            for (long bits = present.get(word); bits != 0; bits &= bits - 1) {
                int slot = word * Long.SIZE + Long.numberOfTrailingZeros(bits);
                visitor.visit(slot, bounds.getAcquire(2 * slot), bounds.getAcquire(2 * slot + 1));
            }
        }
    }

    /** Told of ranges. */
    @FunctionalInterface
    interface Visitor {
        void visit(int slot, long from, long to);
    }
}
