package io.mpath.sim;

import io.mpath.IoOperation;
import org.jspecify.annotations.Nullable;

/** What must not be repeated is not: a passthrough is given to one path, a compare-and-write takes effect once at most. */
final class OneTryRule implements Rule {
    private static final String RULE = "what is not repeatable is not repeated";

    private final Referee referee;

    OneTryRule(Referee referee) {
        this.referee = referee;
    }

    @Override
    public void submitted(Route route, SimAttempt attempt, @Nullable ClientRequest request) {
        if (request != null && request.operation == IoOperation.PASSTHROUGH && request.taken > 0) {
            throw referee.broken(RULE, route.name() + " is given " + request + ", which another path has taken");
        }
    }

    /** A compare-and-write of {@code request} took effect. */
    void replaced(ClientRequest request) {
        if (request.landings > 1) {
            throw referee.broken(RULE, request + " took effect twice");
        }
    }
}
