package io.mpath.scsi.sim;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** An initiator that puts command descriptor blocks together by hand, and reads answers by hand. */
final class Raw {
    static final int BLOCK = 512;

    private final SimNexus nexus;
    private final long lun;

    Raw(SimNexus nexus, long lun) {
        this.nexus = nexus;
        this.lun = lun;
    }

    /** A command, from hexadecimal digits with spaces anywhere. */
    SimReply send(String cdb) {
        return send(cdb, new byte[0]);
    }

    SimReply send(String cdb, byte[] data) {
        return nexus.execute(lun, HexFormat.of().parseHex(cdb.replace(" ", "")), data);
    }

    SimReply testUnitReady() {
        return send("00 00 00 00 00 00");
    }

    SimReply inquiry() {
        return send("12 00 00 04 00 00");
    }

    SimReply vpd(int page) {
        return send(String.format("12 01 %02x 04 00 00", page));
    }

    SimReply portGroups() {
        return send("a3 0a 00000000 00001000 00 00");
    }

    SimReply portGroupsExtended() {
        return send("a3 2a 00000000 00001000 00 00");
    }

    /** @param change a group in its lowest 16 bits, a state above it */
    SimReply setPortGroups(int... change) {
        ByteBuffer list = ByteBuffer.allocate(4 + 4 * change.length);
        for (int i = 0; i < change.length; i++) {
            list.put(4 + 4 * i, (byte) (change[i] >> 16)).putShort(6 + 4 * i, (short) change[i]);
        }
        return send(String.format("a4 0a 00000000 %08x 00 00", list.capacity()), list.array());
    }

    SimReply read(long lba, int blocks) {
        return send(String.format("88 00 %016x %08x 00 00", lba, blocks));
    }

    SimReply write(long lba, byte[] data) {
        return send(String.format("8a 00 %016x %08x 00 00", lba, data.length / BLOCK), data);
    }

    SimReply requestSense() {
        return send("03 00 00 00 fc 00");
    }

    SimReply reportLuns() {
        return send("a0 00 00 000000 00010000 00 00");
    }

    /** {@code good}, {@code status 28}, {@code sense 02/04/0b}, {@code deferred 03/11/00} or {@code host 0e}. */
    static String end(SimReply reply) {
        if (reply.hostByte() != 0) {
            return String.format("host %02x", reply.hostByte());
        }
        if (reply.status() == 2) {
            return codes(reply.sense());
        }
        return reply.status() == 0 ? "good" : String.format("status %02x", reply.status());
    }

    static String codes(byte[] sense) {
        int format = sense[0] & 0x7f;
        boolean descriptors = format >= 0x72;
        String name = (format & 1) == 0 ? "sense" : "deferred";
        return descriptors
                ? String.format("%s %02x/%02x/%02x", name, sense[1], sense[2], sense[3])
                : String.format("%s %02x/%02x/%02x", name, sense[2], sense[12], sense[13]);
    }

    static byte[] filled(int blocks, int with) {
        byte[] data = new byte[blocks * BLOCK];
        Arrays.fill(data, (byte) with);
        return data;
    }
}
