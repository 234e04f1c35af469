package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One registration, as READ FULL STATUS tells it (SPC-6).
 *
 * @param key its reservation key
 * @param held R_HOLDER: the type of the reservation that it holds, or empty
 * @param relativePort the RELATIVE TARGET PORT IDENTIFIER of its target port; empty where it is for all of them
 *     (ALL_TG_PT)
 * @param initiator the TransportID of its initiator port, as text: the name of an iSCSI port as it is, {@code fc.},
 *     {@code sas.} or {@code srp.} and hexadecimal digits, and all bytes of what is none of these. Empty where it is
 *     not told
 */
public record RegistrationStatus(
        ReservationKey key, Optional<ReservationType> held, OptionalInt relativePort, String initiator) {
    static final int HEADER_BYTES = 24;
    static final int LENGTH_AT = 20;
    private static final int R_HOLDER = 0x01;
    private static final int ALL_TG_PT = 0x02;

    /** Reads the one between these two. */
    static RegistrationStatus decode(PageReader in, int at, int end) {
        int flags = in.u8(at + 12, "R_HOLDER");
        return new RegistrationStatus(
                new ReservationKey(in.bits64(at, "RESERVATION KEY")),
                (flags & R_HOLDER) == 0 ? Optional.empty() : Optional.of(ReservationTypeCode.decode(in, at + 13)),
                (flags & ALL_TG_PT) != 0
                        ? OptionalInt.empty()
                        : OptionalInt.of(in.u16(at + 18, "RELATIVE TARGET PORT IDENTIFIER")),
                TransportId.text(in, at + HEADER_BYTES, end));
    }
}
