package io.mpath.nvme.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How a command ended, before it is put into an entry.
 *
 * @param status bits 14:0 of the status field, without the phase tag
 * @param result dwords 0 and 1
 * @param data what goes to the host
 */
record Outcome(int status, long result, byte[] data) {
    static final int ENTRY_BYTES = 16;
    static final Outcome DONE = new Outcome(WireStatus.SUCCESS, 0, new byte[0]);

    /** A failure that the same command would meet again. */
    static Outcome refused(int status) {
        return failed(WireStatus.doNotRetry(status));
    }

    static Outcome failed(int status) {
        return new Outcome(status, 0, DONE.data);
    }

    static Outcome data(byte[] data) {
        return new Outcome(WireStatus.SUCCESS, 0, data);
    }

    static Outcome result(long result) {
        return new Outcome(WireStatus.SUCCESS, result, DONE.data);
    }

    boolean success() {
        return status == WireStatus.SUCCESS;
    }

    /** The completion queue entry (NVMe Base 2.1 4.2.1); the phase tag is set. */
    SimReply reply(SimCommand command) {
        ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        entry.putLong(0, result)
                .putShort(10, (short) command.queue())
                .putShort(12, (short) command.commandId())
                .putShort(14, (short) (status << 1 | 1));
        return new SimReply(entry, data);
    }
}
