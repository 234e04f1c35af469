package io.mpath.sim;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is sent again is sent as its last failure allows: after the pause that a device asked for, a bounded number of times unless
 * it was refused, and a compare-and-write only if it surely was not executed. Looked at where a request is one attempt at a time.
 */
final class RepeatRule implements Rule {
    private static final String RULE = "what is sent again may be, by then";
    /** Five through one path, and one before another is asked. */
    private static final int MOST_PAUSES = 6;

    private final SimWorld world;
    private final Referee referee;
    private final IdentityHashMap<ClientRequest, History> histories = new IdentityHashMap<>();

    RepeatRule(SimWorld world, Referee referee) {
        this.world = world;
        this.referee = referee;
    }

    /** The attempts of one request. */
    private static final class History {
        private @Nullable SimAttempt last;
        private int pauses;
    }

    @Override
    public void submitted(Route route, SimAttempt attempt, @Nullable ClientRequest request) {
        if (request == null || request.pieces > 1) {
            return;
        }
        History history = histories.computeIfAbsent(request, key -> new History());
        PathFailure failure = history.last == null ? null : history.last.failure();
        if (history.last != null && failure != null) {
            String wrong = wrong(request, history, history.last, failure);
            if (!wrong.isEmpty()) {
                throw referee.broken(RULE, route.name() + " is given " + request + " again, " + wrong);
            }
        }
        history.last = attempt;
    }

    private String wrong(ClientRequest request, History history, SimAttempt last, PathFailure failure) {
        // What meets a reservation conflict is not carried out.
        boolean unexecuted =
                failure.certainty() == Certainty.NOT_EXECUTED || failure.status() == IoStatus.RESERVATION_CONFLICT;
        if (request.operation == IoOperation.COMPARE_AND_WRITE && !unexecuted) {
            return "which " + last.path() + " failed as " + failure.certainty();
        }
        if (failure.verdict() != Verdict.RETRY) {
            return "";
        }
        history.pauses += failure.certainty() == Certainty.NOT_EXECUTED ? 0 : 1;
        if (history.pauses > MOST_PAUSES) {
            return "for which devices have asked for " + history.pauses + " pauses";
        }
        long pause = world.nanos() - last.submittedNanos();
        return pause < failure.retryDelayNanos()
                ? pause + " ns after it was given to " + last.path() + ", which asked for a pause of "
                        + failure.retryDelayNanos() + " ns"
                : "";
    }

    @Override
    public void ended(ClientRequest request) {
        histories.remove(request);
    }
}
