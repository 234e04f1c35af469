package io.mpath;

import io.mpath.internal.Durations;
import java.time.Duration;
import java.util.Objects;

/**
 * What happens to a request while no path is usable but one may come back (dm-multipath: {@code no_path_retry}).
 *
 * <p>The wait is the device's, not the request's: it starts when the last usable path goes. When it is over, whatever waits
 * fails, in order, and later requests fail at once until a path is usable again. Where no path can come back there is nothing
 * to wait for, and requests fail at once under every policy. Immutable.
 */
public final class NoPathPolicy {
    private static final NoPathPolicy FAIL = new NoPathPolicy(0);
    private static final NoPathPolicy FOREVER = new NoPathPolicy(Long.MAX_VALUE);

    private final long waitNanos;

    private NoPathPolicy(long waitNanos) {
        this.waitNanos = waitNanos;
    }

    /** Fail at once. */
    public static NoPathPolicy fail() {
        return FAIL;
    }

    /**
     * Wait for up to {@code wait}.
     *
     * @throws ConfigurationException when {@code wait} is not positive
     */
    public static NoPathPolicy queueFor(Duration wait) {
        return new NoPathPolicy(Durations.positiveNanos("no-path wait", wait));
    }

    /** Wait without a bound. A request's own deadline still ends it; the device's default request time-out does not. */
    public static NoPathPolicy queueForever() {
        return FOREVER;
    }

    /** The wait in nanoseconds: 0 fails at once, {@link Long#MAX_VALUE} waits for ever. */
    public long waitNanos() {
        return waitNanos;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoPathPolicy that && waitNanos == that.waitNanos;
    }

    @Override
    public int hashCode() {
        return Objects.hash(waitNanos);
    }

    /** {@code fail}, {@code queue} or {@code queue:PT30S}. */
    @Override
    public String toString() {
        if (waitNanos == 0) {
            return "fail";
        }
        return waitNanos == Long.MAX_VALUE ? "queue" : "queue:" + Duration.ofNanos(waitNanos);
    }
}
