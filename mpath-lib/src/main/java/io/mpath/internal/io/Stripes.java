package io.mpath.internal.io;

import io.mpath.policy.NumaTopology;
import io.mpath.policy.SelectorCursor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a device, in stripes that are made when they are first needed: an idle device has none.
 *
 * <p>Threading: see {@link Stripe}. Threads are spread over stripes by their mixed id; a {@link ThreadLocal} would cost each of
 * a million virtual threads an entry.
 */
public final class Stripes {
    private static final int MIX = 0x9E3779B9;

    private final AtomicReferenceArray<@Nullable Stripe> stripes;
    private final AtomicReference<@Nullable Ranges> ranges = new AtomicReference<>();
    private final int slots;
    private final NumaTopology numa;
    private final int cursorSeed;

    /**
     * Room for {@code slots} flights.
     *
     * @param count how many stripes at most, a power of two
     * @param cursorSeed where rotations start
     */
    public Stripes(int count, int slots, NumaTopology numa, int cursorSeed) {
        this.stripes = new AtomicReferenceArray<>(Math.min(count, Integer.highestOneBit(slots)));
        this.slots = slots;
        this.numa = numa;
        this.cursorSeed = cursorSeed;
    }

    /** Gives {@code flight} a slot, of the calling thread's stripe if it has one; false when all are taken. */
    public boolean claim(Flight flight) {
        int mask = stripes.length() - 1;
        int mixed = (int) Thread.currentThread().getId() * MIX;
        // Its upper bits, by which numbers in a row, as a pool's threads have, are spread evenly; the middle ones would
        // pair half of them.
        int mine = (int) ((Integer.toUnsignedLong(mixed) * stripes.length()) >>> Integer.SIZE);
        for (int i = 0; i <= mask; i++) {
            int at = (mine + i) & mask;
            Stripe stripe = stripes.getAcquire(at);
            if ((stripe == null ? open(at) : stripe).claim(flight)) {
                return true;
            }
        }
        return false;
    }

    /** Gives the flight's slot back, and its range. */
    public void release(Flight flight) {
        Stripe stripe = flight.stripe;
        if (stripe != null) {
            if (flight.rangePublished) {
                flight.rangePublished = false;
                ranges().withdraw(stripe.firstSlot() + flight.slot);
            }
            flight.stripe = null;
            stripe.release(flight);
        }
    }

    /**
     * Publishes the range that {@code flight}, which has a slot, is about to change.
     *
     * @return whether no other published range overlaps it
     */
    public boolean publishRange(Flight flight) {
        flight.rangePublished = true;
        ranges().publish(slotOf(flight), flight.offset(), flight.offset() + flight.length());
        return standsAlone(flight);
    }

    /** Whether no other published range overlaps that of {@code flight}. */
    public boolean standsAlone(Flight flight) {
        return !ranges().overlap(flight.offset(), flight.offset() + flight.length(), slotOf(flight));
    }

    private static int slotOf(Flight flight) {
        Stripe stripe = flight.stripe;
        if (stripe == null) {
            throw new IllegalStateException("a flight without a slot: " + flight);
        }
        return stripe.firstSlot() + flight.slot;
    }

    private Ranges ranges() {
        Ranges present = ranges.getAcquire();
        if (present != null) {
            return present;
        }
        Ranges opened = new Ranges(slots);
        Ranges first = ranges.compareAndExchange(null, opened);
        return first == null ? opened : first;
    }

    /** Shows {@code visitor} every flight with a published range. */
    public void scanRanges(RangeVisitor visitor) {
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

    private @Nullable Flight at(int slot) {
        for (int i = stripes.length() - 1; i >= 0; i--) {
            if (firstSlot(i) <= slot) {
                Stripe stripe = stripes.get(i);
                return stripe == null ? null : stripe.at(slot - firstSlot(i));
            }
        }
        return null;
    }

    /** Told of the ranges that are about to be changed. */
    @FunctionalInterface
    public interface RangeVisitor {
        /** {@code flight} changes {@code from} up to but not including {@code to}, in bytes. */
        void visit(Flight flight, long from, long to);
    }

    private int firstSlot(int stripe) {
        int count = stripes.length();
        return slots / count * stripe + Math.min(stripe, slots % count);
    }

    private Stripe open(int at) {
        int count = stripes.length();
        int share = slots / count + (at < slots % count ? 1 : 0);
        Stripe opened = new Stripe(at, firstSlot(at), share, new SelectorCursor(numa, (cursorSeed + at) & 0xFF));
        Stripe first = stripes.compareAndExchange(at, null, opened);
        return first == null ? opened : first;
    }

    /** How many stripes there can be. */
    public int count() {
        return stripes.length();
    }

    /** Shows {@code visitor} every flight that has a slot. */
    public void scan(Consumer<Flight> visitor) {
        for (int i = 0; i < stripes.length(); i++) {
            Stripe stripe = stripes.get(i);
            for (int slot = 0; stripe != null && slot < stripe.slots(); slot++) {
                Flight flight = stripe.at(slot);
                if (flight != null) {
                    visitor.accept(flight);
                }
            }
        }
    }
}
