package io.mpath.path;

/**
 * Where requests are handed to a path (SPDK: a queue pair).
 *
 * <p>Threading: see {@link QueueKind}. No method blocks.
 */
public interface PathQueue {
    /**
     * Takes a request, or refuses it because the path has no room. A request that was taken ends exactly once, by {@link
     * PathIo#complete} or {@link PathIo#fail} with the {@link PathIo#tag} that it had here: later, or before this returns. On a
     * closed path it fails as {@link Certainty#NOT_EXECUTED}. Never throws.
     *
     * @return false when there is no room; the path then calls {@link PathControl#roomAgain} when there is
     */
    boolean submit(PathIo io);

    /**
     * Completes what is done, on a {@link QueueKind#CONFINED} queue; a shared one has nothing to do here.
     *
     * @return how many requests it completed
     */
    default int poll() {
        return 0;
    }
}
