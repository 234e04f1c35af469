package io.mpath.sim;

import io.mpath.IoOperation;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait are served in order: of two reads of one device that found no way when they were handed in, the one whose
 * hand-in had returned when the other's began is given to a path first. Reads only, since a write may have to wait for another
 * one; none that is split; and only while the device cannot have been full, since a slot is waited for before a path is.
 */
final class OrderRule implements Rule {
    private static final String RULE = "requests that wait are served in order";

    private final SimWorld world;
    private final Referee referee;
    private long places;

    OrderRule(SimWorld world, Referee referee) {
        this.world = world;
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
        for (ClientRequest other : request.unit.waiting()) {
            if (other.device == request.device && other.place <= request.placeAtBegin && !expired(other)) {
                throw referee.broken(RULE, request + " is sent before " + other + ", which was parked before it came");
            }
        }
    }

    /** It may have been ended by its deadline, without its client having been told. */
    private boolean expired(ClientRequest request) {
        return world.nanos() - request.beganNanos >= request.timeoutNanos;
    }
}
