package io.mpath.internal.device;

import io.mpath.Environment;
import io.mpath.Geometry;
import io.mpath.MultipathException;
import io.mpath.Timers;
import io.mpath.path.DevicePath;
import io.mpath.path.PathDescription;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the path of a bare device says that it leads to, and the asking anew, which blocks elsewhere: whether requests may go
 * there.
 *
 * <p>Threading: any thread reads {@code standing}; it and {@code reports} are written under the monitor, so that a doubt holds from the
 * moment it is reported, and no answer to an older question ends it. All else belongs to the control loop.
 */
final class BareDescription {
    private static final Logger LOG = LoggerFactory.getLogger(BareDescription.class);
    private static final long FIRST_RETRY_NANOS = 1_000_000_000L;
    private static final long LONGEST_RETRY_NANOS = 30_000_000_000L;

    private final DevicePath path;
    private final String device;
    private final PathDescription first;
    private final Environment environment;
    private final Runnable answered;
    private volatile Standing standing;
    private long reports;
    private boolean asking;
    private boolean closed;
    private long retryNanos = FIRST_RETRY_NANOS;
    private Timers.@Nullable Timer retry;

    /** Whether requests may go to the path. */
    enum Gate {
        OPEN,
        /** It is being asked for its identity: they wait for the answer. */
        HELD,
        /** It leads to another unit, or does not say where it leads. */
        SHUT
    }

    /**
     * What holds now.
     *
     * @param why why nothing may be sent, or empty
     */
    record Standing(Gate gate, Geometry geometry, String why) {}

    /**
     * Of a device that is what {@code first} says.
     *
     * @param device for messages
     * @param answered told on the control loop whenever the path was asked
     */
    BareDescription(DevicePath path, String device, PathDescription first, Environment environment, Runnable answered) {
        this.path = path;
        this.device = device;
        this.first = first;
        this.environment = environment;
        this.answered = answered;
        this.standing = new Standing(Gate.OPEN, ofOnePort(first.geometry()), "");
    }

    /** Whatever is written here goes through one port, which any flush reaches. */
    private static Geometry ofOnePort(Geometry geometry) {
        return geometry.withFlushPerPort(false);
    }

    Standing standing() {
        return standing;
    }

    /** Something changed: the path is asked, and used as before until it answers. Any thread. */
    void changed() {
        synchronized (this) {
            reports++;
        }
        environment.loop().execute(this::ask);
    }

    /** It may lead elsewhere by now: nothing goes there before it has answered. Any thread. */
    void doubt() {
        synchronized (this) {
            reports++;
            if (standing.gate() == Gate.OPEN) {
                standing = new Standing(Gate.HELD, standing.geometry(), "its identity is being checked");
            }
        }
        environment.loop().execute(this::ask);
    }

    private void ask() {
        cancelRetry();
        if (asking || closed) {
            return;
        }
        asking = true;
        long asOf = reports();
        environment.blocking().execute(() -> describe(asOf));
    }

    private synchronized long reports() {
        return reports;
    }

    private void describe(long asOf) {
        PathDescription answer = null;
        String failure = "";
        try {
            answer = path.describe();
        } catch (Throwable t) {
            failure = "could not be described: " + (t instanceof MultipathException ? t.getMessage() : t);
        }
        PathDescription said = answer;
        String why = failure;
        environment.loop().execute(() -> answered(said, why, asOf));
    }

    private void answered(@Nullable PathDescription answer, String failure, long asOf) {
        asking = false;
        if (closed) {
            return;
        }
        if (!settle(answer, failure, asOf)) {
            ask();
            return;
        }
        if (answer == null) {
            retry = environment.timers().schedule(retryNanos, this::ask);
            retryNanos = Math.min(2 * retryNanos, LONGEST_RETRY_NANOS);
        } else {
            retryNanos = FIRST_RETRY_NANOS;
        }
        answered.run();
    }

    /** False when something was reported since it was asked. */
    private synchronized boolean settle(@Nullable PathDescription answer, String failure, long asOf) {
        if (reports != asOf) {
            return false;
        }
        Standing before = standing;
        standing = answer == null ? unanswered(before, failure) : after(answer, before);
        tell(before, standing);
        return true;
    }

    private Standing unanswered(Standing before, String failure) {
        if (before.gate() == Gate.OPEN) {
            LOG.warn("{} keeps the size it had, and is asked again: it {}", device, failure);
            return before;
        }
        return new Standing(Gate.SHUT, before.geometry(), "its identity is in doubt: it " + failure);
    }

    private Standing after(PathDescription answer, Standing before) {
        Optional<String> contradiction = first.contradiction(answer);
        return contradiction.isPresent()
                ? new Standing(Gate.SHUT, before.geometry(), "it leads elsewhere by now: " + contradiction.get())
                : new Standing(Gate.OPEN, ofOnePort(answer.geometry()), "");
    }

    private void tell(Standing before, Standing now) {
        if (now.gate() == Gate.SHUT && !now.why().equals(before.why())) {
            LOG.warn("{} takes no requests: {}", device, now.why());
        } else if (now.gate() == Gate.OPEN && before.gate() == Gate.SHUT) {
            LOG.info("{} takes requests again", device);
        }
        long size = now.geometry().sizeBytes();
        if (size != before.geometry().sizeBytes()) {
            LOG.info(
                    "{} has {} bytes now; it had {}",
                    device,
                    size,
                    before.geometry().sizeBytes());
        }
    }

    /** The path is asked no more. On the loop. */
    void close() {
        closed = true;
        cancelRetry();
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }
}
