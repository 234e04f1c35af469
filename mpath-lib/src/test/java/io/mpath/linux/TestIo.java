package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.IoOperation;
import io.mpath.PassthroughCommand;
import io.mpath.internal.io.DetachedAttempt;
import io.mpath.path.PathFailure;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A request that remembers how it ended. */
final class TestIo extends DetachedAttempt {
    private static final long TAG = 7;

    private final IoOperation operation;
    private final long offset;
    private final long length;
    private final ByteBuffer[] buffers;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger ends = new AtomicInteger();
    private volatile @Nullable PathFailure failure;
    private volatile Runnable onEnd = () -> {};
    private boolean durable;

    private TestIo(IoOperation operation, long offset, long length, ByteBuffer... buffers) {
        this.operation = operation;
        this.offset = offset;
        this.length = length;
        this.buffers = buffers;
    }

    static TestIo read(long offset, ByteBuffer... into) {
        return new TestIo(IoOperation.READ, offset, remaining(into), into);
    }

    static TestIo write(long offset, ByteBuffer... from) {
        return new TestIo(IoOperation.WRITE, offset, remaining(from), from);
    }

    static TestIo of(IoOperation operation, long offset, long length) {
        return new TestIo(operation, offset, length);
    }

    private static long remaining(ByteBuffer... buffers) {
        long sum = 0;
        for (ByteBuffer buffer : buffers) {
            sum += buffer.remaining();
        }
        return sum;
    }

    TestIo durable() {
        durable = true;
        return this;
    }

    TestIo onEnd(Runnable action) {
        onEnd = action;
        return this;
    }

    /** Waits for the end and gives the failure, null when it succeeded. */
    @Nullable
    PathFailure outcome() throws InterruptedException {
        assertThat(ended.await(10, TimeUnit.SECONDS)).as("%s ends", operation).isTrue();
        assertThat(ends).as("%s ends once", operation).hasValue(1);
        return failure;
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    @Override
    public void complete(long tag) {
        end(tag, null);
    }

    @Override
    public void fail(long tag, PathFailure why) {
        end(tag, why);
    }

    private void end(long tag, @Nullable PathFailure why) {
        if (tag != TAG) {
            throw new AssertionError("ended with tag " + tag);
        }
        failure = why;
        ends.incrementAndGet();
        onEnd.run();
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
        return buffers.length;
    }

    @Override
    public ByteBuffer buffer(int index) {
        return buffers[index];
    }

    @Override
    public int bufferOffset(int index) {
        return buffers[index].position();
    }

    @Override
    public int bufferLength(int index) {
        return buffers[index].remaining();
    }

    @Override
    public @Nullable PassthroughCommand command() {
        return null;
    }

    @Override
    public long timeoutNanos() {
        return Long.MAX_VALUE;
    }
}
