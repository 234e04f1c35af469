package io.mpath.scsi.sim;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What is in a logical unit's volatile write cache: for each block that was written and not synchronized, what the medium would
 * still have.
 *
 * <p>Threading: guarded by the array's lock.
 */
final class WriteCache {
    private final Map<Long, byte[]> durable = new TreeMap<>();

    /** The block, which holds {@code before}, is about to be written into the cache. */
    void dirty(long block, byte[] before) {
        durable.putIfAbsent(block, before);
    }

    /** The block was written through to the medium. */
    void clean(long block) {
        durable.remove(block);
    }

    void synchronize(long first, long count) {
        durable.keySet().removeIf(block -> block >= first && block - first < count);
    }

    /** Power is lost: tells what the medium has in the blocks that are lost. */
    void lose(BiConsumer<Long, byte[]> revert) {
        durable.forEach(revert);
        durable.clear();
    }
}
