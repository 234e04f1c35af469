package io.mpath.nvme.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;

/**
 * The Reservation Notification log page (LID 80h; NVMe Base 2.1 5.1.12.1.32): one thing that happened, the oldest that was not
 * read yet. Reading it forgets it.
 *
 * @param count its number, from 1 on, of 64 bits that wrap to 1; 0 for {@link Kind#NONE}
 * @param kind what happened
 * @param available how many more there are, 255 for as many or more
 * @param nsid the namespace that it happened at
 */
public record ReservationNotification(long count, Kind kind, int available, long nsid) {
    /** The length of the page, in bytes. */
    public static final int BYTES = 64;

    private static final String PAGE = "Reservation Notification log";
    private static final int TYPE_OFFSET = 8;

    /** What happened, to this host by another one. */
    public enum Kind {
        /** Nothing more: the log is empty. */
        NONE(0),
        /** The host's registration was removed by a preempt. */
        REGISTRATION_PREEMPTED(1),
        /** A reservation that gave registrants access was released. */
        RESERVATION_RELEASED(2),
        /** Reservation and registrations were cleared. */
        RESERVATION_PREEMPTED(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    /** Reads the page. @throws io.mpath.PageFormatException when it is cut off, or of a kind that there is not */
    public static ReservationNotification decode(ByteBuffer page) {
        PageReader in = PageReader.littleEndian(PAGE, page);
        in.require(0, BYTES, PAGE);
        return new ReservationNotification(in.bits64(0, "LPC"), kind(in), in.u8(9, "NALP"), in.u32(12, "NSID"));
    }

    private static Kind kind(PageReader in) {
        int code = in.u8(TYPE_OFFSET, "RNLPT");
        for (Kind kind : Kind.values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw in.error(TYPE_OFFSET, "RNLPT", code + " is no kind of notification");
    }
}
