package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;

/**
 * Logical Block Provisioning, VPD page B2h (SBC-5).
 *
 * @param thresholdExponent THRESHOLD EXPONENT; 0 for no thresholds
 * @param unmap LBPU: whether UNMAP is supported
 * @param unmapByWriteSame16 LBPWS: whether WRITE SAME (16) unmaps
 * @param unmapByWriteSame10 LBPWS10: whether WRITE SAME (10) unmaps
 * @param readsAfterUnmap LBPRZ: 0 anything, odd zeroes, 2 the provisioning initialization pattern
 * @param anchors ANC_SUP: whether blocks can be anchored
 * @param type PROVISIONING TYPE: 0 not told or full, 1 resource provisioned, 2 thin
 */
public record LogicalBlockProvisioning(
        int thresholdExponent,
        boolean unmap,
        boolean unmapByWriteSame16,
        boolean unmapByWriteSame10,
        int readsAfterUnmap,
        boolean anchors,
        int type) {
    /** The code of this page. */
    public static final int CODE = 0xb2;

    private static final int FIELDS_BYTES = 8;

    /**
     * Reads the page.
     *
     * @throws io.mpath.PageFormatException when it is another page, longer than what was received, or shorter than its fields
     */
    public static LogicalBlockProvisioning decode(ByteBuffer page) {
        PageReader in = PageReader.bigEndian("VPD page 0xB2", page);
        int end = VpdPage.end(in, CODE);
        if (end < FIELDS_BYTES) {
            throw in.error(2, "PAGE LENGTH", end + " bytes are fewer than " + FIELDS_BYTES);
        }
        int flags = in.u8(5, "LBPU");
        return new LogicalBlockProvisioning(
                in.u8(4, "THRESHOLD EXPONENT"),
                (flags & 0x80) != 0,
                (flags & 0x40) != 0,
                (flags & 0x20) != 0,
                flags >> 2 & 7,
                (flags & 0x02) != 0,
                in.u8(6, "PROVISIONING TYPE") & 7);
    }

    /** Whether a block reads as zeroes once it is unmapped. */
    public boolean zeroesAfterUnmap() {
        return (readsAfterUnmap & 1) != 0;
    }
}
