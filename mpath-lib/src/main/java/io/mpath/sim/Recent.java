package io.mpath.sim;

import com.google.common.collect.ImmutableList;
import java.util.ArrayDeque;

/** The last entries of a record: a simulated array may serve a demonstration for days. Guarded by its owner's lock. */
final class Recent<T> {
    static final int KEPT = 65_536;

    private final ArrayDeque<T> entries = new ArrayDeque<>();

    void add(T entry) {
        if (entries.size() == KEPT) {
            entries.removeFirst();
        }
        entries.addLast(entry);
    }

    ImmutableList<T> copy() {
        return ImmutableList.copyOf(entries);
    }
}
