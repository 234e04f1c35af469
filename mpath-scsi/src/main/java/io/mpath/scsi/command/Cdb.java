package io.mpath.scsi.command;

import java.nio.ByteBuffer;

/** Where a command descriptor block is written. The CONTROL byte at its end is always 0. */
final class Cdb {
    static final byte FUA = 0x08;

    private Cdb() {}

    /** Moves the position behind {@code length} bytes, and gives them back as zeroes, in the order of SCSI. */
    static ByteBuffer begin(ByteBuffer target, int length) {
        int start = target.position();
        ByteBuffer out = target.slice(start, length);
        for (int i = 0; i < length; i++) {
            out.put(i, (byte) 0);
        }
        target.position(start + length);
        return out;
    }
}
