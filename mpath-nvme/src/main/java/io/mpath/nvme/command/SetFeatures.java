package io.mpath.nvme.command;

/**
 * Set Features (NVMe Base 2.1 5.1.25), not saved: what is set ends with a reset.
 *
 * @param feature FID
 * @param cdw11 the value, or what the feature defines
 * @param dataBytes how much data goes with it, in bytes
 */
public record SetFeatures(Feature feature, int cdw11, int dataBytes) implements AdminCommand {
    private static final int EXTENDED = 1;

    /** Checks that the length is one. @throws CommandFieldException when it is negative */
    public SetFeatures {
        CommandFieldException.check("Set Features", "length", dataBytes, 0, Integer.MAX_VALUE);
    }

    /** Asks for events. */
    public static SetFeatures asynchronousEvents(AsynchronousEvents events) {
        return new SetFeatures(Feature.ASYNCHRONOUS_EVENT_CONFIGURATION, events.encode(), 0);
    }

    /** Sets the keep-alive timeout. */
    public static SetFeatures keepAliveTimeout(KeepAliveTimeout timeout) {
        return new SetFeatures(Feature.KEEP_ALIVE_TIMER, timeout.encode(), 0);
    }

    /** Sets the host identifier; {@link HostIdentifier#encode} gives the data. */
    public static SetFeatures hostIdentifier(HostIdentifier identifier) {
        return new SetFeatures(Feature.HOST_IDENTIFIER, identifier.extended() ? EXTENDED : 0, identifier.lengthBytes());
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
    public long nsid() {
        return 0;
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
