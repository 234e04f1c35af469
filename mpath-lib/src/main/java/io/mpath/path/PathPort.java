package io.mpath.path;

import io.mpath.ConfigurationException;
import io.mpath.internal.Durations;
import java.time.Duration;
import java.util.Objects;

/**
 * What the paths of many logical units share: an NVMe controller, a SCSI I_T nexus. Its liveness is reported once for all of
 * them ({@link PathControl#liveness}), and requests in flight are counted over all of them. Compared by identity: the paths of
 * one port hold the same object.
 */
public final class PathPort {
    /** The node of a port that is not bound to any. */
    public static final int NO_NODE = -1;

    private final String name;
    private final int numaNode;
    private final Timeouts timeouts;

    /**
     * A port.
     *
     * @param name what an administrator knows it by, such as {@code nvme0} or {@code host4}
     * @param numaNode the memory node that it is attached to, or {@link #NO_NODE}
     * @param timeouts how long its loss is borne
     */
    public PathPort(String name, int numaNode, Timeouts timeouts) {
        this.name = Objects.requireNonNull(name, "name");
        this.numaNode = Math.max(numaNode, NO_NODE);
        this.timeouts = Objects.requireNonNull(timeouts, "timeouts");
    }

    /** A port on no particular node, whose loss its own driver times. */
    public PathPort(String name) {
        this(name, NO_NODE, Timeouts.NONE);
    }

    /** What an administrator knows it by. */
    public String name() {
        return name;
    }

    /** The memory node that it is attached to, or {@link #NO_NODE}. */
    public int numaNode() {
        return numaNode;
    }

    /** How long its loss is borne. */
    public Timeouts timeouts() {
        return timeouts;
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * How long the loss of a port is borne, counted from the moment it stops being live. Zero switches a timer off.
     *
     * @param reconnectDelay between two attempts of its driver to connect it (Linux: {@code reconnect_delay})
     * @param fastFail until its paths no longer count as ones that may come back (Linux: {@code fast_io_fail_tmo})
     * @param loss until it counts as dead and its paths are removed (Linux: {@code ctrl_loss_tmo}, {@code dev_loss_tmo})
     */
    public record Timeouts(Duration reconnectDelay, Duration fastFail, Duration loss) {
        /** No timers: what the driver reports is all there is. */
        public static final Timeouts NONE = new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO);

        /** Checks each and their order. @throws ConfigurationException naming the combination that cannot be meant */
        public Timeouts {
            long reconnectNanos = Durations.nanos("reconnect delay", reconnectDelay);
            long fastFailNanos = Durations.nanos("fast-fail time-out", fastFail);
            long lossNanos = Durations.nanos("loss time-out", loss);
            if (lossNanos != 0 && reconnectNanos > lossNanos) {
                throw new ConfigurationException(
                        "reconnect delay of " + reconnectDelay + " is longer than the loss time-out of " + loss
                                + ": the port would be lost before it is tried");
            }
            if (fastFailNanos != 0 && fastFailNanos < reconnectNanos) {
                throw new ConfigurationException(
                        "fast-fail time-out of " + fastFail + " is shorter than the reconnect delay of "
                                + reconnectDelay + ": it would always expire first");
            }
            if (fastFailNanos != 0 && lossNanos != 0 && fastFailNanos > lossNanos) {
                throw new ConfigurationException("fast-fail time-out of " + fastFail
                        + " is longer than the loss time-out of " + loss + ": it would never expire");
            }
        }
    }
}
