package io.mpath.policy;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Callers that each keep one request under way, over paths of a model: a policy, its selector and the histories alone, in
 * virtual time. A request that is never answered is lost to its caller after a time-out, as it is in the library.
 */
final class ClosedLoop {
    private static final long TIMEOUT_NANOS = 30_000_000_000L;

    private record Request(
            long atNanos, long number, int path, int absences, long sinceNanos, int among, boolean answered) {}

    private final List<ServedPath> paths;
    private final PathSelector selector;
    private final SelectorCursor cursor = new SelectorCursor(NumaTopology.flat(), 0);
    private final PriorityQueue<Request> underWay =
            new PriorityQueue<>(Comparator.comparingLong(Request::atNanos).thenComparingLong(Request::number));
    private long now;
    private long submitted;

    ClosedLoop(IoPolicy policy, List<ServedPath> paths, int callers) {
        this.paths = paths;
        this.selector = policy.selector(paths, NumaTopology.flat());
        for (int i = 0; i < callers; i++) {
            submit();
        }
    }

    /** How many requests each path is given while {@code duration} passes. */
    long[] run(Duration duration) {
        long end = now + duration.toNanos();
        long[] before = taken();
        while (!underWay.isEmpty() && underWay.peek().atNanos() <= end) {
            Request ended = underWay.remove();
            now = ended.atNanos();
            ServedPath path = paths.get(ended.path());
            path.ended();
            if (ended.among() > 0 && ended.absences() == path.absences()) {
                tell(path.history(), ended);
            }
            submit();
        }
        now = end;
        long[] taken = taken();
        for (int i = 0; i < taken.length; i++) {
            taken[i] -= before[i];
        }
        return taken;
    }

    private void tell(ServiceHistory history, Request ended) {
        if (ended.answered()) {
            history.ended(ended.sinceNanos(), now, ended.among());
        } else {
            history.failed(ended.sinceNanos(), now, ended.among());
        }
    }

    private long[] taken() {
        return paths.stream().mapToLong(path -> path.taken).toArray();
    }

    private void submit() {
        cursor.request(4096);
        int chosen = selector.select(cursor);
        ServedPath path = paths.get(chosen);
        long end = path.take(now);
        int among = path.timesNext(now) ? path.inFlight() : 0;
        boolean answered = end - now < TIMEOUT_NANOS;
        long at = answered ? end : now + TIMEOUT_NANOS;
        underWay.add(new Request(at, submitted++, chosen, path.absences(), now, among, answered));
    }
}
