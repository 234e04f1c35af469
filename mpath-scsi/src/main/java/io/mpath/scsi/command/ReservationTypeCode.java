package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import io.mpath.reservation.ReservationType;

/** The SCOPE and TYPE of a reservation, one byte (SPC-6). There is one scope, that of the logical unit, which is 0. */
final class ReservationTypeCode {
    private ReservationTypeCode() {}

    static int of(ReservationType type) {
        return switch (type) {
            case WRITE_EXCLUSIVE -> 0x1;
            case EXCLUSIVE_ACCESS -> 0x3;
            case WRITE_EXCLUSIVE_REGISTRANTS_ONLY -> 0x5;
            case EXCLUSIVE_ACCESS_REGISTRANTS_ONLY -> 0x6;
            case WRITE_EXCLUSIVE_ALL_REGISTRANTS -> 0x7;
            case EXCLUSIVE_ACCESS_ALL_REGISTRANTS -> 0x8;
        };
    }

    /** Reads the byte that is there. What is obsolete or reserved is an error: nobody knows what it excludes. */
    static ReservationType decode(PageReader in, int at) {
        int value = in.u8(at, "SCOPE and TYPE");
        return switch (value) {
            case 0x1 -> ReservationType.WRITE_EXCLUSIVE;
            case 0x3 -> ReservationType.EXCLUSIVE_ACCESS;
            case 0x5 -> ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
            case 0x6 -> ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY;
            case 0x7 -> ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS;
            case 0x8 -> ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS;
            default -> throw in.error(at, "SCOPE and TYPE", "%02Xh is obsolete or reserved".formatted(value));
        };
    }
}
