package io.mpath.scsi.sim;

/** A logical unit number in eight bytes, of one level (SAM-6 4.7.7): by peripheral device addressing, or flat where that is too short. */
final class LunFormat {
    /** The highest that flat addressing has room for. */
    static final long MOST = 0x3fff;

    private static final long MOST_PERIPHERAL = 0xff;
    private static final long FLAT = 0x4000;

    private LunFormat() {}

    static long encode(long lun) {
        return (lun <= MOST_PERIPHERAL ? lun : FLAT | lun) << 48;
    }
}
