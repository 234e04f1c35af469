package io.mpath.examples.workload;

import java.util.Locale;

/** Which requests a workload makes, and where; the names are fio's. */
public enum RwMode {
    /** Reads from the beginning to the end, and again. */
    READ(true, false, false),
    /** Writes from the beginning to the end, and again. */
    WRITE(false, true, false),
    /** Reads anywhere. */
    RANDREAD(true, false, true),
    /** Writes anywhere. */
    RANDWRITE(false, true, true),
    /** Reads and writes anywhere, as many of the one as of the other. */
    RANDRW(true, true, true);

    private final boolean reads;
    private final boolean writes;
    private final boolean random;

    RwMode(boolean reads, boolean writes, boolean random) {
        this.reads = reads;
        this.writes = writes;
        this.random = random;
    }

    /** Whether it reads. */
    public boolean reads() {
        return reads;
    }

    /** Whether it writes. */
    public boolean writes() {
        return writes;
    }

    /** Whether it jumps about. */
    public boolean random() {
        return random;
    }

    /** The name as it is given on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
