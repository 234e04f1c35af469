package io.mpath.nvme.command;

import io.mpath.internal.codec.PageReader;
import io.mpath.reservation.ReservationType;
import java.util.Optional;

/** RTYPE: the reservation types by their numbers (NVMe Base 2.1 7.5, figure "Reservation Type Encoding"). 0 is none. */
final class Rtype {
    private Rtype() {}

    static int code(ReservationType type) {
        return switch (type) {
            case WRITE_EXCLUSIVE -> 1;
            case EXCLUSIVE_ACCESS -> 2;
            case WRITE_EXCLUSIVE_REGISTRANTS_ONLY -> 3;
            case EXCLUSIVE_ACCESS_REGISTRANTS_ONLY -> 4;
            case WRITE_EXCLUSIVE_ALL_REGISTRANTS -> 5;
            case EXCLUSIVE_ACCESS_ALL_REGISTRANTS -> 6;
        };
    }

    static Optional<ReservationType> decode(PageReader in, long at) {
        int code = in.u8(at, "RTYPE");
        if (code == 0) {
            return Optional.empty();
        }
        for (ReservationType type : ReservationType.values()) {
            if (code(type) == code) {
                return Optional.of(type);
            }
        }
        throw in.error(at, "RTYPE", code + " is no reservation type");
    }
}
