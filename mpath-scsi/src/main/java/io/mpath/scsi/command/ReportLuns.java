package io.mpath.scsi.command;

import java.nio.ByteBuffer;

/**
 * REPORT LUNS (SPC-6), for {@link ReportedLuns}: the logical units that this nexus can access, without the well known ones.
 *
 * @param allocationBytes how many bytes to return at most, 16 or more
 */
public record ReportLuns(int allocationBytes) implements ScsiCommand {
    private static final String NAME = "REPORT LUNS";

    /** Checks that the fields fit. @throws CommandFieldException when one does not */
    public ReportLuns {
        CommandFieldException.check(NAME, "ALLOCATION LENGTH", allocationBytes, 16, Integer.MAX_VALUE);
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
        Cdb.begin(cdb, cdbBytes()).put(0, (byte) 0xa0).putInt(6, allocationBytes);
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
