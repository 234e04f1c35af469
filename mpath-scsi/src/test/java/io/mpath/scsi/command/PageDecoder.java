package io.mpath.scsi.command;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/** Every decoder of bytes from a device, with pages that it accepts. */
enum PageDecoder {
    SENSE;

    Object decode(ByteBuffer page) {
        return switch (this) {
            case SENSE -> SenseData.decode(page);
        };
    }

    /** Copies, to be damaged as one likes. */
    List<byte[]> pages() {
        return accepted().map(ByteBuffer::array).toList();
    }

    private Stream<ByteBuffer> accepted() {
        return switch (this) {
            case SENSE ->
                Stream.of(
                        Vectors.bytes("f0 00 23 00 01 02 03 0a 00 00 00 2a 11 04 00 c0 12 34"),
                        Vectors.bytes("72 03 11 04 00 00 00 24" + "00 0a 80 00 01 00 00 00 00 00 00 05"
                                + "01 0a 00 00 00 00 00 00 00 00 00 2a" + "02 06 00 00 c0 12 34 00" + "05 02 00 20"));
        };
    }
}
