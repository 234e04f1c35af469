package io.mpath.nvme.ana;

/** Keeps the access states of one controller's namespaces. */
public final class AnaMonitor {
    private final AnaSource source;

    /** Over one log. */
    public AnaMonitor(AnaSource source) {
        this.source = source;
    }

    /** Where it reads. */
    public AnaSource source() {
        return source;
    }
}
