package io.mpath.nvme.command;

/** The features that are read or set here (NVMe Base 2.1 5.1.25.1). */
public enum Feature {
    /** Whether the volatile write cache is on: bit 0 of the value. */
    VOLATILE_WRITE_CACHE(0x06),
    /** {@link AsynchronousEvents}. */
    ASYNCHRONOUS_EVENT_CONFIGURATION(0x0b),
    /** {@link KeepAliveTimeout}. */
    KEEP_ALIVE_TIMER(0x0f),
    /** {@link HostIdentifier}, which is data and not the value. */
    HOST_IDENTIFIER(0x81),
    /** {@link ReservationNotificationMask}, of a namespace. */
    RESERVATION_NOTIFICATION_MASK(0x82),
    /** Whether registrations and reservation of a namespace persist through a loss of power: bit 0 of the value. */
    RESERVATION_PERSISTENCE(0x83);

    private final int code;

    Feature(int code) {
        this.code = code;
    }

    /** FID. */
    public int code() {
        return code;
    }
}
