package io.mpath.reservation;

import java.time.Duration;
import java.util.Optional;

/** How a change of reservations ended. */
public sealed interface ReservationOutcome {
    /** For an operator, one line. */
    String text();

    /** It is done, on every path that may be given I/O. */
    record Done(String text) implements ReservationOutcome {}

    /**
     * The device refused it for what is registered or reserved. Nothing was changed.
     *
     * @param state what is registered and reserved, read after the refusal; empty where it could not be read
     */
    record Conflict(String text, Optional<ReservationState> state) implements ReservationOutcome {}

    /** The device, or this kind of path, cannot do this. Nothing was changed. */
    record NotSupported(String text) implements ReservationOutcome {}

    /** No path could take it. Nothing was changed. */
    record NoPath(String text) implements ReservationOutcome {}

    /**
     * An answer was lost, and what the device says now does not show that it was carried out; it still may be. Nothing was sent a
     * second time: read what is true before anything depends on it.
     */
    record Unknown(String text) implements ReservationOutcome {}

    /**
     * The device answered with an error, or what was asked makes no sense as things stand. Nothing was changed.
     *
     * @param retryAfter how long nothing but time is in the way, so that it may be asked for again then; zero where that is not known
     */
    record Refused(String text, Duration retryAfter) implements ReservationOutcome {
        /** Where more than time is in the way, or that is not known. */
        public Refused(String text) {
            this(text, Duration.ZERO);
        }
    }

    /** Whether it is {@link Done}. */
    default boolean done() {
        return this instanceof Done;
    }
}
