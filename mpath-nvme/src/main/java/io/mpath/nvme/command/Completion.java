package io.mpath.nvme.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;

/**
 * A completion queue entry (NVMe Base 2.1 4.2.1).
 *
 * @param result dwords 0 and 1: what the command defines
 * @param submissionQueueHead SQHD
 * @param submissionQueueId SQID
 * @param commandId CID
 * @param phase P: flips with every pass of the queue
 * @param status how the command ended
 */
public record Completion(
        long result, int submissionQueueHead, int submissionQueueId, int commandId, boolean phase, NvmeStatus status) {
    /** The size of an entry, in bytes. */
    public static final int BYTES = 16;

    /** Reads one entry. @throws io.mpath.PageFormatException when it is cut off */
    public static Completion decode(ByteBuffer entry) {
        PageReader in = PageReader.littleEndian("completion queue entry", entry);
        in.require(0, BYTES, "entry");
        int status = in.u16(14, "status");
        return new Completion(
                in.bits64(0, "DW0"),
                in.u16(8, "SQHD"),
                in.u16(10, "SQID"),
                in.u16(12, "CID"),
                (status & 1) != 0,
                new NvmeStatus(status >> 1));
    }

    /** Dword 0 of the result. */
    public int dword0() {
        return (int) result;
    }
}
