package io.mpath.internal.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The flights of a channel that have something to tell: their end, or the release of their buffers.
 *
 * <p>Threading: the owner of the channel keeps what ends on its own thread in a list of its own. All others put theirs on a
 * stack, a compare-and-set each, which publishes what they wrote to the flight; the owner takes the whole stack at once, and
 * writes that line for nothing else. A flight is in here once at a time: its release is put in only after its end was told.
 */
public final class CompletionQueue {
    private static final VarHandle LATEST;

    static {
        try {
            LATEST = MethodHandles.lookup().findVarHandle(Word.class, "latest", Flight.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Inbox inbox;
    private @Nullable Flight first;
    private @Nullable Flight last;
    private int size;

    /** The calling thread's. */
    public CompletionQueue() {
        this(Thread.currentThread());
    }

    CompletionQueue(Thread owner) {
        inbox = new Inbox(owner);
    }

    /** Its owner; any thread. */
    public Thread owner() {
        return inbox.owner;
    }

    /**
     * The calling thread is the owner from here on, for the one before it has ended. Others read the owner without order, and
     * look only for themselves, whom they cannot miss.
     */
    public void adopt() {
        inbox.owner = Thread.currentThread();
    }

    /** Puts a flight in, which is the owner's from here on; any thread. */
    public void add(Flight flight) {
        if (Thread.currentThread() == inbox.owner) {
            append(flight, flight);
            size++;
        } else {
            inbox.push(flight);
        }
    }

    /** How many the owner has put in and not taken out. */
    public int sizeOfOwn() {
        return size;
    }

    /** Takes all of them, linked by {@link Flight#next}, what others put in behind what the owner did, each in its order. */
    public @Nullable Flight takeAll() {
        Flight newest = inbox.takeAll();
        if (newest != null) {
            Flight oldest = newest;
            Flight rest = newest.next;
            newest.next = null;
            while (rest != null) {
                Flight earlier = rest.next;
                rest.next = oldest;
                oldest = rest;
                rest = earlier;
            }
            append(oldest, newest);
        }
        Flight all = first;
        first = null;
        last = null;
        size = 0;
        return all;
    }

    /** Puts a chain behind what is there, {@code to} being its last. */
    private void append(Flight from, Flight to) {
        to.next = null;
        if (last == null) {
            first = from;
        } else {
            last.next = from;
        }
        last = to;
    }

    // What other threads write must not share a line with what the owner does: a line of padding on each side.

    @SuppressWarnings("unused")
    private static class Before {
        private long p00, p01, p02, p03, p04, p05, p06, p07;
    }

    private static class Word extends Before {
        Thread owner;

        @SuppressWarnings("unused") // through LATEST
        volatile @Nullable Flight latest;

        Word(Thread owner) {
            this.owner = owner;
        }
    }

    @SuppressWarnings("unused")
    private static final class Inbox extends Word {
        private long p10, p11, p12, p13, p14, p15, p16, p17;

        Inbox(Thread owner) {
            super(owner);
        }

        void push(Flight flight) {
            Flight before;
            do {
                before = latest;
                flight.next = before;
            } while (!LATEST.compareAndSet(this, before, flight));
        }

        @Nullable
        Flight takeAll() {
            // Mostly there is nothing, and a look leaves the line with those who write it.
            return latest == null ? null : (Flight) LATEST.getAndSet(this, null);
        }
    }
}
