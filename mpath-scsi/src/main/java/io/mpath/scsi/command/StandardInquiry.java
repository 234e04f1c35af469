package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;

/**
 * Standard INQUIRY data (SPC-6), as far as multipathing asks.
 *
 * @param peripheralQualifier 0 when a device is there, 1 when it could be, 3 when there can be none
 * @param deviceType PERIPHERAL DEVICE TYPE: 0 for a direct access block device
 * @param removable RMB: whether its medium can be removed
 * @param version which standard it claims: 5 SPC-3, 6 SPC-4, 7 SPC-5, 0Dh SPC-6
 * @param targetPortGroups TPGS
 * @param protection PROTECT: whether it supports protection information
 * @param multiPort MULTIP: whether it has more than one target port
 * @param vendor T10 VENDOR IDENTIFICATION
 * @param product PRODUCT IDENTIFICATION
 * @param revision PRODUCT REVISION LEVEL
 */
public record StandardInquiry(
        int peripheralQualifier,
        int deviceType,
        boolean removable,
        int version,
        Tpgs targetPortGroups,
        boolean protection,
        boolean multiPort,
        String vendor,
        String product,
        String revision) {
    /** What every device returns, in bytes. */
    public static final int MIN_BYTES = 36;

    /** The device type of a disk: direct access block device. */
    public static final int DISK = 0;

    /** Which asymmetric access a logical unit has, by the numbers of the TPGS field. */
    public enum Tpgs {
        /** None, or the vendor's own. */
        NONE,
        /** The target changes access states by itself. */
        IMPLICIT,
        /** SET TARGET PORT GROUPS changes them. */
        EXPLICIT,
        /** Both. */
        IMPLICIT_AND_EXPLICIT;

        private static final Tpgs[] BY_NUMBER = values();
    }

    /**
     * Reads what was received; more than {@link #MIN_BYTES} is not looked at.
     *
     * @throws io.mpath.PageFormatException when there is less, or the device says that there is less
     */
    public static StandardInquiry decode(ByteBuffer data) {
        PageReader in = PageReader.bigEndian("standard INQUIRY data", data);
        in.require(0, MIN_BYTES, "data");
        int additional = in.u8(4, "ADDITIONAL LENGTH");
        if (5 + additional < MIN_BYTES) {
            throw in.error(4, "ADDITIONAL LENGTH", "is " + additional + ", and is at least " + (MIN_BYTES - 5));
        }
        int peripheral = in.u8(0, "PERIPHERAL DEVICE TYPE");
        int flags5 = in.u8(5, "TPGS");
        return new StandardInquiry(
                peripheral >> 5,
                peripheral & 0x1f,
                (in.u8(1, "RMB") & 0x80) != 0,
                in.u8(2, "VERSION"),
                Tpgs.BY_NUMBER[flags5 >> 4 & 3],
                (flags5 & 0x01) != 0,
                (in.u8(6, "MULTIP") & 0x10) != 0,
                in.text(8, 8, "T10 VENDOR IDENTIFICATION"),
                in.text(16, 16, "PRODUCT IDENTIFICATION"),
                in.text(32, 4, "PRODUCT REVISION LEVEL"));
    }

    /** Whether a disk is there to be used. */
    public boolean isDisk() {
        return peripheralQualifier == 0 && deviceType == DISK;
    }
}
