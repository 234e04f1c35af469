package io.mpath.examples.fence;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.examples.fence.LoopbackWire.Answer;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.scsi.BlockCommands;
import io.mpath.scsi.CommandJudge;
import io.mpath.scsi.CommandNotSentException;
import io.mpath.scsi.LogicalUnitTransport;
import io.mpath.scsi.command.ScsiCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads, writes and flushes through a {@link LoopbackTransport}, in order.
 *
 * <p>Threading: any thread submits; one of its own carries out, ends what is on shared queues, and blocks meanwhile.
 */
final class LoopbackUnit implements LogicalUnitTransport {
    private static final int MOST_TRANSFER_BYTES = 1 << 16;
    private static final byte[] NO_DATA = {};

    private final LoopbackTransport transport;
    private final int blockBytes;
    private final CommandJudge judge;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        var thread = new Thread(task, "loopback unit");
        thread.setDaemon(true);
        return thread;
    });

    LoopbackUnit(LoopbackTransport transport, int blockBytes, CommandJudge judge) {
        this.transport = transport;
        this.blockBytes = blockBytes;
        this.judge = judge;
    }

    @Override
    public int maxTransferBytes() {
        return MOST_TRANSFER_BYTES;
    }

    @Override
    public @Nullable String readOnly() {
        return null;
    }

    @Override
    public PathQueue openQueue(QueueKind kind) {
        return new UnitQueue(kind);
    }

    @Override
    public void close(Runnable closed) {
        worker.execute(closed);
        worker.shutdown();
    }

    private final class UnitQueue implements PathQueue {
        private final QueueKind kind;
        private final Queue<Runnable> ends = new ConcurrentLinkedQueue<>();

        UnitQueue(QueueKind kind) {
            this.kind = kind;
        }

        @Override
        public boolean submit(PathIo io) {
            long tag = io.tag();
            try {
                worker.execute(() -> {
                    PathFailure failure = carryOut(io);
                    end(() -> {
                        if (failure == null) {
                            io.complete(tag);
                        } else {
                            io.fail(tag, failure);
                        }
                    });
                });
            } catch (RejectedExecutionException e) {
                io.fail(tag, PathFailure.failOver(Certainty.NOT_EXECUTED, transport.port() + " is closed"));
            }
            return true;
        }

        private void end(Runnable end) {
            switch (kind) {
                case SHARED -> end.run();
                case CONFINED -> ends.add(end);
            }
        }

        @Override
        public int poll() {
            int polled = 0;
            for (Runnable end = ends.poll(); end != null; end = ends.poll()) {
                end.run();
                polled++;
            }
            return polled;
        }
    }

    private @Nullable PathFailure carryOut(PathIo io) {
        IoOperation operation = io.operation();
        PathFailure unfit = judge.beforeSending(operation);
        if (unfit != null) {
            return unfit;
        }
        return switch (operation) {
            case READ, WRITE, FLUSH -> send(io, operation, BlockCommands.of(io, blockBytes));
            case DISCARD, WRITE_ZEROES, COMPARE_AND_WRITE, PASSTHROUGH ->
                judge.refused(operation, IoStatus.UNSUPPORTED, "only reads, writes and flushes go over loopback");
        };
    }

    private @Nullable PathFailure send(PathIo io, IoOperation operation, ScsiCommand command) {
        Answer answer;
        try {
            byte[] data = operation == IoOperation.WRITE ? gather(io) : NO_DATA;
            answer = transport.exchange(command, data, Duration.ofNanos(io.timeoutNanos()));
        } catch (CommandNotSentException e) {
            return PathFailure.failOver(Certainty.NOT_EXECUTED, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return judge.unanswered(operation, "it was not answered: " + e);
        }
        if (operation == IoOperation.READ) {
            scatter(io, answer.data());
        }
        int blocks = (int) (io.length() / blockBytes);
        return judge.completed(operation, LoopbackTransport.result(command, answer), io.offset() / blockBytes, blocks);
    }

    private static byte[] gather(PathIo io) {
        byte[] into = new byte[(int) io.length()];
        int at = 0;
        for (int i = 0; i < io.bufferCount(); i++) {
            io.buffer(i).get(io.bufferOffset(i), into, at, io.bufferLength(i));
            at += io.bufferLength(i);
        }
        return into;
    }

    private static void scatter(PathIo io, byte[] data) {
        int at = 0;
        for (int i = 0; i < io.bufferCount() && at < data.length; i++) {
            int part = Math.min(io.bufferLength(i), data.length - at);
            io.buffer(i).put(io.bufferOffset(i), data, at, part);
            at += part;
        }
    }
}
