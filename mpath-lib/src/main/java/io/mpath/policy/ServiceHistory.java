package io.mpath.policy;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long the requests of one path took, as far as they were timed: reading the clock for each would cost more than all the
 * rest, so one in sixteen is, the first in every {@link io.mpath.DeviceSettings#tick}, and each that was sent to find out. Only
 * reads and writes count, and failures only where they took longer than what succeeded. It begins anew when the path comes back.
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

    // Its words, on a cache line of their own: selectors read them for every request.
    private static final int LATENCY = 8;
    private static final int SERVICE = 9;
    private static final int SAMPLED = 10;
    private static final int SAMPLES = 11;
    /** When a request was timed last, or sent to be. */
    private static final int LOOKED = 12;
    /** Requests sent to find out since the last one was timed. */
    private static final int UNANSWERED = 13;
    /** 1 when the next request is to be timed. */
    private static final int WANTED = 14;
    /** 1 while somebody writes. */
    private static final int WRITING = 15;

    private static final int WORDS = 24;

    private final AtomicLongArray words = new AtomicLongArray(WORDS);

    /** That of a path which has served nothing yet. */
    public ServiceHistory() {}

    /** The mean time from handing a request to the path to its end, in nanoseconds; 0 when nothing is known. */
    public long latencyNanos() {
        return words.getOpaque(LATENCY);
    }

    /**
     * The mean time that the port took for each request that it had at once, in nanoseconds: a request's latency divided by how
     * many were in flight through the port when it was sent, itself included. 0 when nothing is known.
     */
    public long serviceNanos() {
        return words.getOpaque(SERVICE);
    }

    /** When the last timed request ended, by the clock of {@link io.mpath.Ticker}; means nothing when nothing is known. */
    public long sampledNanos() {
        return words.getOpaque(SAMPLED);
    }

    /**
     * What to multiply an estimate by that rests on few requests: from 8 for one to 1 for five and more. A path that comes back is
     * so given more by and by.
     */
    public int caution() {
        int known = (int) words.getOpaque(SAMPLES);
        return known >= ENOUGH || known == 0 ? 1 : Math.max(1, ENOUGH / known);
    }

    /** Whether nothing was sent yet to find out about it. */
    public boolean untried() {
        return words.getOpaque(SAMPLES) == 0 && words.getOpaque(UNANSWERED) == 0;
    }

    /**
     * When a request should be sent to find out how the path is, if none is timed until then: {@code factor} times its latency
     * after the last one, 50 ms where that is not known; twice as late for each such request that was not answered yet, but no
     * later than 10 s.
     */
    public long probeNanos(int factor) {
        long latency = latencyNanos();
        long wait = latency == 0 ? UNKNOWN_PROBE_NANOS : Math.min(RAREST_PROBE_NANOS, latency * factor);
        long doublings = Math.min(MOST_DOUBLINGS, words.getOpaque(UNANSWERED));
        return words.getOpaque(LOOKED) + Math.min(RAREST_PROBE_NANOS, wait << doublings);
    }

    /**
     * Asks to be the one who sends a request to find out, which will be timed. When the one sent before that was not answered,
     * requests take as long as that has been waiting, at least.
     *
     * @param now the time by which it is due
     * @return whether the caller is
     */
    public boolean claimProbe(long now) {
        long looked = words.getOpaque(LOOKED);
        if (!words.compareAndSet(LOOKED, looked, now)) {
            return false;
        }
        long latency = latencyNanos();
        if (words.getAndIncrement(UNANSWERED) > 0 && latency > 0 && now - looked > latency) {
            double slower = (double) (now - looked) / latency;
            words.setOpaque(SERVICE, Math.round(serviceNanos() * slower));
            words.setOpaque(LATENCY, now - looked);
        }
        words.setOpaque(WANTED, 1);
        return true;
    }

    /** Whether the request that is about to be sent is to be timed, as somebody asked; once. */
    public boolean takeWanted() {
        if (words.getOpaque(WANTED) == 0) {
            return false;
        }
        words.setOpaque(WANTED, 0);
        return true;
    }

    /**
     * A timed request succeeded.
     *
     * @param startNanos when it was handed to the path
     * @param inFlight how many were in flight through the port then, itself included; one or more
     */
    public void ended(long startNanos, long endNanos, int inFlight) {
        if (!words.compareAndSet(WRITING, 0, 1)) {
            return;
        }
        try {
            long latency = Math.max(1, Math.min(LONGEST_NANOS, endNanos - startNanos));
            long service = Math.max(1, latency / Math.max(1, inFlight));
            long known = words.getOpaque(SAMPLES);
            long before = sampledNanos();
            long since = Math.max(0, endNanos - before);
            double even = known < ENOUGH ? 1.0 / (known + 1) : 0;
            double share = Math.max(even, (double) since / (since + MEMORY_NANOS));
            long last = known == 0 || endNanos - before > 0 ? endNanos : before;
            words.setOpaque(SAMPLED, last);
            words.setOpaque(LOOKED, last);
            words.setOpaque(LATENCY, known == 0 ? latency : mean(latencyNanos(), latency, share));
            words.setOpaque(SERVICE, known == 0 ? service : mean(serviceNanos(), service, share));
            words.setOpaque(UNANSWERED, 0);
            words.setOpaque(SAMPLES, Math.min(ENOUGH, known + 1));
        } finally {
            words.setRelease(WRITING, 0);
        }
    }

    private static long mean(long before, long latest, double share) {
        return Math.max(1, Math.round(before + share * (latest - before)));
    }

    /**
     * A timed request failed, or its outcome is not known: others take as long as it did, at least, until one succeeds. One that
     * fails sooner than others succeed tells nothing, nor does one that was sent before the last that succeeded had ended.
     *
     * @param startNanos when it was handed to the path
     * @param inFlight how many were in flight through the port then, itself included; one or more
     */
    public void failed(long startNanos, long endNanos, int inFlight) {
        long took = Math.min(LONGEST_NANOS, endNanos - startNanos);
        if (latencyNanos() > 0 && took > latencyNanos() && startNanos - sampledNanos() >= 0) {
            words.setOpaque(LATENCY, took);
            words.setOpaque(SERVICE, took / Math.max(1, inFlight));
        }
    }

    /** The path was away: nothing is known any more, but what a request that ends at this moment tells of it. */
    public void forget() {
        words.setOpaque(SAMPLES, 0);
        words.setOpaque(LATENCY, 0);
        words.setOpaque(SERVICE, 0);
        words.setOpaque(UNANSWERED, 0);
    }

    @Override
    public String toString() {
        return latencyNanos() == 0 ? "nothing known" : latencyNanos() + " ns, " + serviceNanos() + " ns each";
    }
}
