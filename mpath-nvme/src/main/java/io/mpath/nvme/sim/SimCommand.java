package io.mpath.nvme.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A command as a controller received it: a submission queue entry (NVMe Base 2.1 4.1.1, figure "Common Command Format") and the data
 * that came with it. Immutable.
 */
public final class SimCommand {
    /** The size of an entry, in bytes. */
    static final int ENTRY_BYTES = 64;

    /** The admin queue. */
    static final int ADMIN_QUEUE = 0;

    private static final int FIRST_DWORD = 40;

    private final int queue;
    private final ByteBuffer entry;
    private final byte[] data;

    private SimCommand(int queue, ByteBuffer entry, byte[] data) {
        this.queue = queue;
        this.entry = entry;
        this.data = data;
    }

    /** Copies the entry from the buffer's position on. */
    static SimCommand received(int queue, ByteBuffer from, byte[] data) {
        byte[] bytes = new byte[ENTRY_BYTES];
        from.get(from.position(), bytes);
        return new SimCommand(queue, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), data.clone());
    }

    /** Which queue it came from: 0 the admin queue, else an I/O queue. */
    public int queue() {
        return queue;
    }

    /** Whether it came from the admin queue. */
    public boolean admin() {
        return queue == ADMIN_QUEUE;
    }

    /** The opcode. */
    public int opcode() {
        return entry.get(0) & 0xff;
    }

    /** FUSE: 0 alone, 1 first, 2 second. */
    public int fuse() {
        return entry.get(1) & 3;
    }

    /** CID. */
    public int commandId() {
        return entry.getShort(2) & 0xffff;
    }

    /** NSID. */
    public long nsid() {
        return entry.getInt(4) & 0xffff_ffffL;
    }

    /** Command dword {@code number}, 10 to 15. */
    public int dword(int number) {
        if (number < 10 || number > 15) {
            throw new IllegalArgumentException("command dword " + number + " is not from 10 to 15");
        }
        return entry.getInt(FIRST_DWORD + (number - 10) * Integer.BYTES);
    }

    /** Command dword {@code number} in bits 31:0 and the next one above. */
    long dwords(int number) {
        return (dword(number) & 0xffff_ffffL) | (long) dword(number + 1) << Integer.SIZE;
    }

    /** A copy of the data that came with it. */
    public byte[] data() {
        return data.clone();
    }

    byte[] payload() {
        return data;
    }

    /** Whether it may change what a namespace holds: an I/O command that is neither Flush, Read, Compare, nor of reservations. */
    public boolean changes() {
        return !admin()
                && opcode() != NvmCommandSet.FLUSH
                && opcode() != NvmCommandSet.READ
                && opcode() != NvmCommandSet.COMPARE
                && !ReservationCommandSet.has(opcode());
    }

    /** Whether it may change what is registered or reserved: Reservation Register, Acquire or Release. */
    public boolean reserves() {
        return !admin() && ReservationCommandSet.changes(opcode());
    }

    @Override
    public String toString() {
        return (admin() ? "admin command " : "command ") + String.format("%02xh", opcode()) + " nsid " + nsid()
                + " cid " + commandId();
    }
}
