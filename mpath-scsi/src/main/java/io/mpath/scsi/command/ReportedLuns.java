package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * REPORT LUNS parameter data (SPC-6).
 *
 * @param luns in the order of the list
 */
public record ReportedLuns(List<LogicalUnitNumber> luns) {
    /** The bytes ahead of the first number. */
    public static final int HEADER_BYTES = 8;

    private static final String LIST = "REPORT LUNS data";

    /** Copies the list. */
    public ReportedLuns {
        luns = List.copyOf(luns);
    }

    /**
     * How long the data is, whatever was received of it: the allocation length that gets all of it.
     *
     * @throws io.mpath.PageFormatException when fewer than four bytes were received
     */
    public static long lengthOf(ByteBuffer data) {
        return HEADER_BYTES + PageReader.bigEndian(LIST, data).u32(0, "LUN LIST LENGTH");
    }

    /** Reads it. @throws io.mpath.PageFormatException when it is longer than what was received, or ends within a number */
    public static ReportedLuns decode(ByteBuffer data) {
        PageReader in = PageReader.bigEndian(LIST, data);
        long length = in.u32(0, "LUN LIST LENGTH");
        in.require(HEADER_BYTES, length, "LUN LIST LENGTH");
        if (length % Long.BYTES != 0) {
            throw in.error(0, "LUN LIST LENGTH", length + " is no multiple of " + Long.BYTES);
        }
        var luns = new ArrayList<LogicalUnitNumber>();
        for (long at = HEADER_BYTES; at < HEADER_BYTES + length; at += Long.BYTES) {
            luns.add(new LogicalUnitNumber(in.bits64(at, "LUN")));
        }
        return new ReportedLuns(luns);
    }
}
