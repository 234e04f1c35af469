package io.mpath.scsi.sim;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The initiator port of a nexus, as TransportIDs name it (SPC-6 7.6.4).
 *
 * @param iscsi whether it is an iSCSI initiator port; else it is a Fibre Channel one
 * @param host the name of the iSCSI initiator; of no meaning for Fibre Channel
 * @param number the ISID, of 48 bits; or the N_Port name, of 64
 */
record InitiatorPort(boolean iscsi, String host, long number) {
    private static final int FIXED_BYTES = 24;
    private static final int HEADER_BYTES = 4;
    private static final int ISCSI_PORT = 0x45;
    private static final long LINUX_ISID = 0x0002_3d00_0000L;
    private static final long IEEE_NAA = 0x1000_0000L << Integer.SIZE;
    private static final long ISID_QUALIFIER = 0xff_ffffL;

    /** The one that {@code host} uses for what its administrator calls {@code port}: always the same for the same. */
    static InitiatorPort of(boolean iscsi, String host, String port) {
        return iscsi
                ? new InitiatorPort(true, host, LINUX_ISID | (port.hashCode() & ISID_QUALIFIER))
                : new InitiatorPort(false, "", IEEE_NAA | ((host + " " + port).hashCode() & 0xffff_ffffL));
    }

    /** What people call it. */
    String text() {
        return iscsi ? String.format("%s,i,0x%012x", host, number) : String.format("%016x", number);
    }

    byte[] transportId() {
        if (!iscsi) {
            return ByteBuffer.allocate(FIXED_BYTES).putLong(8, number).array();
        }
        byte[] name = text().getBytes(StandardCharsets.US_ASCII);
        int padded = name.length + 4 - name.length % 4;
        return ByteBuffer.allocate(HEADER_BYTES + padded)
                .put(0, (byte) ISCSI_PORT)
                .putShort(2, (short) padded)
                .put(HEADER_BYTES, name)
                .array();
    }
}
