package io.mpath.sim;

/** A task of one simulated thread that is due at one moment; ordered by that moment, then by a seeded tie-break. */
final class SimEvent implements Comparable<SimEvent> {
    /** What makes a task due; part of the trace. */
    enum Kind {
        TASK,
        MESSAGE,
        TIMER,
        DELAY,
        AFTERMATH
    }

    final long atNanos;
    final Kind kind;
    final SimThread thread;
    final Runnable task;
    boolean cancelled;

    private final long tie;
    private final long sequence;

    SimEvent(long atNanos, long tie, long sequence, Kind kind, SimThread thread, Runnable task) {
        this.atNanos = atNanos;
        this.tie = tie;
        this.sequence = sequence;
        this.kind = kind;
        this.thread = thread;
        this.task = task;
    }

    /** Whether a world is not idle before this was run. */
    boolean awaited() {
        return kind != Kind.TIMER && kind != Kind.AFTERMATH;
    }

    @Override
    public int compareTo(SimEvent other) {
        int order = Long.compare(atNanos, other.atNanos);
        if (order == 0) {
            order = Long.compare(tie, other.tie);
        }
        return order == 0 ? Long.compare(sequence, other.sequence) : order;
    }
}
