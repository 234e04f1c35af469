package io.mpath.nvme.ana;

import io.mpath.nvme.command.NvmeStatus;

/** Keeps the access states of one controller's namespaces. */
public final class AnaMonitor {
    private final String controller;
    private final AnaSource source;
    private final AnaTiming timing;

    /**
     * Without members, and not live.
     *
     * @param controller its name, for messages
     */
    public AnaMonitor(String controller, AnaSource source, AnaTiming timing) {
        this.controller = controller;
        this.source = source;
        this.timing = timing;
    }

    /** A path was attached: {@link AnaMember#stateKnown} will be called. On the loop. */
    public void add(AnaMember member) {}

    /** It is closed. On the loop; nothing is told to it any more. */
    public void remove(AnaMember member) {}

    /** The controller can be given commands: the log is read anew. On the loop. */
    public void live() {}

    /** It cannot. On the loop. */
    public void notLive() {}

    /** I/O came back with an ANA status. Any thread; the path is reported {@code UNKNOWN} before this returns. */
    public void error(AnaMember member, NvmeStatus status) {}

    /** The controller says that its log changed. Any thread. */
    public void changed() {}

    @Override
    public String toString() {
        return controller + ": " + source + ", " + timing;
    }
}
