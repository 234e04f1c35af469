package io.mpath.internal.io;

import io.mpath.BlockDevice;
import io.mpath.DeviceIoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A block device as a channel: blocking, any alignment. Thread-safe by a lock, held for a whole operation. */
final class DeviceChannel implements SeekableByteChannel {
    private static final int CHUNK = 1 << 20;

    private final BlockDevice device;
    private long position;
    private boolean open = true;

    DeviceChannel(BlockDevice device) {
        this.device = device;
    }

    @Override
    public synchronized int read(ByteBuffer into) throws IOException {
        requireOpen();
        long size = device.geometry().sizeBytes();
        if (!into.hasRemaining()) {
            return 0;
        }
        if (position >= size) {
            return -1;
        }
        int count = (int) Math.min(Math.min(into.remaining(), CHUNK), size - position);
        ByteBuffer blocks = readBlocks(position, count);
        int lead = (int) (position - floor(position));
        into.put(blocks.slice(lead, count));
        position += count;
        return count;
    }

    @Override
    public synchronized int write(ByteBuffer from) throws IOException {
        requireOpen();
        if (device.geometry().readOnly()) {
            throw new NonWritableChannelException();
        }
        long size = device.geometry().sizeBytes();
        int count = (int) Math.min(Math.min(from.remaining(), CHUNK), Math.max(0, size - position));
        if (count == 0 && from.hasRemaining()) {
            throw new IOException("a device of " + size + " bytes cannot grow: write at " + position);
        }
        if (count == 0) {
            return 0;
        }
        int lead = (int) (position - floor(position));
        ByteBuffer data = from.slice(from.position(), count);
        if (lead == 0 && count == floor(count)) {
            transfer(() -> device.write(position, data).await());
        } else {
            ByteBuffer blocks = readBlocks(position, count);
            blocks.duplicate().position(lead).put(data);
            transfer(() -> device.write(floor(position), blocks).await());
        }
        from.position(from.position() + count);
        position += count;
        return count;
    }

    private ByteBuffer readBlocks(long at, int count) throws IOException {
        long start = floor(at);
        long end = floor(at + count + device.geometry().logicalBlockSize() - 1);
        ByteBuffer blocks = ByteBuffer.allocate((int) (end - start));
        transfer(() -> device.read(start, blocks).await());
        return blocks.flip();
    }

    private long floor(long at) {
        return at & -(long) device.geometry().logicalBlockSize();
    }

    private static void transfer(Runnable operation) throws IOException {
        try {
            operation.run();
        } catch (DeviceIoException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public synchronized long position() throws IOException {
        requireOpen();
        return position;
    }

    @Override
    public synchronized SeekableByteChannel position(long newPosition) throws IOException {
        requireOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("negative position " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public synchronized long size() throws IOException {
        requireOpen();
        return device.geometry().sizeBytes();
    }

    /** A device keeps its size: truncating to it or beyond changes nothing, to less is refused. */
    @Override
    public synchronized SeekableByteChannel truncate(long size) throws IOException {
        requireOpen();
        if (size < 0) {
            throw new IllegalArgumentException("negative size " + size);
        }
        if (size < device.geometry().sizeBytes()) {
            throw new IOException("a device cannot be truncated");
        }
        position = Math.min(position, size);
        return this;
    }

    @Override
    public synchronized boolean isOpen() {
        return open;
    }

    @Override
    public synchronized void close() {
        open = false;
    }
}
