package io.mpath.internal.device;

import io.mpath.observe.DeviceCounters;
import java.util.concurrent.atomic.LongAdder;

/**
 * What happened to a device's requests off the hot path.
 *
 * <p>Threading: the plain counters are written by the control loop alone; whoever prints them reads them without order. The
 * adders are written by any thread.
 */
final class DeviceTally {
    long failovers;
    long requeues;
    long noPathFailures;
    long timeouts;
    long unknownOutcomes;
    long held;
    long overlaps;
    long overdue;
    long unreachedFlushes;
    final LongAdder late = new LongAdder();
    final LongAdder stray = new LongAdder();

    DeviceCounters counters() {
        return new DeviceCounters(
                failovers,
                requeues,
                noPathFailures,
                timeouts,
                unknownOutcomes,
                held,
                overlaps,
                overdue,
                late.sum(),
                stray.sum(),
                unreachedFlushes);
    }
}
