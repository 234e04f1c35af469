package io.mpath.internal.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Requests in flight through one port, over all devices.
 *
 * <p>Threading: added to by submitters, taken from by whoever ends an attempt, read by selectors; one word on cache lines of
 * its own. Each flight remembers where it was counted, so the sum is zero after any history. What channels have in flight they
 * count themselves ({@link ChannelCount}), which is added up here by who wants the sum; {@code channels} is replaced whole.
 */
public class PortRecord {
    private static final VarHandle IN_FLIGHT;
    private static final VarHandle CHANNELS;
    private static final ChannelCount[] NO_CHANNELS = {};

    static {
        try {
            IN_FLIGHT = MethodHandles.lookup().findVarHandle(PortRecord.class, "inFlight", int.class);
            CHANNELS = MethodHandles.lookup().findVarHandle(PortRecord.class, "channels", ChannelCount[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // A contended counter must not share its line with what others read: one line of padding on each side.
    @SuppressWarnings("unused")
    private long p00, p01, p02, p03, p04, p05, p06, p07;

    @SuppressWarnings("unused") // through IN_FLIGHT
    private volatile int inFlight;

    // Hardly ever written, and read where the count is.
    private volatile ChannelCount[] channels = NO_CHANNELS;

    @SuppressWarnings("unused")
    private long p10, p11, p12, p13, p14, p15, p16, p17;

    /** One more. */
    public final void enter() {
        IN_FLIGHT.getAndAdd(this, 1);
    }

    /** One less. */
    public final void leave() {
        int before = (int) IN_FLIGHT.getAndAdd(this, -1);
        assert before > 0 : "one request less in flight than none";
    }

    /** How many, a moment ago: through the shared doors, and through every channel that has this port. */
    public final int inFlight() {
        int sum = (int) IN_FLIGHT.getOpaque(this);
        for (ChannelCount channel : (ChannelCount[]) CHANNELS.getAcquire(this)) {
            sum += channel.inFlight();
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
}
