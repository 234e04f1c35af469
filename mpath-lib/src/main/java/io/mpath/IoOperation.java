package io.mpath;

/** What a request does. */
public enum IoOperation {
    /** Reads blocks into buffers. */
    READ(true, true),
    /** Writes blocks from buffers. */
    WRITE(false, true),
    /** Makes completed writes durable. */
    FLUSH(true, true),
    /** Tells the device that a range is not needed (NVMe deallocate, SCSI UNMAP); what it reads as afterwards is the device's. */
    DISCARD(false, true),
    /** Makes a range read as zeroes without sending them. */
    WRITE_ZEROES(false, true),
    /** Compares a range with given data and, when equal, writes other data, in one atomic step (SBC-4 5.3, NVMe fused). */
    COMPARE_AND_WRITE(false, false),
    /** A command in the transport's own protocol: one path, one try. */
    PASSTHROUGH(false, false);

    private final boolean harmless;
    private final boolean repeatable;

    IoOperation(boolean harmless, boolean repeatable) {
        this.harmless = harmless;
        this.repeatable = repeatable;
    }

    /** Whether an attempt that is still under way somewhere cannot change what the device holds. */
    public boolean harmless() {
        return harmless;
    }

    /** Whether executing it twice in a row leaves what executing it once leaves. */
    public boolean repeatable() {
        return repeatable;
    }

    /** The name in lower case with dashes. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
