package io.mpath.nvme.sim;

/** How a controller can access the namespaces of an ANA group (NVMe Base 2.1 8.1.1). */
public enum SimAnaState {
    /** ANA Optimized. */
    OPTIMIZED(0x1, WireStatus.SUCCESS),
    /** ANA Non-Optimized. */
    NON_OPTIMIZED(0x2, WireStatus.SUCCESS),
    /** ANA Inaccessible. */
    INACCESSIBLE(0x3, WireStatus.ASYMMETRIC_ACCESS_INACCESSIBLE),
    /** ANA Persistent Loss. */
    PERSISTENT_LOSS(0x4, WireStatus.ASYMMETRIC_ACCESS_PERSISTENT_LOSS),
    /** ANA Change. */
    CHANGE(0xf, WireStatus.ASYMMETRIC_ACCESS_TRANSITION);

    private final int code;
    private final int status;

    SimAnaState(int code, int status) {
        this.code = code;
        this.status = status;
    }

    /** As the ANA log has it. */
    int code() {
        return code;
    }

    /** What an I/O command ends with in this state; 0 where it is executed. */
    int status() {
        return status;
    }
}
