package io.mpath.nvme.command;

/**
 * Set Features (NVMe Base 2.1 5.1.25), not saved: what is set ends with a reset.
 *
 * @param feature FID
 * @param nsid the namespace that it is of, {@link NamespaceIds#ALL}, or 0 where it is of the controller
 * @param cdw11 the value, or what the feature defines
 * @param dataBytes how much data goes with it, in bytes
 */
public record SetFeatures(Feature feature, long nsid, int cdw11, int dataBytes) implements AdminCommand {
    private static final int EXTENDED = 1;

    /** Checks that the fields fit. @throws CommandFieldException when one does not */
    public SetFeatures {
        CommandFieldException.check("Set Features", "NSID", nsid, 0, NamespaceIds.ALL);
        CommandFieldException.check("Set Features", "length", dataBytes, 0, Integer.MAX_VALUE);
    }

    /** Asks for events. */
    public static SetFeatures asynchronousEvents(AsynchronousEvents events) {
        return new SetFeatures(Feature.ASYNCHRONOUS_EVENT_CONFIGURATION, 0, events.encode(), 0);
    }

    /** Sets the keep-alive timeout. */
    public static SetFeatures keepAliveTimeout(KeepAliveTimeout timeout) {
        return new SetFeatures(Feature.KEEP_ALIVE_TIMER, 0, timeout.encode(), 0);
    }

    /** Sets the host identifier; {@link HostIdentifier#encode} gives the data. */
    public static SetFeatures hostIdentifier(HostIdentifier identifier) {
        return new SetFeatures(
                Feature.HOST_IDENTIFIER, 0, identifier.extended() ? EXTENDED : 0, identifier.lengthBytes());
    }

    /** Sets what a namespace's reservations are not reported of. */
    public static SetFeatures reservationNotifications(long nsid, ReservationNotificationMask mask) {
        return new SetFeatures(Feature.RESERVATION_NOTIFICATION_MASK, nsid, mask.encode(), 0);
    }

    /** Sets whether a namespace's registrations and reservation persist through a loss of power. */
    public static SetFeatures reservationPersistence(long nsid, boolean persistent) {
        return new SetFeatures(Feature.RESERVATION_PERSISTENCE, nsid, persistent ? 1 : 0, 0);
    }

    @Override
    public String name() {
        return "Set Features";
    }

    @Override
    public int opcode() {
        return 0x09;
    }

    @Override
    public int cdw10() {
        return feature.code();
    }

    @Override
    public Transfer transfer() {
        return dataBytes == 0 ? Transfer.NONE : Transfer.TO_CONTROLLER;
    }
}
