package io.mpath.reservation.conformance;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.PassthroughCommand;
import io.mpath.internal.io.DetachedAttempt;
import io.mpath.path.DevicePath;
import io.mpath.path.PathFailure;
import io.mpath.path.QueueKind;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One read or write of the first block, through a path that ends it before its submission returns. */
final class BlockProbe extends DetachedAttempt {
    private final boolean write;
    private final ByteBuffer block;
    private Access access = Access.failed("it has not ended");

    private BlockProbe(boolean write, int length) {
        this.write = write;
        this.block = ByteBuffer.allocate(length);
    }

    static Access tryAccess(DevicePath path, int length, boolean write) {
        var probe = new BlockProbe(write, length);
        boolean taken = path.openQueue(QueueKind.SHARED).submit(probe);
        return taken ? probe.access : Access.failed("there was no room");
    }

    @Override
    public void complete(long tag) {
        access = Access.allowed();
    }

    @Override
    public void fail(long tag, PathFailure failure) {
        access = failure.status() == IoStatus.RESERVATION_CONFLICT ? Access.conflict() : Access.failed(failure.cause());
    }

    @Override
    public long tag() {
        return 1;
    }

    @Override
    public IoOperation operation() {
        return write ? IoOperation.WRITE : IoOperation.READ;
    }

    @Override
    public long offset() {
        return 0;
    }

    @Override
    public long length() {
        return block.capacity();
    }

    @Override
    public boolean forceUnitAccess() {
        return false;
    }

    @Override
    public int bufferCount() {
        return 1;
    }

    @Override
    public ByteBuffer buffer(int index) {
        return block;
    }

    @Override
    public int bufferOffset(int index) {
        return 0;
    }

    @Override
    public int bufferLength(int index) {
        return block.capacity();
    }

    @Override
    public @Nullable PassthroughCommand command() {
        return null;
    }

    @Override
    public long timeoutNanos() {
        return Duration.ofSeconds(1).toNanos();
    }
}
