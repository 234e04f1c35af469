package io.mpath.nvme.command;

/**
 * The events that a controller is to report (feature 0Bh, Asynchronous Event Configuration; NVMe Base 2.1 5.1.25.1.6). Only
 * what OAES offers may be asked for.
 *
 * @param bits as in the feature: an OR of this record's constants, critical warnings in bits 7:0
 */
public record AsynchronousEvents(long bits) {
    /** A namespace came, went or changed. */
    public static final long NAMESPACE_ATTRIBUTE = 1L << 8;
    /** New firmware is about to be activated: the controller pauses. */
    public static final long FIRMWARE_ACTIVATION = 1L << 9;
    /** The ANA log changed. */
    public static final long ANA_CHANGE = 1L << 11;
    /** The discovery log changed. */
    public static final long DISCOVERY_CHANGE = 1L << 31;

    private static final long MAX = 0xffff_ffffL;

    /** Checks that the bits fit. @throws CommandFieldException when they are more than 32 */
    public AsynchronousEvents {
        CommandFieldException.check("asynchronous event configuration", "bits", bits, 0, MAX);
    }

    /** The events among {@code wanted} that a controller with that {@code oaes} can report. */
    public static AsynchronousEvents offered(long wanted, long oaes) {
        return new AsynchronousEvents(wanted & oaes);
    }

    /** What Get Features returned, dword 0 of the completion. */
    public static AsynchronousEvents decode(int result) {
        return new AsynchronousEvents(Integer.toUnsignedLong(result));
    }

    /** Command dword 11 of Set Features. */
    public int encode() {
        return (int) bits;
    }
}
