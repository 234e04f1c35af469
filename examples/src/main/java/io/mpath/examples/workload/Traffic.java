package io.mpath.examples.workload;

/** Where a worker's requests come from, and what their ends mean. Used by that worker's thread only. */
interface Traffic {
    /** Whether there is more to do. */
    boolean open();

    /** Sets direction, block and generation of the next request, and fills the buffer of a write. Called while {@link #open}. */
    void prepare(Slot slot);

    /** The request succeeded. */
    void succeeded(Slot slot);

    /** The request failed. */
    void failed(Slot slot);
}
