package io.mpath.sim;

import io.mpath.IoOperation;
import io.mpath.MultipathDevice;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait are served in order: of two reads of one device that found no way when they were handed in, the one whose
 * hand-in had returned when the other's began is given to a path first. Reads only, since a write may have to wait for another
 * one; none that is split; and only while the device cannot have been full, since a slot is waited for before a path is.
 */
final class OrderRule implements Rule {
    private static final String RULE = "requests that wait are served in order";

    private final Referee referee;
    private final IdentityHashMap<MultipathDevice, ClientRequest> youngestSent = new IdentityHashMap<>();
    private long places;

    OrderRule(Referee referee) {
        this.referee = referee;
    }

    @Override
    public void began(ClientRequest request) {
        request.placeAtBegin = places;
    }

    @Override
    public void returned(ClientRequest request) {
        request.parked = request.attempts == 0
                && request.ends == 0
                && request.operation == IoOperation.READ
                && request.pieces == 1;
        if (request.parked) {
            request.place = ++places;
        }
    }

    @Override
    public void submitted(Route route, SimAttempt attempt, @Nullable ClientRequest request) {
        if (request == null || !request.parked || request.attempts != 1 || request.unit.mayHaveBeenFull) {
            return;
        }
        ClientRequest before = youngestSent.get(request.device);
        if (before != null && before.placeAtBegin >= request.place) {
            throw referee.broken(RULE, request + " is sent after " + before + ", before which it was parked");
        }
        if (before == null || before.placeAtBegin < request.placeAtBegin) {
            youngestSent.put(request.device, request);
        }
    }
}
