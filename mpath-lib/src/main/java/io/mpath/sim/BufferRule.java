package io.mpath.sim;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** The buffers of a request are its maker's again when no path has an attempt of it any more, and not before. */
final class BufferRule implements Rule {
    private static final String RULE = "buffers are given back when no path uses them";

    private final Referee referee;
    private final IdentityHashMap<ClientRequest, SimAttempt> last = new IdentityHashMap<>();

    BufferRule(Referee referee) {
        this.referee = referee;
    }

    @Override
    public void submitted(Route route, SimAttempt attempt, @Nullable ClientRequest request) {
        if (request != null && request.pieces == 1) {
            last.put(request, attempt);
        }
    }

    @Override
    public void released(ClientRequest request) {
        SimAttempt attempt = last.remove(request);
        if (attempt != null && attempt.withPath()) {
            throw referee.broken(RULE, request + " is with " + attempt.path());
        }
    }
}
