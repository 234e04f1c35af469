package io.mpath.nvme.command;

import java.util.Locale;

/** The state of an ANA group at a controller (NVMe Base 2.1 8.1.1.4 to 8.1.1.8). */
public enum AnaState {
    /** 1h: served as well as can be. */
    OPTIMIZED(0x1),
    /** 2h: served, perhaps slower. */
    NON_OPTIMIZED(0x2),
    /** 3h: not served here now. */
    INACCESSIBLE(0x3),
    /** 4h: never served here again. */
    PERSISTENT_LOSS(0x4),
    /** Fh: between two states, for at most ANATT seconds. */
    CHANGE(0xf);

    private final int code;

    AnaState(int code) {
        this.code = code;
    }

    /** The value on the wire. */
    public int code() {
        return code;
    }

    /** The name in lower case with underscores, as the {@code mpath} command prints it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
