package io.mpath.nvme.command;

/**
 * Reservation Report (NVMe Base 2.1 7.8): asks for what {@link ReservationStatus} decodes.
 *
 * @param nsid the namespace
 * @param extended EDS: whether host identifiers are to be told in 128 bits; refused where the host's own has not that length
 * @param lengthBytes how much to read, in bytes, a multiple of four (NUMD is this in dwords, less one)
 */
public record ReservationReport(long nsid, boolean extended, int lengthBytes) implements IoCommand {
    /** Checks that the fields fit. @throws CommandFieldException when one does not */
    public ReservationReport {
        BlockRange.checkNamespace("Reservation Report", nsid);
        CommandFieldException.check("Reservation Report", "length", lengthBytes, Integer.BYTES, Integer.MAX_VALUE);
        CommandFieldException.checkMultiple("Reservation Report", "length", lengthBytes, Integer.BYTES);
    }

    @Override
    public String name() {
        return "Reservation Report";
    }

    @Override
    public int opcode() {
        return 0x0e;
    }

    @Override
    public int cdw10() {
        return lengthBytes / Integer.BYTES - 1;
    }

    @Override
    public int cdw11() {
        return extended ? 1 : 0;
    }

    @Override
    public Transfer transfer() {
        return Transfer.TO_HOST;
    }

    @Override
    public int dataBytes() {
        return lengthBytes;
    }
}
