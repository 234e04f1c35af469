package io.mpath.scsi.linux;

import com.google.common.primitives.Ints;
import io.mpath.PageFormatException;
import io.mpath.linux.Syscalls;
import io.mpath.linux.TransferMemory;
import io.mpath.scsi.ScsiPassthrough;
import io.mpath.scsi.command.HostByte;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.ScsiStatus;
import io.mpath.scsi.command.SenseData;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * {@code struct sg_io_hdr} ({@code scsi/sg.h}, version 3, pointers of 64 bits) in a place of its own behind the data of a transfer,
 * with the command and room for its sense data; and the ioctl that takes it.
 *
 * <p>How the command ended is in the structure: its status, the host's byte, the driver's, the sense data. An errno says that it
 * did not come to that. The disk driver fills in the structure after the command has ended, and hands it back as it was when it
 * refused to send it: {@link #ended} tells the one from the other, by a mark that no kernel writes.
 *
 * <p>Threading: used by the thread that the memory belongs to.
 */
final class SgIo {
    /** The request code. */
    static final long SG_IO = 0x2285L;

    private static final int HEADER_BYTES = 88;
    private static final int CDB_BYTES = 16;

    /** As much as the kernel keeps ({@code SCSI_SENSE_BUFFERSIZE}). */
    private static final int SENSE_BYTES = 96;

    /** Room behind the data. */
    static final int BYTES = HEADER_BYTES + CDB_BYTES + SENSE_BYTES;

    private static final int INTERFACE_ID = 0;
    private static final int DIRECTION = 4;
    private static final int CDB_LENGTH = 8;
    private static final int MAX_SENSE_LENGTH = 9;
    private static final int DATA_BYTES = 12;
    private static final int DATA_ADDRESS = 16;
    private static final int CDB_ADDRESS = 24;
    private static final int SENSE_ADDRESS = 32;
    private static final int TIMEOUT_MILLIS = 40;
    private static final int STATUS = 64;
    private static final int SENSE_LENGTH = 67;
    private static final int HOST_STATUS = 68;
    private static final int DRIVER_STATUS = 70;
    private static final int RESIDUAL = 72;
    private static final int INFO = 80;

    private static final int SG_DXFER_NONE = -1;
    private static final int SG_DXFER_TO_DEV = -2;
    private static final int SG_DXFER_FROM_DEV = -3;
    private static final int NOT_ENDED = 0xffff_ffff;

    /** {@code DRIVER_SENSE}; the other bits of the byte were suggestions once. */
    private static final int DRIVER_SENSE = 0x08;

    private static final int DRIVER_MASK = 0x0f;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Syscalls syscalls;

    SgIo(Syscalls syscalls) {
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

    /**
     * Carries out {@code command} and waits for its end; its data is, or will be, at the start of {@code memory}.
     *
     * @return 0, or a negative errno
     */
    int carryOut(int descriptor, ScsiCommand command, TransferMemory memory, long timeoutNanos) {
        int at = begin(memory, command.cdbBytes(), command.transfer(), command.dataBytes());
        command.encode(memory.buffer().duplicate().position(at + HEADER_BYTES));
        return call(descriptor, memory, at, timeoutNanos);
    }

    /** Carries out a command of the user's own. */
    int carryOut(int descriptor, ScsiPassthrough command, int dataBytes, TransferMemory memory, long timeoutNanos) {
        byte[] cdb = command.cdb();
        int at = begin(memory, cdb.length, command.transfer(), dataBytes);
        memory.buffer().put(at + HEADER_BYTES, cdb);
        return call(descriptor, memory, at, timeoutNanos);
    }

    private static int begin(TransferMemory memory, int cdbBytes, ScsiCommand.Transfer transfer, int dataBytes) {
        int at = place(memory);
        ByteBuffer out = memory.buffer();
        for (int i = 0; i < BYTES; i += Long.BYTES) {
            out.putLong(at + i, 0);
        }
        int bytes = transfer == ScsiCommand.Transfer.NONE ? 0 : dataBytes;
        out.putInt(at + INTERFACE_ID, 'S')
                .putInt(at + DIRECTION, bytes == 0 ? SG_DXFER_NONE : direction(transfer))
                .put(at + CDB_LENGTH, (byte) cdbBytes)
                .put(at + MAX_SENSE_LENGTH, (byte) SENSE_BYTES)
                .putInt(at + DATA_BYTES, bytes)
                .putLong(at + DATA_ADDRESS, bytes == 0 ? 0 : memory.address())
                .putLong(at + CDB_ADDRESS, memory.address() + at + HEADER_BYTES)
                .putLong(at + SENSE_ADDRESS, memory.address() + at + HEADER_BYTES + CDB_BYTES)
                .putInt(at + INFO, NOT_ENDED);
        return at;
    }

    private static int direction(ScsiCommand.Transfer transfer) {
        return switch (transfer) {
            case NONE -> SG_DXFER_NONE;
            case TO_DEVICE -> SG_DXFER_TO_DEV;
            case TO_HOST -> SG_DXFER_FROM_DEV;
        };
    }

    private int call(int descriptor, TransferMemory memory, int at, long timeoutNanos) {
        memory.buffer().putInt(at + TIMEOUT_MILLIS, millis(timeoutNanos));
        return Math.min(syscalls.ioctl(descriptor, SG_IO, memory.address() + at), 0);
    }

    /** Zero would be the kernel's default. What is below seven seconds the kernel raises to that ({@code BLK_MIN_SG_TIMEOUT}). */
    private static int millis(long nanos) {
        return Ints.saturatedCast(Math.max(1, (nanos - 1) / NANOS_PER_MILLI + 1));
    }

    /** Whether the kernel wrote how the command that {@code memory} carried last ended. */
    static boolean ended(TransferMemory memory) {
        return memory.buffer().getInt(place(memory) + INFO) != NOT_ENDED;
    }

    /** How it ended. */
    static ScsiResult result(TransferMemory memory) {
        ByteBuffer in = memory.buffer();
        int at = place(memory);
        int status = in.get(at + STATUS) & 0xff;
        int host = in.getShort(at + HOST_STATUS) & 0xffff;
        int driver = in.getShort(at + DRIVER_STATUS) & DRIVER_MASK;
        Optional<SenseData> sense = sense(in, at);
        if (driver != 0 && driver != DRIVER_SENSE && host == HostByte.DID_OK.number()) {
            // Kernels before 5.14 gave up a command in their own name there, with no word from the device.
            host = HostByte.DID_ERROR.number();
        } else if (driver == DRIVER_SENSE && sense.isPresent() && status == ScsiStatus.GOOD.value()) {
            status = ScsiStatus.CHECK_CONDITION.value();
        }
        return new ScsiResult(status, host, sense, in.getInt(at + RESIDUAL));
    }

    /** Sense data that does not decode is none. */
    private static Optional<SenseData> sense(ByteBuffer in, int at) {
        int length = Math.min(in.get(at + SENSE_LENGTH) & 0xff, SENSE_BYTES);
        if (length == 0) {
            return Optional.empty();
        }
        byte[] sense = new byte[length];
        in.get(at + HEADER_BYTES + CDB_BYTES, sense);
        try {
            return Optional.of(SenseData.decode(ByteBuffer.wrap(sense)));
        } catch (PageFormatException e) {
            return Optional.empty();
        }
    }

    private static int place(TransferMemory memory) {
        return memory.capacity() - BYTES;
    }
}
