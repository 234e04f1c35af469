package io.mpath.sim;

import io.mpath.IoOperation;
import io.mpath.PassthroughCommand;
import io.mpath.internal.io.DetachedAttempt;
import io.mpath.path.PathFailure;
import io.mpath.path.PathQueue;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A request to one path alone, past any device: for tests of a transport that ask for what no device would.
 *
 * <p>Threading: made and submitted by one thread; {@link #ended}, {@link #failure} and {@link #data} by any.
 */
public final class LoneRequest {
    private static final AtomicLong TAGS = new AtomicLong(1);
    private static final long TIMEOUT_NANOS = 30_000_000_000L;

    private final long tag = TAGS.getAndIncrement();
    private final IoOperation operation;
    private final long offset;
    private final long length;
    private final ByteBuffer[] buffers;
    private final @Nullable PassthroughCommand command;
    private boolean durable;
    private final Attempt attempt = new Attempt();
    private volatile @Nullable PathFailure failure;
    private volatile boolean ended;

    private LoneRequest(
            IoOperation operation,
            long offset,
            long length,
            @Nullable PassthroughCommand command,
            ByteBuffer... buffers) {
        this.operation = operation;
        this.offset = offset;
        this.length = length;
        this.command = command;
        this.buffers = buffers;
    }

    /** Reads {@code length} bytes. */
    public static LoneRequest read(long offset, int length) {
        return new LoneRequest(IoOperation.READ, offset, length, null, ByteBuffer.allocateDirect(length));
    }

    /** Writes a copy of {@code data}. */
    public static LoneRequest write(long offset, byte[] data) {
        return new LoneRequest(IoOperation.WRITE, offset, data.length, null, direct(data));
    }

    /** Compares with a copy of {@code expected}, and writes one of {@code replacement}, which is as long. */
    public static LoneRequest compareAndWrite(long offset, byte[] expected, byte[] replacement) {
        return new LoneRequest(
                IoOperation.COMPARE_AND_WRITE, offset, expected.length, null, direct(expected), direct(replacement));
    }

    /** Discards, zeroes or flushes. */
    public static LoneRequest bare(IoOperation operation, long offset, long length) {
        return new LoneRequest(operation, offset, length, null);
    }

    /** Carries out a command of the path's protocol. */
    public static LoneRequest passthrough(PassthroughCommand command) {
        return new LoneRequest(IoOperation.PASSTHROUGH, 0, 0, command);
    }

    private static ByteBuffer direct(byte[] data) {
        return ByteBuffer.allocateDirect(data.length).put(0, data);
    }

    /** Durable before it completes. */
    public LoneRequest durable() {
        durable = true;
        return this;
    }

    /** Hands it to a queue; whether that took it. */
    public boolean submitTo(PathQueue queue) {
        return queue.submit(attempt);
    }

    /** Whether it has ended. */
    public boolean ended() {
        return ended;
    }

    /** How it failed; empty before it has ended, and when it succeeded. */
    public Optional<PathFailure> failure() {
        return Optional.ofNullable(failure);
    }

    /** What its first buffer holds: what was read. */
    public byte[] data() {
        byte[] data = new byte[buffers[0].capacity()];
        buffers[0].get(0, data);
        return data;
    }

    @Override
    public String toString() {
        return operation + " " + offset + "+" + length;
    }

    /** It, as its path sees it. */
    private final class Attempt extends DetachedAttempt {
        @Override
        public long tag() {
            return tag;
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
            return 0;
        }

        @Override
        public int bufferLength(int index) {
            return buffers[index].capacity();
        }

        @Override
        public @Nullable PassthroughCommand command() {
            return command;
        }

        @Override
        public long timeoutNanos() {
            return TIMEOUT_NANOS;
        }

        @Override
        public void complete(long mark) {
            ended = true;
        }

        @Override
        public void fail(long mark, PathFailure reason) {
            failure = reason;
            ended = true;
        }

        @Override
        public String toString() {
            return LoneRequest.this.toString();
        }
    }
}
