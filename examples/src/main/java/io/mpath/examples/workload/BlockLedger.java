package io.mpath.examples.workload;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What may be on the device, for each block of a verified workload: the generation acknowledged last, or any later one that
 * was issued and not known to have failed without effect.
 *
 * <p>One write of a block is under way at a time, so that generations are issued in the order in which they take effect.
 * Reads need no such care: {@link #floor} before the read and {@link #allows} after it bracket all that it may see.
 *
 * <p>Threading: any thread. One word for each block: acknowledged generation, whether a write is under way, generation
 * issued last; changed by compare-and-set.
 */
public final class BlockLedger {
    /** What the ledger takes of memory for each block. */
    public static final int BYTES_PER_BLOCK = Long.BYTES;

    private static final long ISSUED = 0x7fff_ffffL;
    private static final long BUSY = 0x8000_0000L;
    private static final int ACKNOWLEDGED_SHIFT = 32;

    private final AtomicLongArray words;
    private final Set<Generation> withoutEffect = ConcurrentHashMap.newKeySet();

    /** A ledger of blocks of which none was written. */
    public BlockLedger(int blocks) {
        words = new AtomicLongArray(blocks);
    }

    /** Begins a write: its generation, or 0 when one of the block is under way. */
    public int beginWrite(int block) {
        while (true) {
            long word = words.get(block);
            if ((word & BUSY) != 0) {
                return 0;
            }
            if (words.compareAndSet(block, word, word + 1 | BUSY)) {
                return (int) (word + 1 & ISSUED);
            }
        }
    }

    /** The write under way was acknowledged: everything before it is history. */
    public void acknowledged(int block) {
        words.updateAndGet(block, word -> (word & ISSUED) << ACKNOWLEDGED_SHIFT | (word & ISSUED));
    }

    /** The write under way failed, and it is known that it took no effect. */
    public void hadNoEffect(int block) {
        withoutEffect.add(new Generation(block, (int) (words.get(block) & ISSUED)));
        outcomeUnknown(block);
    }

    /** The write under way failed, and may have taken effect. */
    public void outcomeUnknown(int block) {
        words.updateAndGet(block, word -> word & ~BUSY);
    }

    /** The least generation that a read submitted from here on may see; 0: the block is not judged. */
    public int floor(int block) {
        return (int) (words.get(block) >>> ACKNOWLEDGED_SHIFT);
    }

    /** Whether a read that was submitted when {@link #floor} was {@code floor} may have seen {@code generation}. */
    public boolean allows(int block, int floor, int generation) {
        if (floor == 0 || generation == floor) {
            return true;
        }
        return generation > floor
                && generation <= lastIssued(block)
                && (withoutEffect.isEmpty() || !withoutEffect.contains(new Generation(block, generation)));
    }

    /** The generation issued last; 0: the block was never written. */
    public int lastIssued(int block) {
        return (int) (words.get(block) & ISSUED);
    }

    /** How many blocks it tells of. */
    public int blocks() {
        return words.length();
    }

    private record Generation(int block, int number) {}
}
