package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;

/** What all vital product data pages begin with (SPC-6): device type, page code, and how long the page is. */
public final class VpdPage {
    /** The bytes ahead of what a page is about. */
    public static final int HEADER_BYTES = 4;

    private VpdPage() {}

    /**
     * How long the page is, whatever was received of it: the allocation length that gets all of it.
     *
     * @throws io.mpath.PageFormatException when fewer than {@link #HEADER_BYTES} bytes were received
     */
    public static int lengthOf(ByteBuffer page) {
        return HEADER_BYTES + PageReader.bigEndian("VPD page", page).u16(2, "PAGE LENGTH");
    }

    /** Checks that it is that page and all of it was received; gives back its end. */
    static int end(PageReader in, int code) {
        int received = in.u8(1, "PAGE CODE");
        if (received != code) {
            throw in.error(1, "PAGE CODE", "is %02Xh".formatted(received));
        }
        int length = in.u16(2, "PAGE LENGTH");
        in.require(HEADER_BYTES, length, "PAGE LENGTH");
        return HEADER_BYTES + length;
    }
}
