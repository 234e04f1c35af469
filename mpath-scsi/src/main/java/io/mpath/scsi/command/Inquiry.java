package io.mpath.scsi.command;

import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * INQUIRY (SPC-6): who is there, or one of its VPD pages.
 *
 * @param vpdPage the page code; empty for standard INQUIRY data
 * @param allocationBytes how many bytes to return at most
 */
public record Inquiry(OptionalInt vpdPage, int allocationBytes) implements ScsiCommand {
    private static final String NAME = "INQUIRY";

    /** Checks that the fields fit. @throws CommandFieldException when one does not */
    public Inquiry {
        CommandFieldException.check(NAME, "PAGE CODE", vpdPage.orElse(0), 0, 0xff);
        CommandFieldException.check(NAME, "ALLOCATION LENGTH", allocationBytes, 0, Blocks.MAX_16_BITS);
    }

    /** For {@link StandardInquiry}. */
    public static Inquiry standard(int allocationBytes) {
        return new Inquiry(OptionalInt.empty(), allocationBytes);
    }

    /** For a vital product data page. */
    public static Inquiry vpd(int page, int allocationBytes) {
        return new Inquiry(OptionalInt.of(page), allocationBytes);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int cdbBytes() {
        return 6;
    }

    @Override
    public void encode(ByteBuffer cdb) {
        Cdb.begin(cdb, cdbBytes())
                .put(0, (byte) 0x12)
                .put(1, (byte) (vpdPage.isPresent() ? 1 : 0))
                .put(2, (byte) vpdPage.orElse(0))
                .putShort(3, (short) allocationBytes);
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
