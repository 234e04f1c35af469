package io.mpath.internal.reservation;

import io.mpath.path.ReservationReply;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationState;
import java.util.Optional;

/** What a reply of one path means for who asked. */
final class Replies {
    private Replies() {}

    /** The outcome of a command that one path answered, and that was the whole of it. */
    static ReservationOutcome outcome(String what, ReservationReply reply) {
        String text = what + ": " + reply.cause();
        return switch (reply.kind()) {
            case DONE -> new ReservationOutcome.Done(what);
            case CONFLICT -> new ReservationOutcome.Conflict(text, Optional.empty());
            case UNSUPPORTED -> new ReservationOutcome.NotSupported(text);
            case NOT_EXECUTED -> new ReservationOutcome.NoPath(text);
            case UNKNOWN -> new ReservationOutcome.Unknown(text);
            case REFUSED -> new ReservationOutcome.Refused(text);
            case STATUS, ABILITIES -> new ReservationOutcome.Refused(what + ": an answer to another question");
        };
    }

    static ReservationOutcome conflict(String what, ReservationState state) {
        String held = state.reservation()
                .map(reservation -> reservation.type()
                        + (reservation.holder().isNone()
                                ? " is held by all registrants"
                                : " is held by " + reservation.holder()))
                .orElse("nothing is reserved");
        return new ReservationOutcome.Conflict(what + ": reservation conflict, " + held, Optional.of(state));
    }
}
