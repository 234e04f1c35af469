package io.mpath.path;

import io.mpath.reservation.ReservationCapabilities;
import io.mpath.reservation.ReservationState;

/** What came of a {@link ReservationCommand}. */
public sealed interface ReservationReply {
    /** The device carried it out. */
    record Done() implements ReservationReply {}

    /** The answer of {@link ReservationCommand.Read}. */
    record Status(ReservationState state) implements ReservationReply {}

    /** The answer of {@link ReservationCommand.ReadAbilities}. */
    record Abilities(ReservationCapabilities capabilities) implements ReservationReply {}

    /** The device refused it for what is registered or reserved (SCSI status 18h, NVMe status 83h). */
    record Conflict(String cause) implements ReservationReply {}

    /** The device does not have this command, service action or type. */
    record Unsupported(String cause) implements ReservationReply {}

    /** The device answered with another error, or with nonsense. It changed nothing. */
    record Refused(String cause) implements ReservationReply {}

    /** It did not reach the device, or the device did not take it: another path may. */
    record NotExecuted(String cause) implements ReservationReply {}

    /** Nobody answered: it may have been carried out, and may still be. */
    record Unknown(String cause) implements ReservationReply {}
}
