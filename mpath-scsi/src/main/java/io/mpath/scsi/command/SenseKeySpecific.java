package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.util.OptionalInt;

/** Three bytes that mean what the sense key says (SPC-6), if their first bit says that they mean anything. */
final class SenseKeySpecific {
    private static final int VALID = 0x80;

    private SenseKeySpecific() {}

    static OptionalInt decode(PageReader in, long at) {
        int first = in.u8(at, "SENSE KEY SPECIFIC");
        return (first & VALID) == 0
                ? OptionalInt.empty()
                : OptionalInt.of((first & ~VALID) << 16 | in.u16(at + 1, "SENSE KEY SPECIFIC"));
    }
}
