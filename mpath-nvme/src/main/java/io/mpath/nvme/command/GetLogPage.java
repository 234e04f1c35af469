package io.mpath.nvme.command;

/**
 * Get Log Page (NVMe Base 2.1 5.1.12).
 *
 * @param logPage LID
 * @param logSpecific LSP: what the page defines
 * @param retainEvent RAE: whether reading the page leaves its asynchronous event masked
 * @param nsid the namespace, {@link NamespaceIds#ALL}, or 0
 * @param offsetBytes LPO: where to begin, in bytes, a multiple of four
 * @param lengthBytes how much to read, in bytes, a multiple of four (NUMD is this in dwords, less one)
 */
public record GetLogPage(
        int logPage, int logSpecific, boolean retainEvent, long nsid, long offsetBytes, int lengthBytes)
        implements AdminCommand {
    /** The log page that {@link AnaLog} decodes. */
    public static final int ANA = 0x0c;

    /** The log page that {@link CrossControllerResetLog} decodes. */
    public static final int CROSS_CONTROLLER_RESETS = 0x1e;

    /** The log page that {@link ReservationNotification} decodes. */
    public static final int RESERVATION_NOTIFICATION = 0x80;

    private static final int GROUPS_ONLY = 1;

    /** Checks that the fields fit. @throws CommandFieldException when one does not */
    public GetLogPage {
        CommandFieldException.check("Get Log Page", "LID", logPage, 0, 0xff);
        CommandFieldException.check("Get Log Page", "LSP", logSpecific, 0, 0x7f);
        CommandFieldException.check("Get Log Page", "NSID", nsid, 0, NamespaceIds.ALL);
        CommandFieldException.check("Get Log Page", "LPO", offsetBytes, 0, Long.MAX_VALUE);
        CommandFieldException.checkMultiple("Get Log Page", "LPO", offsetBytes, Integer.BYTES);
        CommandFieldException.check("Get Log Page", "length", lengthBytes, Integer.BYTES, Integer.MAX_VALUE);
        CommandFieldException.checkMultiple("Get Log Page", "length", lengthBytes, Integer.BYTES);
    }

    /** Reads the ANA log, or a piece of it. */
    public static GetLogPage ana(long offsetBytes, int lengthBytes) {
        return new GetLogPage(ANA, 0, false, NamespaceIds.ALL, offsetBytes, lengthBytes);
    }

    /** Reads the ANA log without its lists of namespaces (RGO). */
    public static GetLogPage anaGroups(long offsetBytes, int lengthBytes) {
        return new GetLogPage(ANA, GROUPS_ONLY, false, NamespaceIds.ALL, offsetBytes, lengthBytes);
    }

    /** Looks whether the ANA log changed: {@link AnaLogHeader}. Leaves the event as it is. */
    public static GetLogPage anaHeader() {
        return new GetLogPage(ANA, GROUPS_ONLY, true, NamespaceIds.ALL, 0, AnaLogHeader.BYTES);
    }

    /** Reads what became of resets of other controllers; what is done stays in the log. */
    public static GetLogPage crossControllerResets() {
        return crossControllerResets(0, CrossControllerResetLog.BYTES);
    }

    /** Reads a piece of that log. */
    public static GetLogPage crossControllerResets(long offsetBytes, int lengthBytes) {
        return new GetLogPage(CROSS_CONTROLLER_RESETS, 0, false, 0, offsetBytes, lengthBytes);
    }

    /** Reads the oldest reservation notification, and forgets it. */
    public static GetLogPage reservationNotification() {
        return new GetLogPage(RESERVATION_NOTIFICATION, 0, false, 0, 0, ReservationNotification.BYTES);
    }

    @Override
    public String name() {
        return "Get Log Page";
    }

    @Override
    public int opcode() {
        return 0x02;
    }

    @Override
    public int cdw10() {
        return logPage | logSpecific << 8 | (retainEvent ? 1 << 15 : 0) | dwordsLessOne() << 16;
    }

    @Override
    public int cdw11() {
        return dwordsLessOne() >>> 16;
    }

    @Override
    public int cdw12() {
        return (int) offsetBytes;
    }

    @Override
    public int cdw13() {
        return (int) (offsetBytes >>> 32);
    }

    private int dwordsLessOne() {
        return lengthBytes / Integer.BYTES - 1;
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
