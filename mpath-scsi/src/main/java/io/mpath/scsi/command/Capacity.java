package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * READ CAPACITY parameter data (SBC-5). From READ CAPACITY (10), what only the other form tells is 0 or false.
 *
 * @param blocks how many logical blocks there are
 * @param blockBytes the logical block size, in bytes
 * @param physicalBlockBytes the physical block size, in bytes
 * @param lowestAlignedBlock the first logical block that begins a physical one
 * @param protectionType 0 for no protection information, or the type, 1 to 3
 * @param provisioned LBPME: whether blocks can be unmapped
 * @param zeroesAfterUnmap LBPRZ: whether a block reads as zeroes once it is unmapped
 */
public record Capacity(
        long blocks,
        int blockBytes,
        long physicalBlockBytes,
        int lowestAlignedBlock,
        int protectionType,
        boolean provisioned,
        boolean zeroesAfterUnmap) {
    static final int DATA_16_BYTES = 32;
    private static final long MORE_THAN_10 = 0xffff_ffffL;

    /**
     * Reads the answer to READ CAPACITY (10); empty when the logical unit has more blocks than that form can tell.
     *
     * @throws io.mpath.PageFormatException when it is too short, or there can be no such size
     */
    public static Optional<Capacity> decode10(ByteBuffer data) {
        PageReader in = PageReader.bigEndian("READ CAPACITY (10) data", data);
        long last = in.u32(0, "RETURNED LOGICAL BLOCK ADDRESS");
        int blockBytes = blockBytes(in, 4);
        return last == MORE_THAN_10
                ? Optional.empty()
                : Optional.of(new Capacity(blocks(in, last, blockBytes), blockBytes, blockBytes, 0, 0, false, false));
    }

    /**
     * Reads the answer to READ CAPACITY (16).
     *
     * @throws io.mpath.PageFormatException when it is shorter than 32 bytes, or there can be no such size
     */
    public static Capacity decode16(ByteBuffer data) {
        PageReader in = PageReader.bigEndian("READ CAPACITY (16) data", data);
        in.require(0, DATA_16_BYTES, "data");
        int blockBytes = blockBytes(in, 8);
        int protection = in.u8(12, "PROT_EN");
        int exponent = in.u8(13, "LOGICAL BLOCKS PER PHYSICAL BLOCK EXPONENT") & 0x0f;
        int provisioning = in.u16(14, "LOWEST ALIGNED LOGICAL BLOCK ADDRESS");
        return new Capacity(
                blocks(in, in.u64(0, "RETURNED LOGICAL BLOCK ADDRESS"), blockBytes),
                blockBytes,
                (long) blockBytes << exponent,
                provisioning & 0x3fff,
                (protection & 0x01) == 0 ? 0 : protectionType(in, protection >> 1 & 7),
                (provisioning & 0x8000) != 0,
                (provisioning & 0x4000) != 0);
    }

    private static int blockBytes(PageReader in, int at) {
        long bytes = in.u32(at, "LOGICAL BLOCK LENGTH");
        if (bytes == 0 || bytes > Integer.MAX_VALUE) {
            throw in.error(at, "LOGICAL BLOCK LENGTH", bytes + " bytes are no block");
        }
        return (int) bytes;
    }

    private static long blocks(PageReader in, long last, int blockBytes) {
        if (last >= Long.MAX_VALUE / blockBytes) {
            throw in.error(0, "RETURNED LOGICAL BLOCK ADDRESS", last + " is more than there can be");
        }
        return last + 1;
    }

    private static int protectionType(PageReader in, int field) {
        if (field > 2) {
            throw in.error(12, "P_TYPE", field + " is reserved");
        }
        return field + 1;
    }

    /** The size of the logical unit, in bytes. */
    public long bytes() {
        return blocks * blockBytes;
    }
}
