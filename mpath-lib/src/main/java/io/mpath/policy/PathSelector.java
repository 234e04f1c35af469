package io.mpath.policy;

/**
 * Chooses among the candidates it was made with, once for each request. Made anew whenever the candidates change, so it never
 * has to ask whether one is usable.
 *
 * <p>Threading: called by many threads at once; keeps what changes from one choice to the next in the cursor.
 */
@FunctionalInterface
public interface PathSelector {
    /** The index of the chosen candidate. Never blocks, allocates or throws. */
    int select(SelectorCursor cursor);
}
