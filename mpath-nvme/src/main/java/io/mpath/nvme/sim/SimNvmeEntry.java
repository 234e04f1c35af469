package io.mpath.nvme.sim;

import io.mpath.nvme.NvmePassthrough;
import io.mpath.nvme.command.Fuse;
import io.mpath.nvme.command.NvmeCommand;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntFunction;

/** A command as the host sends it: its entry, but for the identifier, and the data that goes with it. */
final class SimNvmeEntry {
    private static final int FIRST_DWORD = 40;

    private final IntFunction<ByteBuffer> encoder;
    private final byte[] data;

    private SimNvmeEntry(IntFunction<ByteBuffer> encoder, byte[] data) {
        this.encoder = encoder;
        this.data = data;
    }

    static SimNvmeEntry of(NvmeCommand command, byte[] data) {
        return of(command, Fuse.NONE, data);
    }

    static SimNvmeEntry of(NvmeCommand command, Fuse fuse, byte[] data) {
        return new SimNvmeEntry(
                id -> {
                    ByteBuffer entry = ByteBuffer.allocate(NvmeCommand.ENTRY_BYTES);
                    command.encode(entry, id, fuse);
                    return entry.flip();
                },
                data);
    }

    static SimNvmeEntry of(NvmePassthrough command, long nsid) {
        return new SimNvmeEntry(
                id -> {
                    ByteBuffer entry =
                            ByteBuffer.allocate(NvmeCommand.ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
                    entry.put(0, (byte) command.opcode())
                            .putShort(2, (short) id)
                            .putInt(4, (int) nsid);
                    for (int dword = 10; dword <= 15; dword++) {
                        entry.putInt(FIRST_DWORD + (dword - 10) * Integer.BYTES, command.dword(dword));
                    }
                    return entry;
                },
                toController(command));
    }

    private static byte[] toController(NvmePassthrough command) {
        ByteBuffer data = command.data();
        if (data == null || command.transfer() != NvmeCommand.Transfer.TO_CONTROLLER) {
            return new byte[0];
        }
        byte[] copy = new byte[data.remaining()];
        data.get(data.position(), copy);
        return copy;
    }

    ByteBuffer encode(int commandId) {
        return encoder.apply(commandId);
    }

    byte[] data() {
        return data;
    }
}
