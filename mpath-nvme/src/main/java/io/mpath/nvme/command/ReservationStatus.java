package io.mpath.nvme.command;

import io.mpath.internal.codec.PageReader;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The Reservation Status data structure, and the extended one (NVMe Base 2.1 7.8). A host with several controllers may be told once
 * for each of them, or once.
 *
 * @param generation GEN: grows with every change of a registration, and wraps at 2^32
 * @param type RTYPE: what is reserved, or empty
 * @param persistsThroughPowerLoss PTPLS
 * @param registrants in the order of the data structure
 */
public record ReservationStatus(
        long generation,
        Optional<ReservationType> type,
        boolean persistsThroughPowerLoss,
        List<RegisteredController> registrants) {
    /** Fits 63 registrants with extended host identifiers; how many there are is told by any answer: {@link #wholeBytes}. */
    public static final int BYTES = 4096;

    private static final String PAGE = "Reservation Status";
    private static final int COUNT_OFFSET = 5;
    private static final int PTPLS_OFFSET = 9;
    private static final int HEADER_BYTES = 24;
    private static final int ENTRY_BYTES = 24;
    private static final int EXTENDED_HEADER_BYTES = 64;
    private static final int EXTENDED_ENTRY_BYTES = 64;
    private static final int NO_CONTROLLER = 0xffff;

    /**
     * A registrant, at one of its controllers.
     *
     * @param controllerId CNTLID, or empty where the registrant is told without one, or with one that comes and goes (FFFFh)
     * @param holder RCSTS: whether it holds the reservation
     * @param key RKEY
     * @param host HOSTID in hex digits, byte by byte; all zeroes is nobody's: a host to itself at each controller
     */
    public record RegisteredController(OptionalInt controllerId, boolean holder, ReservationKey key, String host) {
        /** Whether HOSTID is one. */
        public boolean hasHost() {
            return !host.matches("0*");
        }
    }

    /** Keeps its own list. */
    public ReservationStatus {
        registrants = List.copyOf(registrants);
    }

    /**
     * How long the data structure is of which this is the beginning, in bytes: a little more than 4 MiB at most.
     *
     * @param extended whether it is the extended one
     * @throws io.mpath.PageFormatException when even the count is cut off
     */
    public static int wholeBytes(ByteBuffer beginning, boolean extended) {
        int count = PageReader.littleEndian(PAGE, beginning).u16(COUNT_OFFSET, "REGSTRNT");
        return extended ? EXTENDED_HEADER_BYTES + count * EXTENDED_ENTRY_BYTES : HEADER_BYTES + count * ENTRY_BYTES;
    }

    /**
     * Reads it.
     *
     * @param extended whether it is the extended one
     * @throws io.mpath.PageFormatException when it is cut off, or has fewer registrants than it says, or a type that there is not
     */
    public static ReservationStatus decode(ByteBuffer data, boolean extended) {
        PageReader in = PageReader.littleEndian(PAGE, data);
        int count = in.u16(COUNT_OFFSET, "REGSTRNT");
        int header = extended ? EXTENDED_HEADER_BYTES : HEADER_BYTES;
        int entry = extended ? EXTENDED_ENTRY_BYTES : ENTRY_BYTES;
        in.require(header, count * (long) entry, "REGSTRNT");
        List<RegisteredController> registrants = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = header + i * entry;
            registrants.add(extended ? registrant(in, at, 8, 16, 16) : registrant(in, at, 16, 8, 8));
        }
        return new ReservationStatus(
                in.u32(0, "GEN"), Rtype.decode(in, 4), (in.u8(PTPLS_OFFSET, "PTPLS") & 1) != 0, registrants);
    }

    private static RegisteredController registrant(PageReader in, int at, int key, int host, int hostBytes) {
        int controllerId = in.u16(at, "CNTLID");
        return new RegisteredController(
                controllerId == NO_CONTROLLER ? OptionalInt.empty() : OptionalInt.of(controllerId),
                (in.u8(at + 2L, "RCSTS") & 1) != 0,
                new ReservationKey(in.bits64(at + (long) key, "RKEY")),
                HexFormat.of().formatHex(in.bytes(at + (long) host, hostBytes, "HOSTID")));
    }
}
