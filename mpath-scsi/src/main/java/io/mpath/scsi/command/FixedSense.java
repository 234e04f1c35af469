package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Fixed format sense data (SPC-6). */
final class FixedSense {
    private static final int HEADER_BYTES = 8;

    private FixedSense() {}

    static SenseData decode(PageReader in, boolean deferred) {
        in.require(0, HEADER_BYTES, "fixed format header");
        int flags = in.u8(2, "SENSE KEY");
        int end = Math.min(in.size(), HEADER_BYTES + in.u8(7, "ADDITIONAL SENSE LENGTH"));
        boolean informed = (in.u8(0, "VALID") & 0x80) != 0;
        return new SenseData(
                deferred,
                SenseKey.of(flags & 0x0f),
                end > 12 ? in.u8(12, "ADDITIONAL SENSE CODE") : 0,
                end > 13 ? in.u8(13, "ADDITIONAL SENSE CODE QUALIFIER") : 0,
                informed ? OptionalLong.of(in.u32(3, "INFORMATION")) : OptionalLong.empty(),
                end >= 12 ? OptionalLong.of(in.u32(8, "COMMAND-SPECIFIC INFORMATION")) : OptionalLong.empty(),
                (flags & 0x20) != 0,
                end >= 18 ? SenseKeySpecific.decode(in, 15) : OptionalInt.empty());
    }
}
