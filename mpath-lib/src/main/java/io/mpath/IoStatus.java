package io.mpath;

/** How a request ended. What it left behind is told by {@link Effect}. */
public enum IoStatus {
    /** Done. */
    SUCCESS,
    /**
     * No path could take it, none came back within the wait that {@link NoPathPolicy} allows; of a bare device: its path leads to
     * another unit by now, or does not say where.
     */
    NO_PATH,
    /** The device lost its last path for good. */
    DEVICE_GONE,
    /** The device or the registry was closed. */
    CLOSED,
    /** Its deadline passed. */
    TIMED_OUT,
    /** An attempt to change the device was lost, and nobody knows whether it took effect. */
    OUTCOME_UNKNOWN,
    /** More requests than the device takes at once; nothing was sent. */
    QUEUE_FULL,
    /** A path failed it and it was not failed over: passthrough, or a bare device. */
    PATH_ERROR,
    /** The medium failed: another path would fail the same way. */
    MEDIUM_ERROR,
    /** The target refused or failed it: another path would fail the same way. */
    TARGET_ERROR,
    /** End-to-end protection information did not match. */
    PROTECTION_ERROR,
    /** A thin-provisioned device ran out of space. */
    NO_SPACE,
    /** Another host's persistent reservation forbids it. */
    RESERVATION_CONFLICT,
    /** A compare-and-write found other data than expected; nothing was written. */
    MISCOMPARE,
    /** The device, or every usable path to it, cannot do this operation. */
    UNSUPPORTED,
    /** It would change a device that is read-only. */
    READ_ONLY,
    /** Offset or length is not a multiple of the logical block size, or a buffer does not fit. */
    MISALIGNED,
    /** It reaches past the end of the device. */
    OUT_OF_RANGE,
    /** A path adapter broke its contract. */
    INTERNAL_ERROR
}
