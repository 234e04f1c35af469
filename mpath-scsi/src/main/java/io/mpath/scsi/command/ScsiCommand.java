package io.mpath.scsi.command;

import java.nio.ByteBuffer;

/**
 * A command, without its data, its task attribute and its nexus, which are its transport's. Commands are records whose fields
 * are checked when they are made: {@link CommandFieldException}.
 */
public sealed interface ScsiCommand
        permits CompareAndWrite,
                Inquiry,
                PersistentReserveIn,
                PersistentReserveOut,
                Read10,
                Read16,
                ReadCapacity10,
                ReadCapacity16,
                ReportLuns,
                ReportTargetPortGroups,
                SetTargetPortGroups,
                SynchronizeCache10,
                SynchronizeCache16,
                TestUnitReady,
                Unmap,
                Write10,
                Write16,
                WriteSame16 {
    /** Where its data goes. */
    enum Transfer {
        /** It has none. */
        NONE,
        /** From the host to the device. */
        TO_DEVICE,
        /** From the device to the host. */
        TO_HOST
    }

    /** What the standard calls it. */
    String name();

    /** How long its command descriptor block is: 6, 10, 12 or 16 bytes. */
    int cdbBytes();

    /** Writes the command descriptor block at the buffer's position and moves that behind it. */
    void encode(ByteBuffer cdb);

    /** Where its data goes. */
    default Transfer transfer() {
        return Transfer.NONE;
    }

    /** How long its data is, or may be, in bytes. */
    default int dataBytes() {
        return 0;
    }
}
