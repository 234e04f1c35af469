package io.mpath.scsi.command;

import java.nio.ByteBuffer;

/**
 * REPORT TARGET PORT GROUPS (SPC-6), for {@link TargetPortGroups}.
 *
 * @param extended whether to ask for the extended header, which tells the implicit transition time
 * @param allocationBytes how many bytes to return at most
 */
public record ReportTargetPortGroups(boolean extended, int allocationBytes) implements ScsiCommand {
    private static final String NAME = "REPORT TARGET PORT GROUPS";
    private static final int SERVICE_ACTION = 0x0a;
    private static final int EXTENDED_HEADER = 0x20;

    /** Checks that the fields fit. @throws CommandFieldException when one does not */
    public ReportTargetPortGroups {
        CommandFieldException.check(NAME, "ALLOCATION LENGTH", allocationBytes, 0, Integer.MAX_VALUE);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int cdbBytes() {
        return 12;
    }

    @Override
    public void encode(ByteBuffer cdb) {
        Cdb.begin(cdb, cdbBytes())
                .put(0, (byte) 0xa3)
                .put(1, (byte) (SERVICE_ACTION | (extended ? EXTENDED_HEADER : 0)))
                .putInt(6, allocationBytes);
    }

    @Override
    public Transfer transfer() {
        return Transfer.TO_HOST;
    }

    @Override
    public int dataBytes() {
        return allocationBytes;
    }
}
