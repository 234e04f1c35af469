package io.mpath.nvme.command;

/**
 * One of the ways a namespace may be formatted (NVM Command Set 1.1 4.1.5.1, LBA Format).
 *
 * @param metadataBytes MS: bytes of metadata with each logical block
 * @param dataShift LBADS: the logical block size is two to this power; 0 when the format is not available
 * @param relativePerformance RP: 0 best to 3 degraded
 */
public record LbaFormat(int metadataBytes, int dataShift, int relativePerformance) {
    /** The smallest logical block that the standard has, 512 bytes, as a power of two. */
    static final int MIN_DATA_SHIFT = 9;

    private static final int MAX_DATA_SHIFT = 30;

    /** Whether the size of its blocks is one: at least 512 bytes, and not more than can be moved in one piece. */
    public boolean available() {
        return dataShift >= MIN_DATA_SHIFT && dataShift <= MAX_DATA_SHIFT;
    }

    /** The logical block size without metadata, in bytes; 0 when the format is not {@link #available}. */
    public int blockBytes() {
        return available() ? 1 << dataShift : 0;
    }
}
