package io.mpath.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Each request ends exactly once, its buffers are released exactly once and not before, and no attempt is made afterwards. */
final class EndsOnceRule implements Rule {
    private static final String RULE = "each request ends exactly once";

    private final Referee referee;
    private final List<ClientRequest> requests;

    EndsOnceRule(Referee referee, List<ClientRequest> requests) {
        this.referee = referee;
        this.requests = requests;
    }

    @Override
    public void submitted(Route route, SimAttempt attempt, @Nullable ClientRequest request) {
        if (request != null && request.ends > 0) {
            throw referee.broken(RULE, request + " has ended, and " + route.name() + " is given an attempt of it");
        }
    }

    @Override
    public void ended(ClientRequest request) {
        if (request.ends != 1) {
            throw referee.broken(RULE, request + " ends for the second time, as " + request.status);
        }
    }

    @Override
    public void released(ClientRequest request) {
        if (request.ends != 1 || request.releases != 1) {
            throw referee.broken(
                    RULE,
                    "the buffers of " + request + " are released " + request.releases + " times, its end told "
                            + request.ends + " times");
        }
    }

    @Override
    public void closed() {
        for (ClientRequest request : requests) {
            if (!request.over()) {
                throw referee.broken(
                        RULE,
                        request + " of " + request.client + " was told " + request.ends + " ends and "
                                + request.releases + " releases when all was over");
            }
        }
    }
}
