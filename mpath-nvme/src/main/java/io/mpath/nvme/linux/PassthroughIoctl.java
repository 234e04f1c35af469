package io.mpath.nvme.linux;

import com.google.common.primitives.Ints;
import io.mpath.linux.Syscalls;
import io.mpath.linux.TransferMemory;
import io.mpath.nvme.NvmePassthrough;
import io.mpath.nvme.command.NvmeCommand;
import io.mpath.nvme.command.NvmeStatus;
import java.nio.ByteBuffer;

/**
 * {@code struct nvme_passthru_cmd64} ({@code linux/nvme_ioctl.h}) in a place of its own behind the data of a transfer, and the
 * ioctls that take it. What an ioctl returns is three things: 0, the command succeeded; positive, the status that it was completed
 * with; negative, an errno: it was refused on this side, or handed back without a completion.
 *
 * <p>Threading: used by the thread that the memory belongs to.
 */
final class PassthroughIoctl {
    /** Room behind the data. */
    static final int BYTES = 80;

    /** {@code _IO('N', 0x40)}: which namespace a descriptor leads to. */
    static final long ID = 0x4e40L;

    private static final long READ_WRITE = 3L << 30 | (long) BYTES << 16;

    /** {@code _IOWR('N', 0x47, struct nvme_passthru_cmd64)}. */
    static final long ADMIN64_CMD = READ_WRITE | 0x4e47;

    /** {@code _IOWR('N', 0x48, struct nvme_passthru_cmd64)}. */
    static final long IO64_CMD = READ_WRITE | 0x4e48;

    private static final int OPCODE = 0;
    private static final int NSID = 4;
    private static final int METADATA = 16;
    private static final int DATA_ADDRESS = 24;
    private static final int METADATA_BYTES = 32;
    private static final int DATA_BYTES = 36;
    private static final int DWORD_10 = 40;
    private static final int TIMEOUT_MILLIS = 64;
    private static final int RESULT = 72;

    private static final int FIRST_DWORD = 10;
    private static final int LAST_DWORD = 15;
    private static final int STATUS_MASK = 0x7fff;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Syscalls syscalls;

    PassthroughIoctl(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /** Memory for data of up to {@code bytes}, from its start, and the structure behind it. */
    TransferMemory memory(int bytes) {
        return new TransferMemory(syscalls, Math.addExact(bytes, BYTES), 1);
    }

    /** How much data {@code memory} has room for. */
    static int dataRoom(TransferMemory memory) {
        return memory.capacity() - BYTES;
    }

    /** Carries out {@code command} and waits for its end; its data is, or will be, at the start of {@code memory}. */
    int carryOut(int descriptor, long request, NvmeCommand command, TransferMemory memory, long timeoutNanos) {
        int at = place(memory);
        ByteBuffer out = memory.buffer();
        begin(out, at, command.opcode(), command.nsid());
        data(out, at, memory, command.transfer(), command.dataBytes());
        out.putInt(at + DWORD_10, command.cdw10())
                .putInt(at + DWORD_10 + 4, command.cdw11())
                .putInt(at + DWORD_10 + 8, command.cdw12())
                .putInt(at + DWORD_10 + 12, command.cdw13())
                .putInt(at + DWORD_10 + 16, command.cdw14())
                .putInt(at + DWORD_10 + 20, command.cdw15());
        return call(descriptor, request, memory, at, timeoutNanos);
    }

    /** Carries out a command of the user's own on an I/O queue. */
    int carryOut(
            int descriptor,
            NvmePassthrough command,
            long nsid,
            int dataBytes,
            TransferMemory memory,
            long timeoutNanos) {
        int at = place(memory);
        ByteBuffer out = memory.buffer();
        begin(out, at, command.opcode(), nsid);
        data(out, at, memory, command.transfer(), dataBytes);
        for (int dword = FIRST_DWORD; dword <= LAST_DWORD; dword++) {
            out.putInt(at + DWORD_10 + (dword - FIRST_DWORD) * Integer.BYTES, command.dword(dword));
        }
        return call(descriptor, IO64_CMD, memory, at, timeoutNanos);
    }

    /** Dwords 0 and 1 of the completion of the command that {@code memory} carried last. */
    static long result(TransferMemory memory) {
        return memory.buffer().getLong(place(memory) + RESULT);
    }

    /** What the command was completed with whose ioctl returned {@code result}, not negative. */
    static NvmeStatus status(int result) {
        return new NvmeStatus(result & STATUS_MASK);
    }

    /** The namespace that {@code descriptor} leads to, or a negative errno. */
    int namespace(int descriptor) {
        return syscalls.ioctl(descriptor, ID, 0);
    }

    private static int place(TransferMemory memory) {
        return memory.capacity() - BYTES;
    }

    private static void begin(ByteBuffer out, int at, int opcode, long nsid) {
        out.putLong(at + OPCODE, 0).put(at + OPCODE, (byte) opcode).putInt(at + NSID, (int) nsid);
        out.putLong(at + NSID + Integer.BYTES, 0).putLong(at + METADATA, 0).putInt(at + METADATA_BYTES, 0);
    }

    private static void data(
            ByteBuffer out, int at, TransferMemory memory, NvmeCommand.Transfer transfer, int dataBytes) {
        boolean none = transfer == NvmeCommand.Transfer.NONE;
        out.putLong(at + DATA_ADDRESS, none ? 0 : memory.address()).putInt(at + DATA_BYTES, none ? 0 : dataBytes);
    }

    private int call(int descriptor, long request, TransferMemory memory, int at, long timeoutNanos) {
        memory.buffer().putLong(at + TIMEOUT_MILLIS, 0).putInt(at + TIMEOUT_MILLIS, millis(timeoutNanos));
        memory.buffer().putLong(at + RESULT, 0);
        return syscalls.ioctl(descriptor, request, memory.address() + at);
    }

    /** Zero would be the kernel's default, and what has the highest bit set is for ever. */
    private static int millis(long nanos) {
        return Ints.saturatedCast(Math.max(1, (nanos - 1) / NANOS_PER_MILLI + 1));
    }
}
