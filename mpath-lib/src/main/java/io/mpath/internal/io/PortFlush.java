package io.mpath.internal.io;

import io.mpath.Effect;
import io.mpath.IoStatus;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One flush of a device whose ports keep what was written through them to themselves: a part for each port, which succeeds when
 * all of them do, and else fails as the first that failed.
 *
 * <p>Which ports have to be flushed is told by a mark of each path ({@link PathTarget#markWritten}), set before a change is
 * submitted and taken away before the flush is. What makes that exact is the slot of the change: who claims one after the marks
 * were taken finds them gone and sets its own; who had one before is found there by the control loop, which then leaves the mark
 * set, for that change may end behind the flush. The mark is not taken by a flush under way alone: until that has ended, another
 * flush goes to its port as well, for the first may fail.
 *
 * <p>So a healthy change pays for one load. Counting what each port completed would cost a shared line.
 *
 * <p>Threading: parts end on any threads.
 */
public final class PortFlush {
    private final Flight whole;
    private final Consumer<Flight> finisher;
    private final AtomicInteger left;
    private final AtomicReference<@Nullable Flight> failed = new AtomicReference<>();

    private PortFlush(Flight whole, int parts, Consumer<Flight> finisher) {
        this.whole = whole;
        this.finisher = finisher;
        this.left = new AtomicInteger(parts);
    }

    /**
     * Sends {@code whole} to the ports of {@code targets}, which are all different.
     *
     * @param launcher starts a part, which waits when the device is full
     * @param finisher ends {@code whole}, which was settled
     */
    public static void send(
            Flight whole, Collection<PathTarget> targets, Consumer<Flight> launcher, Consumer<Flight> finisher) {
        var flush = new PortFlush(whole, targets.size(), finisher);
        targets.forEach(PathTarget::flushBegins);
        for (PathTarget target : targets) {
            Flight part = Flight.create();
            part.setUpFlushOf(whole, target.path().port());
            part.onComplete((request, status) -> flush.ended(part, target, status));
            launcher.accept(part);
        }
    }

    private void ended(Flight part, PathTarget target, IoStatus status) {
        if (status != IoStatus.SUCCESS) {
            target.markWritten();
            failed.compareAndSet(null, part);
        }
        target.flushEnds();
        if (left.decrementAndGet() == 0) {
            Flight first = failed.get();
            if (first == null) {
                whole.settle(IoStatus.SUCCESS, Effect.DONE, null);
            } else {
                whole.settleLike(first, Effect.NONE);
            }
            finisher.accept(whole);
        }
    }
}
