package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.util.HexFormat;

/**
 * A TransportID (SPC-6 7.6.4), which names an initiator port, as text. It is shown and compared, and nothing else
 * follows from it: so one that is not as it has to be is no error, but shown as the bytes that it has.
 */
final class TransportId {
    private static final int FIBRE_CHANNEL = 0x0;
    private static final int SRP = 0x4;
    private static final int ISCSI = 0x5;
    private static final int SAS = 0x6;
    private static final int ISCSI_HEADER_BYTES = 4;
    private static final int FIXED_BYTES = 24;

    private TransportId() {}

    /** Of the one between these two, which the caller has seen to be there. */
    static String text(PageReader in, int at, int end) {
        if (at == end) {
            return "";
        }
        int first = in.u8(at, "TransportID");
        int format = first >> 6;
        int protocol = first & 0x0f;
        if (protocol == ISCSI && format <= 1) {
            return iscsi(in, at, end);
        }
        if (format == 0 && end - at >= FIXED_BYTES) {
            switch (protocol) {
                case FIBRE_CHANNEL -> {
                    return "fc." + hex(in, at + 8, at + 16);
                }
                case SRP -> {
                    return "srp." + hex(in, at + 8, at + 24);
                }
                case SAS -> {
                    return "sas." + hex(in, at + 4, at + 12);
                }
                default -> {}
            }
        }
        return hex(in, at, end);
    }

    /** Format 0 is the name of the initiator, and format 1 that of its port: the name, {@code ,i,0x} and the ISID. */
    private static String iscsi(PageReader in, int at, int end) {
        if (end - at < ISCSI_HEADER_BYTES) {
            return hex(in, at, end);
        }
        int length = in.u16(at + 2, "ADDITIONAL LENGTH");
        int name = at + ISCSI_HEADER_BYTES;
        return name + length <= end ? in.text(name, length, "ISCSI NAME") : hex(in, at, end);
    }

    private static String hex(PageReader in, int at, int end) {
        return HexFormat.of().formatHex(in.bytes(at, end - at, "TransportID"));
    }
}
