package io.mpath.internal.io;

import io.mpath.policy.NumaTopology;
import io.mpath.policy.SelectorCursor;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a device, in stripes that are made when they are first needed: an idle device has none. Channels have stripes of
 * their own.
 *
 * <p>Threading: see {@link Stripe}. Threads are spread over stripes by their mixed id; a {@link ThreadLocal} would cost each of
 * a million virtual threads an entry.
 *
 * <p>{@code channels} is replaced whole, and read (volatile) by whoever looks at slots or ranges, each time anew: one that opens
 * a channel writes it (a compare-and-set) before the first slot is claimed there. So who does not find the stripe may take all
 * its slots for empty, as if it had found them so: what is claimed there is claimed later.
 */
public final class Stripes {
    private static final int MIX = 0x9E3779B9;
    private static final int NONE = -1;
    private static final Stripe[] NO_CHANNELS = {};

    private final AtomicReferenceArray<@Nullable Stripe> stripes;
    private final AtomicReference<Stripe[]> channels = new AtomicReference<>(NO_CHANNELS);
    private final AtomicInteger opened = new AtomicInteger();
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
                stripe.ranges().withdraw(stripe.firstSlot() + flight.slot);
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
        stripeOf(flight).ranges().publish(slotOf(flight), flight.offset(), flight.offset() + flight.length());
        return standsAlone(flight);
    }

    /** Whether no other published range overlaps that of {@code flight}. */
    public boolean standsAlone(Flight flight) {
        Stripe own = stripeOf(flight);
        long from = flight.offset();
        long to = from + flight.length();
        int slot = slotOf(flight);
        if (own.overlap(from, to, slot)) {
            return false;
        }
        Ranges shared = own.confined() ? ranges.get() : null;
        if (shared != null && shared.overlap(from, to, NONE)) {
            return false;
        }
        for (Stripe channel : channels.get()) {
            if (channel != own && channel.overlap(from, to, NONE)) {
                return false;
            }
        }
        return true;
    }

    private static Stripe stripeOf(Flight flight) {
        Stripe stripe = flight.stripe;
        if (stripe == null) {
            throw new IllegalStateException("a flight without a slot: " + flight);
        }
        return stripe;
    }

    private static int slotOf(Flight flight) {
        return stripeOf(flight).firstSlot() + flight.slot;
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
        for (Stripe channel : channels.get()) {
            channel.scanRanges(visitor);
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
        Stripe made = Stripe.shared(at, firstSlot(at), share, cursor(at), ranges, slots);
        Stripe first = stripes.compareAndExchange(at, null, made);
        return first == null ? made : first;
    }

    private SelectorCursor cursor(int number) {
        return new SelectorCursor(numa, (cursorSeed + number) & 0xFF);
    }

    /** A stripe for a channel, with as many slots; any thread. */
    public Stripe openChannel(int depth) {
        int number = opened.getAndIncrement();
        Stripe made = Stripe.confined(number & (stripes.length() - 1), depth, cursor(stripes.length() + number));
        channels.updateAndGet(before -> {
            Stripe[] after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = made;
            return after;
        });
        return made;
    }

    /** Takes back the stripe of a channel that has no flight in it any more, and gets none. */
    public void closeChannel(Stripe stripe) {
        channels.updateAndGet(
                before -> Arrays.stream(before).filter(one -> one != stripe).toArray(Stripe[]::new));
    }

    /** How many stripes there can be. */
    public int count() {
        return stripes.length();
    }

    /** Shows {@code visitor} every flight that has a slot, and tells whether there was any. */
    public boolean scan(Consumer<Flight> visitor) {
        boolean any = false;
        for (int i = 0; i < stripes.length(); i++) {
            Stripe stripe = stripes.get(i);
            any |= stripe != null && stripe.scan(visitor);
        }
        for (Stripe channel : channels.get()) {
            any |= channel.scan(visitor);
        }
        return any;
    }
}
