package io.mpath.nvme.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;

/**
 * The first bytes of the ANA log page: enough to see whether anything changed.
 *
 * @param changeCount CHGC: moves with every change in the log; 64 bits that wrap, to be compared for equality only
 * @param groupCount NAGD: how many group descriptors follow
 */
public record AnaLogHeader(long changeCount, int groupCount) {
    /** How many bytes to read for it. */
    public static final int BYTES = 16;

    /** Reads the header. @throws io.mpath.PageFormatException when it is cut off */
    public static AnaLogHeader decode(ByteBuffer page) {
        return decode(PageReader.littleEndian(AnaLog.PAGE, page));
    }

    static AnaLogHeader decode(PageReader in) {
        in.require(0, BYTES, "header");
        return new AnaLogHeader(in.bits64(0, "CHGC"), in.u16(8, "NAGD"));
    }
}
