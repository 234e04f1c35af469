package io.mpath.nvme.sim;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What is in controllers' volatile write caches of one namespace: for each block that was written and not flushed, who wrote it
 * last, and what the medium would still have. All controllers see what is cached; a flush covers what its own controller
 * completed, and the loss of a controller's power takes what is its own.
 *
 * <p>Threading: guarded by the subsystem's lock.
 */
final class WriteCache {
    private record Dirty(SimController owner, byte[] durable) {}

    private final Map<Long, Dirty> blocks = new TreeMap<>();

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    /** {@code owner} is about to write the block, which holds {@code before}. */
    void dirty(long block, SimController owner, byte[] before) {
        Dirty known = blocks.get(block);
        blocks.put(block, new Dirty(owner, known == null ? before : known.durable));
    }

    /** The block was written through to the medium. */
    void clean(long block) {
        blocks.remove(block);
    }

    void flush(SimController owner) {
        blocks.values().removeIf(dirty -> dirty.owner == owner);
    }

    /** {@code owner} lost its power: tells what the medium has in the blocks that are lost. */
    void lose(SimController owner, BiConsumer<Long, byte[]> revert) {
        blocks.forEach((block, dirty) -> {
            if (dirty.owner == owner) {
                revert.accept(block, dirty.durable);
            }
        });
        flush(owner);
    }
}
