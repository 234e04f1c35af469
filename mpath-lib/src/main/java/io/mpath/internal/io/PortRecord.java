package io.mpath.internal.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Requests in flight through one port, over all devices, and the bytes that they carry: both in one word, so that counting bytes
 * costs no atomic operation more.
 *
 * <p>Threading: added to by submitters, taken from by whoever ends an attempt, read by selectors; one word on cache lines of
 * its own. Each flight remembers where it was counted and as what, so the sum is zero after any history. What channels have in
 * flight they count themselves ({@link ChannelCount}), which is added up here by who wants the sum; {@code channels} is replaced
 * whole.
 */
public class PortRecord {
    private static final VarHandle IN_FLIGHT;
    private static final VarHandle CHANNELS;
    private static final ChannelCount[] NO_CHANNELS = {};

    // The lower 40 bits count bytes in units of 512, which is more than a machine has memory for; the upper 24
    // requests.
    private static final int COUNT_SHIFT = 40;
    private static final long UNITS_MASK = (1L << COUNT_SHIFT) - 1;
    private static final int UNIT_SHIFT = 9;

    static {
        try {
            IN_FLIGHT = MethodHandles.lookup().findVarHandle(PortRecord.class, "inFlight", long.class);
            CHANNELS = MethodHandles.lookup().findVarHandle(PortRecord.class, "channels", ChannelCount[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int numaNode;

    // A contended counter must not share its line with what others read: one line of padding on each side.
    @SuppressWarnings("unused")
    private long p00, p01, p02, p03, p04, p05, p06, p07;

    @SuppressWarnings("unused") // through IN_FLIGHT
    private volatile long inFlight;

    // Hardly ever written, and read where the count is.
    private volatile ChannelCount[] channels = NO_CHANNELS;

    @SuppressWarnings("unused")
    private long p10, p11, p12, p13, p14, p15, p16, p17;

    /** A port with nothing in flight, at that memory node or, as -1, none. */
    public PortRecord(int numaNode) {
        this.numaNode = numaNode;
    }

    /** The memory node that it is attached to, or -1. */
    public final int numaNode() {
        return numaNode;
    }

    /** What one request that carries so many bytes counts for; they are rounded up to 512, none too. */
    public static long weight(long bytes) {
        return (1L << COUNT_SHIFT) + Math.max(1, (bytes + (1 << UNIT_SHIFT) - 1) >>> UNIT_SHIFT);
    }

    /** One more, of that weight. */
    public final void enter(long weight) {
        IN_FLIGHT.getAndAdd(this, weight);
    }

    /** One less, of that weight. */
    public final void leave(long weight) {
        long before = (long) IN_FLIGHT.getAndAdd(this, -weight);
        assert count(before) > 0 : "one request less in flight than none";
        assert (before & UNITS_MASK) >= (weight & UNITS_MASK) : "fewer bytes in flight than none";
    }

    /** How many, a moment ago: through the shared doors, and through every channel that has this port. */
    public final int inFlight() {
        int sum = count((long) IN_FLIGHT.getOpaque(this));
        for (ChannelCount channel : (ChannelCount[]) CHANNELS.getAcquire(this)) {
            sum += channel.inFlight();
        }
        return sum;
    }

    /** How many bytes they carry, rounded as in {@link #weight}. */
    public final long bytesInFlight() {
        long sum = bytes((long) IN_FLIGHT.getOpaque(this));
        for (ChannelCount channel : (ChannelCount[]) CHANNELS.getAcquire(this)) {
            sum += channel.bytesInFlight();
        }
        return sum;
    }

    /** Adds up {@code count} from here on; any thread. */
    public final void add(ChannelCount count) {
        ChannelCount[] before;
        ChannelCount[] after;
        do {
            before = channels;
            after = Arrays.copyOf(before, before.length + 1);
            after[before.length] = count;
        } while (!CHANNELS.compareAndSet(this, before, after));
    }

    /** Ends {@link #add}; nothing is counted there any more. */
    public final void remove(ChannelCount count) {
        assert count.inFlight() == 0 : "a channel leaves with requests in flight";
        ChannelCount[] before;
        ChannelCount[] after;
        do {
            before = channels;
            after = Arrays.stream(before).filter(one -> one != count).toArray(ChannelCount[]::new);
        } while (!CHANNELS.compareAndSet(this, before, after));
    }

    /** The requests in a sum of weights. */
    static int count(long word) {
        return (int) (word >>> COUNT_SHIFT);
    }

    /** The bytes in a sum of weights. */
    static long bytes(long word) {
        return (word & UNITS_MASK) << UNIT_SHIFT;
    }
}
