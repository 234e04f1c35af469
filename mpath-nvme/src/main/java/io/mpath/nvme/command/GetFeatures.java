package io.mpath.nvme.command;

/**
 * Get Features (NVMe Base 2.1 5.1.11), current values. The value is dword 0 of the completion, except for the host identifier.
 *
 * @param feature FID
 * @param nsid the namespace that it is of, {@link NamespaceIds#ALL}, or 0 where it is of the controller
 * @param cdw11 what the feature defines
 * @param dataBytes how much data is returned, in bytes
 */
public record GetFeatures(Feature feature, long nsid, int cdw11, int dataBytes) implements AdminCommand {
    private static final int EXTENDED = 1;

    /** Checks that the fields fit. @throws CommandFieldException when one does not */
    public GetFeatures {
        CommandFieldException.check("Get Features", "NSID", nsid, 0, NamespaceIds.ALL);
        CommandFieldException.check("Get Features", "length", dataBytes, 0, Integer.MAX_VALUE);
    }

    /** Asks for a feature that is a value without data. */
    public static GetFeatures value(Feature feature) {
        return new GetFeatures(feature, 0, 0, 0);
    }

    /** Asks for a feature of a namespace that is a value without data. */
    public static GetFeatures value(Feature feature, long nsid) {
        return new GetFeatures(feature, nsid, 0, 0);
    }

    /** Asks for the host identifier, of 128 bits if {@code extended}. */
    public static GetFeatures hostIdentifier(boolean extended) {
        return new GetFeatures(
                Feature.HOST_IDENTIFIER,
                0,
                extended ? EXTENDED : 0,
                extended ? HostIdentifier.EXTENDED_BYTES : HostIdentifier.SHORT_BYTES);
    }

    @Override
    public String name() {
        return "Get Features";
    }

    @Override
    public int opcode() {
        return 0x0a;
    }

    @Override
    public int cdw10() {
        return feature.code();
    }

    @Override
    public Transfer transfer() {
        return dataBytes == 0 ? Transfer.NONE : Transfer.TO_HOST;
    }
}
