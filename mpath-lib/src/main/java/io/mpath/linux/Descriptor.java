package io.mpath.linux;

/**
 * An open file descriptor that is closed by the last thread to leave it, since a number closed under a thread that is about to
 * use it may be another device's by then. Whoever made it is inside until {@link #close}.
 *
 * <p>Threading: any thread; {@code users} and {@code closing} are written under the monitor.
 */
public final class Descriptor {
    private final Syscalls syscalls;
    private final int number;
    private int users = 1;
    private boolean closing;
    private Runnable closed = () -> {};

    /** Takes over {@code number}. */
    public Descriptor(Syscalls syscalls, int number) {
        this.syscalls = syscalls;
        this.number = number;
    }

    /** The number; valid between a successful {@link #enter} and {@link #leave}. */
    public int number() {
        return number;
    }

    /** Keeps the descriptor open until {@link #leave}; false when it is being closed, and then there is nothing to leave. */
    public synchronized boolean enter() {
        if (closing) {
            return false;
        }
        users++;
        return true;
    }

    /** Ends one {@link #enter}. The last one out closes the descriptor, which may block. */
    public void leave() {
        synchronized (this) {
            users--;
            if (users > 0) {
                return;
            }
        }
        syscalls.close(number);
        closed.run();
    }

    /**
     * Lets nobody in any more, and leaves for its maker. To be called once.
     *
     * @param whenClosed run by the last one out, after it closed the descriptor
     */
    public void close(Runnable whenClosed) {
        synchronized (this) {
            closing = true;
            closed = whenClosed;
        }
        leave();
    }
}
