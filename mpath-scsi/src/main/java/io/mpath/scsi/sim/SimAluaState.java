package io.mpath.scsi.sim;

/** ASYMMETRIC ACCESS STATE, by the numbers and the bits of REPORT TARGET PORT GROUPS (SPC-6 6.35). */
public enum SimAluaState {
    /** Active/optimized. */
    OPTIMIZED(0x0, 0x01),
    /** Active/non-optimized. */
    NON_OPTIMIZED(0x1, 0x02),
    /** Standby. */
    STANDBY(0x2, 0x04),
    /** Unavailable. */
    UNAVAILABLE(0x3, 0x08),
    /** Logical block dependent. */
    LBA_DEPENDENT(0x4, 0x10),
    /** Offline: a secondary state, of the ports and not of the logical unit. */
    OFFLINE(0xe, 0x40),
    /** Between two states. */
    TRANSITIONING(0xf, 0x80);

    /** Every state. */
    static final int ALL_SUPPORTED = 0xdf;

    private final int value;
    private final int supportedBit;

    SimAluaState(int value, int supportedBit) {
        this.value = value;
        this.supportedBit = supportedBit;
    }

    int value() {
        return value;
    }

    int supportedBit() {
        return supportedBit;
    }
}
