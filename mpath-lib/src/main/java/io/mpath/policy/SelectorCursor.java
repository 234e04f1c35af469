package io.mpath.policy;

/**
 * Where selection stands, for one stripe or channel of a device; a selector keeps in it what it needs from one choice to the
 * next.
 *
 * <p>Threading: belongs to a stripe. Threads that share one write these fields without ordering: the worst that comes of it is
 * that two requests take the same path. Selectors therefore check what they read here against their own bounds.
 */
public final class SelectorCursor {
    private static final int NODE_REFRESH = 256;

    private final NumaTopology numa;
    private int node;
    private int nodeUses;
    private int position;
    private int lastOrdinal;
    private long requestBytes;

    /**
     * A cursor.
     *
     * @param start where rotations begin, modulo the number of candidates, so that stripes do not move in step; zero or
     *     more
     */
    public SelectorCursor(NumaTopology numa, int start) {
        this.numa = numa;
        this.position = start;
        this.lastOrdinal = -1;
    }

    /** The memory node of the caller, asked anew once in 256 times: threads move rarely, and asking costs a system call. */
    public int node() {
        if (--nodeUses < 0) {
            nodeUses = NODE_REFRESH - 1;
            node = numa.currentNode();
        }
        return node;
    }

    /** The index that was chosen last, or a start value; zero or more. */
    public int position() {
        return position;
    }

    /** The ordinal of the path that was chosen last, or -1 before the first choice. */
    public int lastOrdinal() {
        return lastOrdinal;
    }

    /** Notes the choice: index and ordinal, both zero or more. */
    public void chose(int index, int ordinal) {
        position = index;
        lastOrdinal = ordinal;
    }

    /** Where a search among {@code count} candidates begins, so that ties rotate: behind the one chosen last. */
    int searchFrom(int count) {
        int at = position;
        return at < 0 || at >= count ? Math.floorMod(at, count) : at;
    }

    /** The length of the request that is to be given a path, for policies that {@link IoPolicy#countsInFlight}; else any. */
    public long requestBytes() {
        return requestBytes;
    }

    /** Notes the length of the request that is to be given a path, in bytes. */
    public void request(long bytes) {
        requestBytes = bytes;
    }
}
