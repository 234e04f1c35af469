package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;

/**
 * Block Device Characteristics, VPD page B1h (SBC-5).
 *
 * @param rotationRate MEDIUM ROTATION RATE: 0 not told, 1 for no rotation, else turns a minute
 * @param zoned ZONED: 0 not told, 1 host aware, 2 zones that the device hides
 * @param fuaUpdates FUAB: whether SYNCHRONIZE CACHE and FUA reach the medium, and not only a cache that survives
 */
public record BlockDeviceCharacteristics(int rotationRate, int zoned, boolean fuaUpdates) {
    /** The code of this page. */
    public static final int CODE = 0xb1;

    private static final int FIELDS_BYTES = 9;

    /**
     * Reads the page.
     *
     * @throws io.mpath.PageFormatException when it is another page, longer than what was received, or shorter than its fields
     */
    public static BlockDeviceCharacteristics decode(ByteBuffer page) {
        PageReader in = PageReader.bigEndian("VPD page 0xB1", page);
        int end = VpdPage.end(in, CODE);
        if (end < FIELDS_BYTES) {
            throw in.error(2, "PAGE LENGTH", end + " bytes are fewer than " + FIELDS_BYTES);
        }
        int flags = in.u8(8, "ZONED");
        return new BlockDeviceCharacteristics(in.u16(4, "MEDIUM ROTATION RATE"), flags >> 4 & 3, (flags & 0x02) != 0);
    }

    /** Whether the device says that it has nothing that turns. */
    public boolean solidState() {
        return rotationRate == 1;
    }
}
