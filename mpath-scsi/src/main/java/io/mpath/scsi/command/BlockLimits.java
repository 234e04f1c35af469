package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;

/**
 * Block Limits, VPD page B0h (SBC-5). Lengths are in logical blocks. A field that the device does not report, because it
 * is 0 or behind the end of an older, shorter page, is 0.
 *
 * @param writeSameNonZero WSNZ: whether a WRITE SAME of 0 blocks, which is of all, is refused
 * @param maxCompareAndWriteBlocks the longest COMPARE AND WRITE; 0 when it has none
 * @param optimalGranularityBlocks OPTIMAL TRANSFER LENGTH GRANULARITY
 * @param maxTransferBlocks the longest transfer; 0 for no limit
 * @param optimalTransferBlocks a transfer longer than that is slower
 * @param maxUnmapBlocks the most blocks of one UNMAP; 0 when it has none, {@code 0xffffffff} for no limit
 * @param maxUnmapDescriptors the most descriptors of one UNMAP; 0 when it has none, {@code 0xffffffff} for no limit
 * @param unmapGranularityBlocks what is smaller than that may not be unmapped
 * @param unmapAlignmentBlocks the first block of the first whole granule; 0 when it is not told
 * @param maxWriteSameBlocks the longest WRITE SAME; 0 for no limit that is told, and 2^63 - 1 for that or more, which limits nothing
 */
public record BlockLimits(
        boolean writeSameNonZero,
        int maxCompareAndWriteBlocks,
        int optimalGranularityBlocks,
        long maxTransferBlocks,
        long optimalTransferBlocks,
        long maxUnmapBlocks,
        long maxUnmapDescriptors,
        long unmapGranularityBlocks,
        long unmapAlignmentBlocks,
        long maxWriteSameBlocks) {
    /** The code of this page. */
    public static final int CODE = 0xb0;

    private static final int FIRST_EDITION_BYTES = 16;
    private static final long ALIGNMENT_VALID = 0x8000_0000L;

    /**
     * Reads the page.
     *
     * @throws io.mpath.PageFormatException when it is another page, longer than what was received, or shorter than it ever was in a
     *     standard
     */
    public static BlockLimits decode(ByteBuffer page) {
        PageReader in = PageReader.bigEndian("VPD page 0xB0", page);
        int end = VpdPage.end(in, CODE);
        if (end < FIRST_EDITION_BYTES) {
            throw in.error(2, "PAGE LENGTH", end + " bytes are fewer than " + FIRST_EDITION_BYTES);
        }
        long alignment = u32(in, end, 32, "UNMAP GRANULARITY ALIGNMENT");
        return new BlockLimits(
                (in.u8(4, "WSNZ") & 0x01) != 0,
                in.u8(5, "MAXIMUM COMPARE AND WRITE LENGTH"),
                in.u16(6, "OPTIMAL TRANSFER LENGTH GRANULARITY"),
                in.u32(8, "MAXIMUM TRANSFER LENGTH"),
                in.u32(12, "OPTIMAL TRANSFER LENGTH"),
                u32(in, end, 20, "MAXIMUM UNMAP LBA COUNT"),
                u32(in, end, 24, "MAXIMUM UNMAP BLOCK DESCRIPTOR COUNT"),
                u32(in, end, 28, "OPTIMAL UNMAP GRANULARITY"),
                (alignment & ALIGNMENT_VALID) != 0 ? alignment & ~ALIGNMENT_VALID : 0,
                end >= 44 ? saturated(in.bits64(36, "MAXIMUM WRITE SAME LENGTH")) : 0);
    }

    private static long saturated(long unsigned) {
        return unsigned < 0 ? Long.MAX_VALUE : unsigned;
    }

    private static long u32(PageReader in, int end, int at, String field) {
        return at + Integer.BYTES <= end ? in.u32(at, field) : 0;
    }
}
