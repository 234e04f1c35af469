package io.mpath.internal.reservation;

import io.mpath.path.ReservationReply;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationState;
import java.util.Optional;

/** What a reply of one path means for who asked. */
final class Replies {
    private Replies() {}

    static String cause(ReservationReply reply) {
        return switch (reply) {
            case ReservationReply.Conflict conflict -> conflict.cause();
            case ReservationReply.Unsupported unsupported -> unsupported.cause();
            case ReservationReply.Refused refused -> refused.cause();
            case ReservationReply.NotExecuted not -> not.cause();
            case ReservationReply.Unknown unknown -> unknown.cause();
            case ReservationReply.Done done -> "done";
            case ReservationReply.Status status -> "an answer to another question";
            case ReservationReply.Abilities abilities -> "an answer to another question";
        };
    }

    /** The outcome of a command that one path answered, and that was the whole of it. */
    static ReservationOutcome outcome(String what, ReservationReply reply) {
        String text = what + ": " + cause(reply);
        return switch (reply) {
            case ReservationReply.Done done -> new ReservationOutcome.Done(what);
            case ReservationReply.Conflict conflict -> new ReservationOutcome.Conflict(text, Optional.empty());
            case ReservationReply.Unsupported unsupported -> new ReservationOutcome.NotSupported(text);
            case ReservationReply.NotExecuted not -> new ReservationOutcome.NoPath(text);
            case ReservationReply.Unknown unknown -> new ReservationOutcome.Unknown(text);
            case ReservationReply.Refused refused -> new ReservationOutcome.Refused(text);
            case ReservationReply.Status status -> new ReservationOutcome.Refused(text);
            case ReservationReply.Abilities abilities -> new ReservationOutcome.Refused(text);
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
