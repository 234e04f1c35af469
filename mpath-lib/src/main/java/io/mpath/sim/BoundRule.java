package io.mpath.sim;

/**
 * Nothing waits past its bound: a request ends two ticks after its deadline at the latest, the time during which the simulated
 * machine itself stood still not counted. Where its device waits for a path without a bound, and the request has no deadline of
 * its own, there is none.
 */
final class BoundRule implements Rule {
    private static final String RULE = "no request waits past its deadline";

    /** The world gives every delay to the nanosecond; a chain of tasks may take a few instants. */
    private static final long CHAIN = 5_000_000L;

    private final Referee referee;
    private boolean forEver;

    BoundRule(Referee referee) {
        this.referee = referee;
    }

    /** A device waits for ever, now or some time in this run. */
    void waitsForEver() {
        forEver = true;
    }

    @Override
    public void ended(ClientRequest request) {
        long bound = request.timeoutNanos + Referee.TWO_TICKS + CHAIN + referee.stalledNanos();
        if (request.endedNanos - request.beganNanos > bound && (request.ownTimeout || !forEver)) {
            throw referee.broken(
                    RULE,
                    request + " took "
                            + Story.time(request.endedNanos - request.beganNanos)
                                    .strip() + ", with " + Story.time(bound).strip() + " as its bound");
        }
    }
}
