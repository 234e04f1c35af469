package io.mpath.internal.io;

import io.mpath.BlockDevice;
import io.mpath.IoFuture;
import io.mpath.IoRequest;
import io.mpath.PassthroughCommand;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** The operations of a block device, turned into flights. */
public abstract class FrontDoor implements BlockDevice {
    /**
     * Starts a flight.
     *
     * @param waits whether it waits for room when the device has as many as it takes, or ends as such
     */
    protected abstract void launch(Flight flight, boolean waits);

    @Override
    public final void submit(IoRequest request) {
        launch((Flight) request, false);
    }

    private IoFuture start(IoRequest request) {
        IoPromise promise = new IoPromise();
        Flight flight = (Flight) request.onComplete(promise);
        launch(flight, true);
        return promise;
    }

    @Override
    public final IoFuture read(long offset, ByteBuffer... into) {
        return start(Flight.create().read(offset, into));
    }

    @Override
    public final IoFuture write(long offset, ByteBuffer... from) {
        return start(Flight.create().write(offset, from));
    }

    @Override
    public final IoFuture writeDurably(long offset, ByteBuffer... from) {
        return start(Flight.create().write(offset, from).forceUnitAccess(true));
    }

    @Override
    public final IoFuture flush() {
        return start(Flight.create().flush());
    }

    @Override
    public final IoFuture discard(long offset, long length) {
        return start(Flight.create().discard(offset, length));
    }

    @Override
    public final IoFuture writeZeroes(long offset, long length) {
        return start(Flight.create().writeZeroes(offset, length));
    }

    @Override
    public final IoFuture compareAndWrite(long offset, ByteBuffer expected, ByteBuffer replacement) {
        return start(Flight.create().compareAndWrite(offset, expected, replacement));
    }

    @Override
    public final IoFuture passthrough(PassthroughCommand command) {
        return start(Flight.create().passthrough(command));
    }

    @Override
    public final SeekableByteChannel asChannel() {
        return new DeviceChannel(this);
    }
}
