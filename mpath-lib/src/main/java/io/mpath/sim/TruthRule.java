package io.mpath.sim;

import io.mpath.Effect;
import io.mpath.IoOperation;
import io.mpath.IoStatus;

/** What a request is told to have ended as is what can have happened to it, and its status and effect agree. */
final class TruthRule implements Rule {
    private static final String RULE = "a request ends with the truth";

    private final Referee referee;
    private boolean closing;

    TruthRule(Referee referee) {
        this.referee = referee;
    }

    /** Some device, or the registry, is being closed: requests may end so. */
    void closing() {
        closing = true;
    }

    @Override
    public void ended(ClientRequest request) {
        IoStatus status = request.status;
        Effect effect = request.effect;
        if (status == null || effect == null) {
            throw referee.broken(RULE, request + " ended without status and effect");
        }
        String lie = lie(request, status);
        if (lie.isEmpty()) {
            lie = lie(request.operation, status, effect);
        }
        if (!lie.isEmpty()) {
            throw referee.broken(RULE, request + " ended as " + status + " and " + effect + ": " + lie);
        }
    }

    private static String lie(IoOperation operation, IoStatus status, Effect effect) {
        if ((status == IoStatus.SUCCESS) != (effect == Effect.DONE)) {
            return "done and successful are the same";
        }
        if ((status == IoStatus.OUTCOME_UNKNOWN) != (effect == Effect.MAY_STILL_HAPPEN)) {
            return "unknown is what may still happen, and nothing else";
        }
        if (operation.harmless() && status != IoStatus.SUCCESS && effect != Effect.NONE) {
            return "it changes nothing";
        }
        return "";
    }

    private String lie(ClientRequest request, IoStatus status) {
        return switch (status) {
            case CLOSED -> closing ? "" : "nothing was closed";
            // The clock that the device's own time-out goes by is behind while the control loop stands still.
            case TIMED_OUT ->
                request.endedNanos - request.beganNanos + referee.stalledNanos() < request.timeoutNanos
                        ? "it had time left"
                        : "";
            case QUEUE_FULL -> request.form != ClientRequest.Form.FUTURE ? "" : "a future waits for a slot";
            case PATH_ERROR -> request.operation.repeatable() ? "another path could have done it" : "";
            case MISCOMPARE -> request.operation == IoOperation.COMPARE_AND_WRITE ? "" : "it does not compare anything";
            case OUT_OF_RANGE ->
                request.offset + request.length <= request.unit.bytes() ? "the device never was so small" : "";
            case MISALIGNED, READ_ONLY, UNSUPPORTED, INTERNAL_ERROR ->
                "nothing of that kind is wrong: " + request.message;
            case SUCCESS,
                    NO_PATH,
                    DEVICE_GONE,
                    OUTCOME_UNKNOWN,
                    MEDIUM_ERROR,
                    TARGET_ERROR,
                    PROTECTION_ERROR,
                    NO_SPACE,
                    RESERVATION_CONFLICT -> "";
        };
    }
}
