package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;

/**
 * Unit Serial Number, VPD page 80h (SPC-6).
 *
 * @param serialNumber without the spaces that pad it; empty when the device has none to tell
 */
public record UnitSerialNumber(String serialNumber) {
    /** The code of this page. */
    public static final int CODE = 0x80;

    /**
     * Reads the page.
     *
     * @throws io.mpath.PageFormatException when it is another page, longer than what was received, or no text
     */
    public static UnitSerialNumber decode(ByteBuffer page) {
        PageReader in = PageReader.bigEndian("VPD page 0x80", page);
        int end = VpdPage.end(in, CODE);
        return new UnitSerialNumber(in.name(VpdPage.HEADER_BYTES, end - VpdPage.HEADER_BYTES, "PRODUCT SERIAL NUMBER")
                .strip());
    }
}
