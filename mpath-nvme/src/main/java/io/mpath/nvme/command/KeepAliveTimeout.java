package io.mpath.nvme.command;

/**
 * The keep-alive timeout (feature 0Fh, Keep Alive Timer; NVMe Base 2.1 5.1.25.1.9).
 *
 * @param millis KATO, in milliseconds; 0 when there is none, so that a controller need never notice a lost host
 */
public record KeepAliveTimeout(long millis) {
    private static final long MAX = 0xffff_ffffL;

    /** Checks that the time fits. @throws CommandFieldException when it is negative, or above 32 bits */
    public KeepAliveTimeout {
        CommandFieldException.check("keep-alive timer", "millis", millis, 0, MAX);
    }

    /** What Get Features returned, dword 0 of the completion. */
    public static KeepAliveTimeout decode(int result) {
        return new KeepAliveTimeout(Integer.toUnsignedLong(result));
    }

    /** Command dword 11 of Set Features. */
    public int encode() {
        return (int) millis;
    }
}
