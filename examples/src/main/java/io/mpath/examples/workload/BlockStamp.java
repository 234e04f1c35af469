package io.mpath.examples.workload;

import io.mpath.DeviceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * What a verified workload writes: every logical block names its device, its run, its offset and its generation, is filled
 * with words that follow from these, and ends with a checksum. A block that is stale, from elsewhere, from another run, or
 * put together from two writes is told from the right one.
 *
 * <p>The run is part of it because an earlier run left blocks with the same offsets and generations on the device.
 *
 * <p>A buffer is taken from 0 to its capacity, whatever its position and limit, and is left cleared.
 *
 * <p>Not thread-safe: each thread has one of its own.
 */
public final class BlockStamp {
    /** What {@link #generation} answers for a block that holds no whole stamp of this run for its offset. */
    public static final int NONE = 0;

    private static final long MAGIC = 0x6d70617468626c6bL; // "mpathblk"
    private static final int DEVICE_AT = 8;
    private static final int RUN_AT = 16;
    private static final int OFFSET_AT = 24;
    private static final int GENERATION_AT = 32;
    private static final int FILL_AT = 40;
    private static final int SHOWN_BYTES = 16;

    private final long device;
    private final long run;
    private final int bytes;
    private final CRC32C checksum = new CRC32C();

    /**
     * Stamps for one run on one device.
     *
     * @param run a number that no earlier run on the device had
     * @param logicalBlockSize in bytes
     */
    public BlockStamp(DeviceId device, long run, int logicalBlockSize) {
        this.device = hash(device);
        this.run = run;
        this.bytes = logicalBlockSize;
    }

    private static long hash(DeviceId device) {
        long hash = 0xcbf29ce484222325L; // FNV-1a
        for (byte b : device.toString().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The length of a stamp: the device's logical block size. */
    public int length() {
        return bytes;
    }

    /** Stamps all of {@code buffer}, which is to be written at {@code offset}. */
    public void fill(ByteBuffer buffer, long offset, int generation) {
        buffer.clear();
        for (int at = 0; at < buffer.capacity(); at += bytes) {
            stamp(buffer, at, offset + at, generation);
        }
    }

    private void stamp(ByteBuffer buffer, int at, long offset, int generation) {
        buffer.putLong(at, MAGIC);
        buffer.putLong(at + DEVICE_AT, device);
        buffer.putLong(at + RUN_AT, run);
        buffer.putLong(at + OFFSET_AT, offset);
        buffer.putLong(at + GENERATION_AT, generation);
        int end = at + bytes - Long.BYTES;
        long word = run ^ offset * 0x9e3779b97f4a7c15L ^ (long) generation << 40;
        for (int i = at + FILL_AT; i < end; i += Long.BYTES) {
            word ^= word << 13;
            word ^= word >>> 7;
            word ^= word << 17;
            buffer.putLong(i, word);
        }
        buffer.putLong(end, checksum(buffer, at));
    }

    /** Makes sure that no stamp is in {@code buffer}, so that a read which transfers nothing does not find the right data there. */
    public void erase(ByteBuffer buffer) {
        buffer.clear();
        for (int at = 0; at < buffer.capacity(); at += bytes) {
            buffer.putLong(at, 0);
        }
    }

    /** The generation of the block at index {@code at} of {@code buffer}, read from {@code offset}; or {@link #NONE}. */
    public int generation(ByteBuffer buffer, int at, long offset) {
        buffer.clear();
        boolean whole = buffer.getLong(at) == MAGIC
                && buffer.getLong(at + DEVICE_AT) == device
                && buffer.getLong(at + RUN_AT) == run
                && buffer.getLong(at + OFFSET_AT) == offset
                && buffer.getLong(at + bytes - Long.BYTES) == checksum(buffer, at);
        return whole ? (int) buffer.getLong(at + GENERATION_AT) : NONE;
    }

    /** What the block at index {@code at} of {@code buffer} holds, for people. */
    public String describe(ByteBuffer buffer, int at, long offset) {
        buffer.clear();
        if (buffer.getLong(at) != MAGIC) {
            byte[] start = new byte[SHOWN_BYTES];
            buffer.get(at, start);
            return "no block of a verified run: " + HexFormat.of().formatHex(start) + "…";
        }
        if (buffer.getLong(at + bytes - Long.BYTES) != checksum(buffer, at)) {
            return "a torn or damaged block that begins as generation " + buffer.getLong(at + GENERATION_AT);
        }
        if (buffer.getLong(at + DEVICE_AT) != device) {
            return "a block of another device";
        }
        if (buffer.getLong(at + RUN_AT) != run) {
            return "a block of an earlier run";
        }
        if (buffer.getLong(at + OFFSET_AT) != offset) {
            return "the block of offset " + buffer.getLong(at + OFFSET_AT);
        }
        return "generation " + buffer.getLong(at + GENERATION_AT);
    }

    private long checksum(ByteBuffer buffer, int at) {
        checksum.reset();
        buffer.limit(at + bytes - Long.BYTES).position(at);
        checksum.update(buffer);
        buffer.clear();
        return checksum.getValue();
    }
}
