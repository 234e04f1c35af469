package io.mpath.policy;

import java.util.SplittableRandom;

/** A path of a {@link ClosedLoop}: what it takes to serve a request, and what is known of that. */
final class ServedPath implements SelectablePath {
    /** When a request that comes now ends. */
    interface Law {
        /** In nanoseconds of virtual time; {@link Long#MAX_VALUE}: never. */
        long end(long now);
    }

    private static final long TICK_NANOS = 50_000_000;
    private static final int TIMED_ONE_IN = 16;

    private final int ordinal;
    private final ServiceHistory history = new ServiceHistory();
    private Law law;
    private int absences;
    private int inFlight;
    private long timedTick = -1;
    private int untilTimed;
    long taken;

    ServedPath(int ordinal, Law law) {
        this.ordinal = ordinal;
        this.law = law;
    }

    /** Serves any number at once, each in a time of its own about {@code nanos}. */
    static Law delay(long nanos, SplittableRandom random) {
        return now -> now + about(nanos, random);
    }

    /** Serves one after the other, each in about {@code nanos}. */
    static Law server(long nanos, SplittableRandom random) {
        return new Law() {
            private long free;

            @Override
            public long end(long now) {
                free = Math.max(now, free) + about(nanos, random);
                return free;
            }
        };
    }

    /** Answers nothing. */
    static Law hung() {
        return now -> Long.MAX_VALUE;
    }

    private static long about(long nanos, SplittableRandom random) {
        return random.nextLong(nanos - nanos / 4, nanos + nanos / 4 + 1);
    }

    void become(Law value) {
        law = value;
    }

    /** It was away. */
    void comeBack(Law value) {
        law = value;
        absences++;
        history.forget();
    }

    /** How often it came back. */
    int absences() {
        return absences;
    }

    /** Takes a request. @return when it ends */
    long take(long now) {
        taken++;
        inFlight++;
        return law.end(now);
    }

    /** Whether the request that it is given now is timed, as the library decides that. */
    boolean timesNext(long now) {
        boolean wanted = history.takeWanted();
        if (!wanted && now / TICK_NANOS == timedTick && --untilTimed > 0) {
            return false;
        }
        timedTick = now / TICK_NANOS;
        untilTimed = TIMED_ONE_IN;
        return true;
    }

    void ended() {
        inFlight--;
    }

    @Override
    public String name() {
        return "p" + (ordinal + 1);
    }

    @Override
    public int numaNode() {
        return -1;
    }

    @Override
    public boolean preferred() {
        return false;
    }

    @Override
    public int ordinal() {
        return ordinal;
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public long bytesInFlight() {
        return inFlight * 4096L;
    }

    @Override
    public ServiceHistory history() {
        return history;
    }

    @Override
    public String toString() {
        return name() + ": " + taken + " taken, " + inFlight + " in flight, " + history;
    }
}
