package io.mpath.nvme.command;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A Reservation Status data structure, put together by the offsets of the standard's figures. */
final class ReservationBytes {
    private record Entry(int controllerId, int status, long key, String host) {}

    private final boolean extended;
    private final List<Entry> entries = new ArrayList<>();
    private int type;
    private boolean persists;
    private long generation;

    private ReservationBytes(boolean extended) {
        this.extended = extended;
    }

    /** With host identifiers of 128 bits. */
    static ReservationBytes extended() {
        return new ReservationBytes(true);
    }

    /** With host identifiers of 64 bits. */
    static ReservationBytes plain() {
        return new ReservationBytes(false);
    }

    ReservationBytes generation(long value) {
        generation = value;
        return this;
    }

    ReservationBytes type(int value) {
        type = value;
        return this;
    }

    ReservationBytes persists() {
        persists = true;
        return this;
    }

    /** @param host in hex digits, 8 or 16 bytes */
    ReservationBytes registrant(int controllerId, boolean holder, long key, String host) {
        entries.add(new Entry(controllerId, holder ? 1 : 0, key, host));
        return this;
    }

    ByteBuffer page() {
        int size = extended ? 64 : 24;
        ByteBuffer out = Vectors.zeroes(size + entries.size() * size);
        out.putInt(0, (int) generation)
                .put(4, (byte) type)
                .putShort(5, (short) entries.size())
                .put(9, (byte) (persists ? 1 : 0));
        int at = size;
        for (Entry entry : entries) {
            out.putShort(at, (short) entry.controllerId())
                    .put(at + 2, (byte) entry.status())
                    .putLong(at + (extended ? 8 : 16), entry.key())
                    .put(at + (extended ? 16 : 8), HexFormat.of().parseHex(entry.host()));
            at += size;
        }
        return out;
    }
}
