package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Supported VPD Pages, VPD page 00h (SPC-6).
 *
 * @param codes the page codes, in the order of the page
 */
public record SupportedVpdPages(List<Integer> codes) {
    /** The code of this page. */
    public static final int CODE = 0x00;

    /** Copies the list. */
    public SupportedVpdPages {
        codes = List.copyOf(codes);
    }

    /** Reads the page. @throws io.mpath.PageFormatException when it is another page, or longer than what was received */
    public static SupportedVpdPages decode(ByteBuffer page) {
        PageReader in = PageReader.bigEndian("VPD page 0x00", page);
        int end = VpdPage.end(in, CODE);
        var codes = new ArrayList<Integer>();
        for (int at = VpdPage.HEADER_BYTES; at < end; at++) {
            codes.add(in.u8(at, "SUPPORTED VPD PAGE"));
        }
        return new SupportedVpdPages(codes);
    }

    /** Whether the logical unit has that page. */
    public boolean has(int code) {
        return codes.contains(code);
    }
}
