package io.mpath.nvme.command;

/** The place of a command in a fused operation (FUSE; NVMe Base 2.1 3.4.2). */
public enum Fuse {
    /** It stands alone. */
    NONE(0),
    /** It comes first. */
    FIRST(1),
    /** It comes second, in the very next entry of the same queue. */
    SECOND(2);

    private final int bits;

    Fuse(int bits) {
        this.bits = bits;
    }

    /** Bits 1:0 of the entry's second byte. */
    public int bits() {
        return bits;
    }
}
