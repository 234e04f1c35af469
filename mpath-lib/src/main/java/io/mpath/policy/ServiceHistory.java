package io.mpath.policy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How long the requests of one path took, as far as they were timed: reading the clock for each would cost more than all the
 * rest, so one in sixteen is, the first in every {@link io.mpath.DeviceSettings#tick}, and each that was sent to find out. Only
 * reads and writes that succeeded count. It begins anew when the path comes back.
 *
 * <p>Both means are weighted by time: a request that ends t after the one timed before it counts for t / (t + 250 ms), so that
 * what is seconds old is all but forgotten, and for no less than its even share among the first eight.
 *
 * <p>Threading: any thread times and reads. Written for one request in many, by one thread at a time; who comes while another
 * writes is left out. Readers may see one mean older than the other, which costs one less than ideal choice.
 */
public final class ServiceHistory {
    private static final long MEMORY_NANOS = 250_000_000;
    private static final long LONGEST_NANOS = 100_000_000_000L;
    private static final long UNKNOWN_PROBE_NANOS = 50_000_000;
    private static final long RAREST_PROBE_NANOS = 10_000_000_000L;
    private static final int ENOUGH = 8;
    private static final int MOST_DOUBLINGS = 20;

    private static final VarHandle WRITING;
    private static final VarHandle LOOKED;

    static {
        try {
            WRITING = MethodHandles.lookup().findVarHandle(ServiceHistory.class, "writing", boolean.class);
            LOOKED = MethodHandles.lookup().findVarHandle(ServiceHistory.class, "lookedNanos", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long latencyNanos;
    private volatile long serviceNanos;
    private volatile long sampledNanos;
    private volatile int samples;

    /** When a request was timed last, or sent to be. */
    private volatile long lookedNanos;

    /** Requests sent to find out since the last one was timed. */
    private volatile int unanswered;

    private volatile boolean wanted;

    @SuppressWarnings("unused") // through WRITING
    private volatile boolean writing;

    /** That of a path which has served nothing yet. */
    public ServiceHistory() {}

    /** The mean time from handing a request to the path to its end, in nanoseconds; 0 when nothing is known. */
    public long latencyNanos() {
        return latencyNanos;
    }

    /**
     * The mean time that the port took for each request that it had at once, in nanoseconds: a request's latency divided by how
     * many were in flight through the port when it was sent, itself included. 0 when nothing is known.
     */
    public long serviceNanos() {
        return serviceNanos;
    }

    /** When the last timed request ended, by the clock of {@link io.mpath.Ticker}; means nothing when nothing is known. */
    public long sampledNanos() {
        return sampledNanos;
    }

    /**
     * What to multiply an estimate by that rests on few requests: from 8 for one to 1 for five and more. A path that comes back is
     * so given more by and by.
     */
    public int caution() {
        int known = samples;
        return known >= ENOUGH || known == 0 ? 1 : Math.max(1, ENOUGH / known);
    }

    /** Whether nothing was sent yet to find out about it. */
    public boolean untried() {
        return samples == 0 && unanswered == 0;
    }

    /**
     * When a request should be sent to find out how the path is, if none is timed until then: {@code factor} times its latency
     * after the last one, 50 ms where that is not known; twice as late for each such request that was not answered yet, but no
     * later than 10 s.
     */
    public long probeNanos(int factor) {
        long latency = latencyNanos;
        long wait = latency == 0 ? UNKNOWN_PROBE_NANOS : Math.min(RAREST_PROBE_NANOS, latency * factor);
        return lookedNanos + Math.min(RAREST_PROBE_NANOS, wait << Math.min(MOST_DOUBLINGS, unanswered));
    }

    /**
     * Asks to be the one who sends a request to find out, which will be timed.
     *
     * @param now the time by which it is due
     * @return whether the caller is
     */
    public boolean claimProbe(long now) {
        long looked = lookedNanos;
        if (!LOOKED.compareAndSet(this, looked, now)) {
            return false;
        }
        int before = unanswered;
        unanswered = before + 1;
        wanted = true;
        return true;
    }

    /** Whether the request that is about to be sent is to be timed, as somebody asked; once. */
    public boolean takeWanted() {
        if (!wanted) {
            return false;
        }
        wanted = false;
        return true;
    }

    /**
     * A timed request succeeded.
     *
     * @param startNanos when it was handed to the path
     * @param inFlight how many were in flight through the port then, itself included; one or more
     */
    public void ended(long startNanos, long endNanos, int inFlight) {
        if (!(boolean) WRITING.compareAndSet(this, false, true)) {
            return;
        }
        try {
            long latency = Math.max(1, Math.min(LONGEST_NANOS, endNanos - startNanos));
            long service = Math.max(1, latency / Math.max(1, inFlight));
            int known = samples;
            long since = Math.max(0, endNanos - sampledNanos);
            double even = known < ENOUGH ? 1.0 / (known + 1) : 0;
            double share = Math.max(even, (double) since / (since + MEMORY_NANOS));
            latencyNanos = known == 0 ? latency : mean(latencyNanos, latency, share);
            serviceNanos = known == 0 ? service : mean(serviceNanos, service, share);
            if (known == 0 || endNanos - sampledNanos > 0) {
                sampledNanos = endNanos;
            }
            lookedNanos = sampledNanos;
            unanswered = 0;
            samples = Math.min(ENOUGH, known + 1);
        } finally {
            WRITING.setRelease(this, false);
        }
    }

    private static long mean(long before, long latest, double share) {
        return Math.max(1, Math.round(before + share * (latest - before)));
    }

    /** The path was away: nothing is known any more. */
    public void forget() {
        samples = 0;
        latencyNanos = 0;
        serviceNanos = 0;
        unanswered = 0;
    }

    @Override
    public String toString() {
        return samples == 0 ? "nothing known" : latencyNanos + " ns, " + serviceNanos + " ns each";
    }
}
