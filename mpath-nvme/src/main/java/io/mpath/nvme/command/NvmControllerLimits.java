package io.mpath.nvme.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;

/**
 * The Identify Controller data structure of the NVM command set (Identify, CNS 06h, CSI 00h; NVM Command Set 1.1 4.1.5.2):
 * limits of single commands. A 0 is no limit.
 *
 * @param verifySize VSL: the longest Verify as a power of two of the smallest memory page
 * @param writeZeroesSize WZSL: the longest Write Zeroes as a power of two of the smallest memory page
 * @param deallocateRanges DMRL: how many ranges one Dataset Management may have
 * @param deallocateRangeBlocks DMRSL: how long one of them may be, in logical blocks
 * @param deallocateBlocks DMSL: how long all of them together may be, in logical blocks
 */
public record NvmControllerLimits(
        int verifySize, int writeZeroesSize, int deallocateRanges, long deallocateRangeBlocks, long deallocateBlocks) {
    private static final String PAGE = "Identify Controller, NVM command set";

    /** Reads 4096 bytes. @throws io.mpath.PageFormatException when there are fewer, or DMSL is more than there can be */
    public static NvmControllerLimits decode(ByteBuffer page) {
        PageReader in = PageReader.littleEndian(PAGE, page);
        in.require(0, Identify.DATA_BYTES, PAGE);
        return new NvmControllerLimits(
                in.u8(0, "VSL"), in.u8(1, "WZSL"), in.u8(3, "DMRL"), in.u32(4, "DMRSL"), in.u64(8, "DMSL"));
    }
}
