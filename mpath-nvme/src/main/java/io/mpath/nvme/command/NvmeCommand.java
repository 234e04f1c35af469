package io.mpath.nvme.command;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A command, without the address of its data, its identifier and its queue, which are its transport's. Commands are records
 * whose fields are checked when they are made: {@link CommandFieldException}.
 */
public sealed interface NvmeCommand permits AdminCommand, IoCommand {
    /** The size of a submission queue entry, in bytes. */
    int ENTRY_BYTES = 64;

    /** Where its data goes. */
    enum Transfer {
        /** It has none. */
        NONE,
        /** From the host to the controller. */
        TO_CONTROLLER,
        /** From the controller to the host. */
        TO_HOST
    }

    /** What the standard calls it. */
    String name();

    /** The opcode. */
    int opcode();

    /** The namespace, {@link NamespaceIds#ALL}, or 0. */
    long nsid();

    /** Command dword 10. */
    default int cdw10() {
        return 0;
    }

    /** Command dword 11. */
    default int cdw11() {
        return 0;
    }

    /** Command dword 12. */
    default int cdw12() {
        return 0;
    }

    /** Command dword 13. */
    default int cdw13() {
        return 0;
    }

    /** Command dword 14. */
    default int cdw14() {
        return 0;
    }

    /** Command dword 15. */
    default int cdw15() {
        return 0;
    }

    /** Where its data goes. */
    default Transfer transfer() {
        return Transfer.NONE;
    }

    /** How long its data is, in bytes. */
    default int dataBytes() {
        return 0;
    }

    /**
     * Writes the submission queue entry (NVMe Base 2.1 4.1.1) at the buffer's position and moves that behind it. The data
     * pointer, bytes 24 to 39, is zero.
     *
     * @param commandId CID, 0 to FFFFh
     * @throws CommandFieldException when {@code commandId} is not one
     * @throws IndexOutOfBoundsException when the buffer has not room for an entry
     */
    default void encode(ByteBuffer entry, int commandId) {
        encode(entry, commandId, Fuse.NONE);
    }

    /** As {@link #encode(ByteBuffer, int)}, as a part of a fused pair. */
    default void encode(ByteBuffer entry, int commandId, Fuse fuse) {
        CommandFieldException.check(name(), "CID", commandId, 0, 0xffff);
        int start = entry.position();
        ByteBuffer out = entry.slice(start, ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) opcode()).put((byte) fuse.bits()).putShort((short) commandId);
        out.putInt((int) nsid());
        out.putLong(0).putLong(0).putLong(0).putLong(0);
        out.putInt(cdw10())
                .putInt(cdw11())
                .putInt(cdw12())
                .putInt(cdw13())
                .putInt(cdw14())
                .putInt(cdw15());
        entry.position(start + ENTRY_BYTES);
    }
}
