package io.mpath.scsi.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.IoOperation;
import io.mpath.PassthroughCommand;
import io.mpath.internal.io.DetachedAttempt;
import io.mpath.path.PathFailure;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A request that remembers how it ended. */
final class TestIo extends DetachedAttempt {
    private static final long TAG = 7;

    private final IoOperation operation;
    private final long offset;
    private final long length;
    private final @Nullable ByteBuffer buffer;
    private final @Nullable PassthroughCommand command;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable PathFailure failure;
    boolean durable;
    long timeoutNanos = 60_000_000_000L;

    private TestIo(
            IoOperation operation,
            long offset,
            long length,
            @Nullable ByteBuffer buffer,
            @Nullable PassthroughCommand command) {
        this.operation = operation;
        this.offset = offset;
        this.length = length;
        this.buffer = buffer;
        this.command = command;
    }

    static TestIo read(long offset, ByteBuffer into) {
        return new TestIo(IoOperation.READ, offset, into.remaining(), into, null);
    }

    static TestIo write(long offset, ByteBuffer from) {
        return new TestIo(IoOperation.WRITE, offset, from.remaining(), from, null);
    }

    static TestIo write(long offset, int length) {
        return write(offset, ByteBuffer.allocate(length));
    }

    /** {@code both}: what is compared with, and then what is written. */
    static TestIo compareAndWrite(long offset, ByteBuffer both) {
        return new TestIo(IoOperation.COMPARE_AND_WRITE, offset, both.remaining() / 2, both, null);
    }

    static TestIo of(IoOperation operation, long offset, long length) {
        return new TestIo(operation, offset, length, null, null);
    }

    static TestIo passthrough(PassthroughCommand command) {
        return new TestIo(IoOperation.PASSTHROUGH, 0, 0, null, command);
    }

    TestIo durable() {
        durable = true;
        return this;
    }

    TestIo timeout(long nanos) {
        timeoutNanos = nanos;
        return this;
    }

    /** Waits for the end and gives the failure, null when it succeeded. */
    @Nullable
    PathFailure outcome() {
        try {
            assertThat(ended.await(10, TimeUnit.SECONDS))
                    .as("%s ends", operation)
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return failure;
    }

    @Override
    public void complete(long tag) {
        ended.countDown();
    }

    @Override
    public void fail(long tag, PathFailure why) {
        failure = why;
        ended.countDown();
    }

    @Override
    public long tag() {
        return TAG;
    }

    @Override
    public IoOperation operation() {
        return operation;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public boolean forceUnitAccess() {
        return durable;
    }

    @Override
    public int bufferCount() {
        return buffer == null ? 0 : 1;
    }

    @Override
    public ByteBuffer buffer(int index) {
        return java.util.Objects.requireNonNull(buffer);
    }

    @Override
    public int bufferOffset(int index) {
        return buffer(index).position();
    }

    @Override
    public int bufferLength(int index) {
        return buffer(index).remaining();
    }

    @Override
    public @Nullable PassthroughCommand command() {
        return command;
    }

    @Override
    public long timeoutNanos() {
        return timeoutNanos;
    }
}
