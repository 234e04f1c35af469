package io.mpath.nvme.command;

/**
 * The result of an Asynchronous Event Request, dword 0 of its completion (NVMe Base 2.1 5.1.2.1).
 *
 * @param type 0 error, 1 health, 2 notice, 3 immediate, 6 of the I/O command set, 7 vendor specific
 * @param information which event of that type
 * @param logPage the log page to read, which allows further events of the type
 */
public record AsynchronousEvent(int type, int information, int logPage) {
    private static final int ERROR = 0;
    private static final int NOTICE = 2;
    private static final int IO_COMMAND_SET = 6;

    /** Any result is one. */
    public static AsynchronousEvent decode(int result) {
        return new AsynchronousEvent(result & 7, result >> 8 & 0xff, result >> 16 & 0xff);
    }

    /** Whether the list of namespaces, or a namespace, changed. */
    public boolean namespaceAttributeChanged() {
        return type == NOTICE && information == 0x00;
    }

    /** Whether firmware is being activated: the controller pauses, and has not failed. */
    public boolean firmwareActivationStarting() {
        return type == NOTICE && information == 0x01;
    }

    /** Whether the ANA log changed. */
    public boolean anaChanged() {
        return type == NOTICE && information == 0x03;
    }

    /** Whether there is a {@link ReservationNotification} to read. */
    public boolean reservationNotificationAvailable() {
        return type == IO_COMMAND_SET && information == 0x00;
    }

    /** Whether the controller has an internal error that only a reset clears. */
    public boolean persistentInternalError() {
        return type == ERROR && information == 0x03;
    }
}
