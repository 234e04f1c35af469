package io.mpath.internal.device;

import io.mpath.ControlLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What paths report, on its way to the control loop. Kept apart from the loop's other tasks, so that failures, which arrive
 * many at a time, never come before the reports that the same thread made earlier.
 *
 * <p>Threading: any thread makes reports; the control loop carries them out.
 */
final class ReportQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ReportQueue.class);

    private final Queue<Runnable> made = new ConcurrentLinkedQueue<>();
    private final ControlLoop loop;

    ReportQueue(ControlLoop loop) {
        this.loop = loop;
    }

    void make(Runnable report) {
        made.add(report);
        loop.execute(this::carryOut);
    }

    /** Carries out all that were made so far. On the control loop. */
    void carryOut() {
        for (Runnable report = made.poll(); report != null; report = made.poll()) {
            try {
                report.run();
            } catch (RuntimeException e) {
                LOG.error("a report of a path could not be carried out: this is a bug", e);
            }
        }
    }
}
