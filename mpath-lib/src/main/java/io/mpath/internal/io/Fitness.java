package io.mpath.internal.io;

import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import org.jspecify.annotations.Nullable;

/** Whether a device of some geometry can take a flight. */
public final class Fitness {
    private Fitness() {}

    /** Why it cannot, or null. */
    public static @Nullable IoStatus unfit(Flight flight, Geometry geometry) {
        IoOperation operation = flight.operation();
        if (operation == IoOperation.FLUSH || operation == IoOperation.PASSTHROUGH) {
            return null;
        }
        long offset = flight.offset();
        long length = flight.length();
        int mask = geometry.logicalBlockSize() - 1;
        if (((offset | length) & mask) != 0 || length <= 0) {
            return IoStatus.MISALIGNED;
        }
        if (offset < 0 || offset > geometry.sizeBytes() - length) {
            return IoStatus.OUT_OF_RANGE;
        }
        if (operation == IoOperation.READ) {
            return null;
        }
        if (geometry.readOnly()) {
            return IoStatus.READ_ONLY;
        }
        return switch (operation) {
            case DISCARD -> geometry.maxDiscardBytes() == 0 ? IoStatus.UNSUPPORTED : null;
            case WRITE_ZEROES -> geometry.maxWriteZeroesBytes() == 0 ? IoStatus.UNSUPPORTED : null;
            case COMPARE_AND_WRITE -> length > geometry.maxCompareAndWriteBytes() ? IoStatus.UNSUPPORTED : null;
            default -> null;
        };
    }

    /**
     * The longest piece of such a flight that a path takes, in bytes; {@link Long#MAX_VALUE} when it is never split, and less than
     * any length when it has to go to several ports.
     */
    public static long pieceLimit(IoOperation operation, Geometry geometry) {
        return switch (operation) {
            case READ, WRITE -> geometry.maxTransferBytes();
            case DISCARD -> geometry.maxDiscardBytes();
            case WRITE_ZEROES -> geometry.maxWriteZeroesBytes();
            case FLUSH -> geometry.volatileCache() && geometry.flushPerPort() ? -1 : Long.MAX_VALUE;
            case COMPARE_AND_WRITE, PASSTHROUGH -> Long.MAX_VALUE;
        };
    }

    /** The reason in words. */
    public static String explain(IoStatus status, Flight flight, Geometry geometry) {
        return switch (status) {
            case MISALIGNED ->
                "offset and length must be multiples of " + geometry.logicalBlockSize()
                        + " bytes, and the length not zero";
            case OUT_OF_RANGE -> "the device has " + geometry.sizeBytes() + " bytes";
            case READ_ONLY -> "the device is read-only";
            case UNSUPPORTED -> "the device's paths have no " + flight.operation() + " of that length";
            default -> status.name();
        };
    }
}
