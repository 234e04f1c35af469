package io.mpath.linux;

import io.mpath.ConfigurationException;

/**
 * How a plain path opens its file and how much it takes at once. Immutable.
 *
 * @param readOnly open for reading only; also what becomes of a path whose file cannot be written
 * @param exclusive open a block device so that it can be neither mounted nor opened the same way by another, and fail when it
 *     is (Linux: {@code O_EXCL} without {@code O_CREAT}). Without effect on a file
 * @param pageCacheAllowed go on through the page cache where a file system has no direct I/O. What is written is then shared
 *     with other paths of this host only, and not yet on the device
 * @param fileBlockSize logical block size of a file in bytes; a block device says its own
 * @param threads how many requests are carried out at once, each by a thread of its own. When the path is lost, as many writes may
 *     be, whose memory is left alone for as long as they are held
 * @param maxWaiting how many more may wait for a thread
 * @param maxTransferBytes longest read or write in one piece; each thread that was ever needed keeps this much memory
 */
public record PlainOptions(
        boolean readOnly,
        boolean exclusive,
        boolean pageCacheAllowed,
        int fileBlockSize,
        int threads,
        int maxWaiting,
        int maxTransferBytes) {
    private static final int MIN_BLOCK = 512;
    private static final int MAX_BLOCK = 65536;
    private static final PlainOptions DEFAULTS = new PlainOptions(false, false, false, 4096, 16, 256, 512 << 10);

    /** Checks the numbers. @throws ConfigurationException naming the one that cannot be meant */
    public PlainOptions {
        if (fileBlockSize < MIN_BLOCK || fileBlockSize > MAX_BLOCK || Integer.bitCount(fileBlockSize) != 1) {
            throw new ConfigurationException("block size " + fileBlockSize + " of a file is not a power of two from "
                    + MIN_BLOCK + " to " + MAX_BLOCK);
        }
        requirePositive("number of threads", threads);
        requirePositive("number of waiting requests", maxWaiting);
        requirePositive("largest transfer", maxTransferBytes);
    }

    private static void requirePositive(String what, int value) {
        if (value <= 0) {
            throw new ConfigurationException(what + " of " + value + " is not positive");
        }
    }

    /** Read and write, shared, direct; blocks of 4096 bytes; 16 threads, 256 waiting, 512 KiB. */
    public static PlainOptions defaults() {
        return DEFAULTS;
    }

    /** This, for reading only or not. */
    public PlainOptions withReadOnly(boolean value) {
        return new PlainOptions(
                value, exclusive, pageCacheAllowed, fileBlockSize, threads, maxWaiting, maxTransferBytes);
    }

    /** This, exclusive or not. */
    public PlainOptions withExclusive(boolean value) {
        return new PlainOptions(
                readOnly, value, pageCacheAllowed, fileBlockSize, threads, maxWaiting, maxTransferBytes);
    }

    /** This, with the page cache allowed or not. */
    public PlainOptions withPageCacheAllowed(boolean value) {
        return new PlainOptions(readOnly, exclusive, value, fileBlockSize, threads, maxWaiting, maxTransferBytes);
    }

    /** This with another block size for files. */
    public PlainOptions withFileBlockSize(int bytes) {
        return new PlainOptions(readOnly, exclusive, pageCacheAllowed, bytes, threads, maxWaiting, maxTransferBytes);
    }

    /** This with so many requests carried out at once, and so many more waiting. */
    public PlainOptions withDepth(int carriedOut, int waiting) {
        return new PlainOptions(
                readOnly, exclusive, pageCacheAllowed, fileBlockSize, carriedOut, waiting, maxTransferBytes);
    }

    /** This with another longest transfer. */
    public PlainOptions withMaxTransferBytes(int bytes) {
        return new PlainOptions(readOnly, exclusive, pageCacheAllowed, fileBlockSize, threads, maxWaiting, bytes);
    }
}
