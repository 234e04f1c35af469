package io.mpath.policy;

import io.mpath.policy.QueueDepthPolicy.Shallowest;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The candidate with the least (requests in flight + 1) × estimate, but for one that has not been looked at for too long, which
 * gets the request to find out how it is. Reads no clock: what time it is, is told by the last timed request of all candidates,
 * which is exact enough while there are requests, and there is no choice where there are none.
 */
final class LeastExpected implements PathSelector {
    private final SelectablePath[] candidates;
    private final ServiceHistory[] histories;
    private final ToDoubleFunction<ServiceHistory> estimate;
    private final int probeFactor;
    private final PathSelector untaught;

    /**
     * Goes by an estimate.
     *
     * @param estimate of what a request costs, in any unit; 0 when nothing is known
     * @param probeFactor see {@link ServiceHistory#probeNanos}
     */
    LeastExpected(
            List<? extends SelectablePath> candidates, ToDoubleFunction<ServiceHistory> estimate, int probeFactor) {
        this.candidates = candidates.toArray(SelectablePath[]::new);
        this.histories = candidates.stream().map(SelectablePath::history).toArray(ServiceHistory[]::new);
        this.estimate = estimate;
        this.probeFactor = probeFactor;
        this.untaught = new Shallowest(this.candidates);
    }

    @Override
    public int select(SelectorCursor cursor) {
        int count = histories.length;
        int best = -1;
        double least = 0;
        long now = 0;
        int untried = -1;
        int longest = -1;
        long due = 0;
        int at = cursor.searchFrom(count);
        for (int i = 0; i < count; i++) {
            if (++at >= count) {
                at = 0;
            }
            ServiceHistory history = histories[at];
            double cost = estimate.applyAsDouble(history);
            if (cost > 0) {
                long sampled = history.sampledNanos();
                now = best < 0 || sampled - now > 0 ? sampled : now;
                double expected = cost * history.caution() * (candidates[at].inFlight() + 1L);
                if (best < 0 || expected < least) {
                    best = at;
                    least = expected;
                }
            } else if (history.untried()) {
                untried = at;
            }
            long probe = history.probeNanos(probeFactor);
            if (longest < 0 || probe - due < 0) {
                longest = at;
                due = probe;
            }
        }
        if (best < 0) {
            return untaught.select(cursor);
        }
        if (untried >= 0) {
            longest = untried;
            due = now;
        }
        if (now - due >= 0 && histories[longest].claimProbe(now)) {
            best = longest;
        }
        cursor.chose(best, candidates[best].ordinal());
        return best;
    }
}
