package io.mpath.examples.fence;

import io.mpath.BlockDevice;
import io.mpath.DeviceIoException;
import io.mpath.IoStatus;
import io.mpath.examples.workload.StopSignal;
import java.nio.ByteBuffer;

/**
 * Writes one block again and again, each time with the next number, whatever comes of it.
 *
 * <p>Threading: one thread writes; any other looks at the counts, and waits for the write that is under way.
 */
final class Writer implements Runnable {
    private static final long MAGIC = 0x6d70_6174_6866_6e63L;
    private static final int NUMBER_OFFSET = Long.BYTES;
    private static final long PAUSE_MILLIS = 1;

    private final BlockDevice device;
    private final long offset;
    private final StopSignal stop;
    private final Object oneAtATime = new Object();
    private WriteCounts counts = WriteCounts.NONE;
    private long number;

    Writer(BlockDevice device, long block, StopSignal stop) {
        this.device = device;
        this.offset = block * device.geometry().logicalBlockSize();
        this.stop = stop;
    }

    /** The number that a block has; 0 where none was written there. */
    static long look(BlockDevice device, long block) {
        int length = device.geometry().logicalBlockSize();
        ByteBuffer read = ByteBuffer.allocateDirect(length);
        device.read(block * length, read).await();
        return read.getLong(0) == MAGIC ? read.getLong(NUMBER_OFFSET) : 0;
    }

    @Override
    public void run() {
        while (!stop.await(PAUSE_MILLIS)) {
            write();
        }
    }

    private void write() {
        ByteBuffer block = ByteBuffer.allocateDirect(device.geometry().logicalBlockSize());
        synchronized (oneAtATime) {
            number++;
            block.putLong(0, MAGIC).putLong(NUMBER_OFFSET, number);
            try {
                device.write(offset, block).await();
                counts = counts.taken(number);
            } catch (DeviceIoException e) {
                counts = e.status() == IoStatus.RESERVATION_CONFLICT
                        ? counts.refused()
                        : counts.failed(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Up to now, when none is under way. */
    WriteCounts counts() {
        synchronized (oneAtATime) {
            return counts;
        }
    }
}
