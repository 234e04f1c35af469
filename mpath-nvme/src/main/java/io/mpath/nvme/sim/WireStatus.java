package io.mpath.nvme.sim;

/** Status values that the emulator answers with: status code type in bits 10:8, status code in bits 7:0 (NVMe Base 2.1 4.2.3). */
final class WireStatus {
    static final int SUCCESS = 0x000;
    static final int INVALID_OPCODE = 0x001;
    static final int INVALID_FIELD = 0x002;
    static final int ABORT_REQUESTED = 0x007;
    static final int FAILED_FUSED = 0x009;
    static final int MISSING_FUSED = 0x00a;
    static final int INVALID_NAMESPACE_OR_FORMAT = 0x00b;
    static final int SEQUENCE_ERROR = 0x00c;
    static final int DATA_LENGTH_INVALID = 0x00f;
    static final int ATOMIC_WRITE_UNIT_EXCEEDED = 0x014;
    static final int HOST_IDENTIFIER_INCONSISTENT = 0x018;
    static final int PREEMPTED_AND_ABORTED = 0x01b;
    static final int WRITE_PROTECTED = 0x020;
    static final int LBA_OUT_OF_RANGE = 0x080;
    static final int RESERVATION_CONFLICT = 0x083;
    static final int EVENT_REQUEST_LIMIT = 0x105;
    static final int INVALID_LOG_PAGE = 0x109;
    static final int FEATURE_NOT_SAVEABLE = 0x10d;
    static final int FEATURE_NOT_CHANGEABLE = 0x10e;
    static final int RESET_IN_PROGRESS = 0x13f;
    static final int COMPARE_FAILURE = 0x285;
    static final int ASYMMETRIC_ACCESS_PERSISTENT_LOSS = 0x301;
    static final int ASYMMETRIC_ACCESS_INACCESSIBLE = 0x302;
    static final int ASYMMETRIC_ACCESS_TRANSITION = 0x303;

    private static final int DO_NOT_RETRY = 1 << 14;

    private WireStatus() {}

    /** {@code status} with DNR: the same command would fail the same way. */
    static int doNotRetry(int status) {
        return status | DO_NOT_RETRY;
    }
}
