package io.mpath;

import java.util.EnumSet;
import java.util.Set;

/**
 * Size, block sizes and limits of a device or of one path to it. A device's is the intersection of its paths'.
 *
 * @param sizeBytes capacity in bytes, a multiple of the logical block size, at least one block
 * @param logicalBlockSize the unit of addressing in bytes: a power of two from 512 to 65536
 * @param physicalBlockSize the unit the medium writes without a read-modify-write, in bytes; at least the logical block size
 * @param maxTransferBytes the longest read or write a path takes in one piece, in bytes; longer requests are split
 * @param maxDiscardBytes the longest discard in one piece, in bytes; 0: cannot discard
 * @param maxWriteZeroesBytes the longest write-zeroes in one piece, in bytes; 0: cannot
 * @param maxCompareAndWriteBytes the longest compare-and-write, in bytes, never split; 0: cannot
 * @param volatileCache whether completed writes may be lost with power until they are flushed
 * @param readOnly whether the device refuses to be changed
 * @param flushPerPort whether a flush makes durable only what was written through the same port (NVMe Base 2.1 7.2: what that
 *     controller completed), so that a device has to flush each; without a volatile cache it means nothing
 */
public record Geometry(
        long sizeBytes,
        int logicalBlockSize,
        int physicalBlockSize,
        int maxTransferBytes,
        long maxDiscardBytes,
        long maxWriteZeroesBytes,
        int maxCompareAndWriteBytes,
        boolean volatileCache,
        boolean readOnly,
        boolean flushPerPort) {
    private static final int MIN_BLOCK = 512;
    private static final int MAX_BLOCK = 65536;

    /** Checks what the parameters promise. @throws MultipathException naming the one that breaks it */
    public Geometry {
        if (logicalBlockSize < MIN_BLOCK || logicalBlockSize > MAX_BLOCK || Integer.bitCount(logicalBlockSize) != 1) {
            throw new MultipathException("logical block size " + logicalBlockSize + " is not a power of two from "
                    + MIN_BLOCK + " to " + MAX_BLOCK);
        }
        if (physicalBlockSize < logicalBlockSize || physicalBlockSize % logicalBlockSize != 0) {
            throw new MultipathException("physical block size " + physicalBlockSize
                    + " is not a multiple of the logical block size " + logicalBlockSize);
        }
        requireBlocks("size", sizeBytes, logicalBlockSize, 1);
        requireBlocks("largest transfer", maxTransferBytes, logicalBlockSize, 1);
        requireBlocks("largest discard", maxDiscardBytes, logicalBlockSize, 0);
        requireBlocks("largest write-zeroes", maxWriteZeroesBytes, logicalBlockSize, 0);
        requireBlocks("largest compare-and-write", maxCompareAndWriteBytes, logicalBlockSize, 0);
    }

    /** As most are: what was written through any port is flushed through each. */
    public Geometry(
            long sizeBytes,
            int logicalBlockSize,
            int physicalBlockSize,
            int maxTransferBytes,
            long maxDiscardBytes,
            long maxWriteZeroesBytes,
            int maxCompareAndWriteBytes,
            boolean volatileCache,
            boolean readOnly) {
        this(
                sizeBytes,
                logicalBlockSize,
                physicalBlockSize,
                maxTransferBytes,
                maxDiscardBytes,
                maxWriteZeroesBytes,
                maxCompareAndWriteBytes,
                volatileCache,
                readOnly,
                false);
    }

    private static void requireBlocks(String what, long bytes, int block, int atLeast) {
        if (bytes < (long) atLeast * block || bytes % block != 0) {
            throw new MultipathException(
                    what + " of " + bytes + " bytes is not " + atLeast + " or more whole blocks of " + block);
        }
    }

    /**
     * A writable device with no special abilities: transfers up to 1 MiB, no discard, no write-zeroes, no compare-and-write,
     * no volatile cache.
     */
    public static Geometry of(long sizeBytes, int logicalBlockSize) {
        return new Geometry(
                sizeBytes,
                logicalBlockSize,
                logicalBlockSize,
                Math.max(1 << 20, logicalBlockSize),
                0,
                0,
                0,
                false,
                false);
    }

    /** Whether a path with geometry {@code other} can serve the same device: equal capacity and logical block size. */
    public boolean agreesWith(Geometry other) {
        return sizeBytes == other.sizeBytes && logicalBlockSize == other.logicalBlockSize;
    }

    /** What both can do: the smaller of each limit, the larger physical block, the weaker promise. */
    public Geometry intersect(Geometry other) {
        return new Geometry(
                Math.min(sizeBytes, other.sizeBytes),
                logicalBlockSize,
                Math.max(physicalBlockSize, other.physicalBlockSize),
                Math.min(maxTransferBytes, other.maxTransferBytes),
                Math.min(maxDiscardBytes, other.maxDiscardBytes),
                Math.min(maxWriteZeroesBytes, other.maxWriteZeroesBytes),
                Math.min(maxCompareAndWriteBytes, other.maxCompareAndWriteBytes),
                volatileCache || other.volatileCache,
                readOnly || other.readOnly,
                flushPerPort || other.flushPerPort);
    }

    /** The operations that {@code this} has a limit above zero for; reads, writes and flushes always. */
    public Set<IoOperation> operations() {
        Set<IoOperation> able = EnumSet.of(IoOperation.READ, IoOperation.WRITE, IoOperation.FLUSH);
        if (maxDiscardBytes > 0) {
            able.add(IoOperation.DISCARD);
        }
        if (maxWriteZeroesBytes > 0) {
            able.add(IoOperation.WRITE_ZEROES);
        }
        if (maxCompareAndWriteBytes > 0) {
            able.add(IoOperation.COMPARE_AND_WRITE);
        }
        return able;
    }

    /** This with another capacity. */
    public Geometry withSize(long bytes) {
        return new Geometry(
                bytes,
                logicalBlockSize,
                physicalBlockSize,
                maxTransferBytes,
                maxDiscardBytes,
                maxWriteZeroesBytes,
                maxCompareAndWriteBytes,
                volatileCache,
                readOnly,
                flushPerPort);
    }

    /** This with a flush for each port, or for all at once. */
    public Geometry withFlushPerPort(boolean value) {
        return new Geometry(
                sizeBytes,
                logicalBlockSize,
                physicalBlockSize,
                maxTransferBytes,
                maxDiscardBytes,
                maxWriteZeroesBytes,
                maxCompareAndWriteBytes,
                volatileCache,
                readOnly,
                value);
    }
}
