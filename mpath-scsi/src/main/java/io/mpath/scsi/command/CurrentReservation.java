package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * PERSISTENT RESERVE IN parameter data of READ RESERVATION (SPC-6).
 *
 * @param generation PRGENERATION
 * @param type of the reservation, or empty where there is none
 * @param holder the key of its holder; {@link ReservationKey#NONE} where there is none, or all registrants hold it
 */
public record CurrentReservation(long generation, Optional<ReservationType> type, ReservationKey holder) {
    private static final int DESCRIPTOR_BYTES = 16;

    /**
     * Reads it.
     *
     * @throws io.mpath.PageFormatException when it is longer than what was received, is too short for a reservation, or
     *     has one of a type that is not known
     */
    public static CurrentReservation decode(ByteBuffer data) {
        PageReader in = PageReader.bigEndian("READ RESERVATION data", data);
        int length = PersistentReserveIn.end(in) - PersistentReserveIn.HEADER_BYTES;
        long generation = in.u32(0, "PRGENERATION");
        if (length == 0) {
            return new CurrentReservation(generation, Optional.empty(), ReservationKey.NONE);
        }
        if (length < DESCRIPTOR_BYTES) {
            throw in.error(4, "ADDITIONAL LENGTH", length + " bytes are no reservation");
        }
        ReservationType type = ReservationTypeCode.decode(in, 21);
        // Some devices name who reserved it, though all hold it.
        ReservationKey holder =
                type.allRegistrantsHold() ? ReservationKey.NONE : new ReservationKey(in.bits64(8, "RESERVATION KEY"));
        return new CurrentReservation(generation, Optional.of(type), holder);
    }
}
