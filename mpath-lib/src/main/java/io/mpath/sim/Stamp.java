package io.mpath.sim;

import java.nio.ByteBuffer;

/** What simulated clients write into a block: the number of the write, and data that follows from it and from the place. */
final class Stamp {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final int WORDS = Unit.BLOCK / Long.BYTES;

    private Stamp() {}

    /** Fills {@code blocks} blocks from {@code into}'s start on. */
    static void fill(ByteBuffer into, int unit, int firstBlock, int blocks, long value) {
        for (int block = 0; block < blocks; block++) {
            fillBlock(into, block * Unit.BLOCK, unit, firstBlock + block, value);
        }
    }

    private static void fillBlock(ByteBuffer into, int at, int unit, int block, long value) {
        into.putLong(at, value);
        long word = first(unit, block, value);
        for (int i = 1; i < WORDS; i++) {
            into.putLong(at + i * Long.BYTES, value == 0 ? 0 : word);
            word += MULTIPLIER;
        }
    }

    /** The number of the write that the block at {@code at} was written by, 0 when it is zeroes, -1 when it is neither. */
    static long read(ByteBuffer from, int at, int unit, int block) {
        long value = from.getLong(at);
        long word = first(unit, block, value);
        for (int i = 1; i < WORDS; i++) {
            if (from.getLong(at + i * Long.BYTES) != (value == 0 ? 0 : word)) {
                return -1;
            }
            word += MULTIPLIER;
        }
        return value;
    }

    private static long first(int unit, int block, long value) {
        return (value * MULTIPLIER) ^ ((long) unit << 32) ^ block;
    }
}
