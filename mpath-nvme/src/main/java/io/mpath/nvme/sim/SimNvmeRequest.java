package io.mpath.nvme.sim;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.internal.adapter.UnflushedChange;
import io.mpath.nvme.CommandJudge;
import io.mpath.nvme.NvmCommands;
import io.mpath.nvme.NvmePassthrough;
import io.mpath.nvme.command.Completion;
import io.mpath.nvme.command.DatasetManagement;
import io.mpath.nvme.command.Fuse;
import io.mpath.nvme.command.FusedCompareAndWrite;
import io.mpath.nvme.command.IoCommand;
import io.mpath.nvme.command.NvmFlush;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that a namespace took, from its first command to its end.
 *
 * <p>Threading: its fields are guarded by itself; it ends once.
 */
final class SimNvmeRequest {
    private static final byte[] NO_DATA = {};

    private final SimNvmeNamespace namespace;
    private final SimNvmeQueue queue;
    private final PathIo io;
    private final long tag;
    private final IoOperation operation;
    private int answersDue;
    private NvmeStatus worst = NvmeStatus.SUCCESS;
    private boolean flushDue;
    private boolean flushing;
    private boolean ended;

    SimNvmeRequest(SimNvmeNamespace namespace, SimNvmeQueue queue, PathIo io) {
        this.namespace = namespace;
        this.queue = queue;
        this.io = io;
        this.tag = io.tag();
        this.operation = io.operation();
        this.flushDue = NvmCommands.flushFollows(io);
    }

    /** What is sent first. @throws IllegalArgumentException when it cannot be put into commands */
    List<SimNvmeEntry> commands() {
        List<SimNvmeEntry> commands = switch (operation) {
            case PASSTHROUGH -> List.of(SimNvmeEntry.of(passthrough(), namespace.nsid()));
            case COMPARE_AND_WRITE -> pair();
            default -> {
                IoCommand command = NvmCommands.of(io, namespace.nsid(), namespace.blockBytes());
                yield List.of(SimNvmeEntry.of(command, dataOf(command)));
            }
        };
        synchronized (this) {
            answersDue = commands.size();
        }
        return commands;
    }

    private NvmePassthrough passthrough() {
        if (io.command() instanceof NvmePassthrough command) {
            return command;
        }
        throw new IllegalArgumentException("a passthrough without an NVMe command");
    }

    private List<SimNvmeEntry> pair() {
        if (!namespace.fuses()) {
            throw new IllegalArgumentException("the controller takes no fused commands");
        }
        FusedCompareAndWrite pair = NvmCommands.compareAndWrite(io, namespace.nsid(), namespace.blockBytes());
        byte[] both = gather();
        int half = both.length / 2;
        return List.of(
                SimNvmeEntry.of(pair.compare(), Fuse.FIRST, Arrays.copyOf(both, half)),
                SimNvmeEntry.of(pair.write(), Fuse.SECOND, Arrays.copyOfRange(both, half, both.length)));
    }

    private byte[] dataOf(IoCommand command) {
        if (command instanceof DatasetManagement ranges) {
            ByteBuffer data = ByteBuffer.allocate(ranges.dataBytes());
            ranges.encodeRanges(data);
            return data.array();
        }
        return operation == IoOperation.WRITE ? gather() : NO_DATA;
    }

    private byte[] gather() {
        int length = 0;
        for (int i = 0; i < io.bufferCount(); i++) {
            length += io.bufferLength(i);
        }
        byte[] into = new byte[length];
        int at = 0;
        for (int i = 0; i < io.bufferCount(); i++) {
            io.buffer(i).get(io.bufferOffset(i), into, at, io.bufferLength(i));
            at += io.bufferLength(i);
        }
        return into;
    }

    private void scatter(byte[] data) {
        int at = 0;
        for (int i = 0; i < io.bufferCount() && at < data.length; i++) {
            int part = Math.min(io.bufferLength(i), data.length - at);
            io.buffer(i).put(io.bufferOffset(i), data, at, part);
            at += part;
        }
    }

    /** One of its commands was completed. */
    void answered(Completion completion, byte[] data) {
        boolean flush;
        NvmeStatus status;
        synchronized (this) {
            if (worst.success()) {
                worst = completion.status();
            }
            answersDue--;
            if (answersDue > 0) {
                return;
            }
            status = worst;
            flush = status.success() && flushDue;
            flushing |= flush;
            flushDue = false;
            answersDue = flush ? 1 : 0;
        }
        if (flush) {
            NvmFlush after = new NvmFlush(namespace.nsid());
            if (!namespace.send(this, queue, List.of(SimNvmeEntry.of(after, NO_DATA)))) {
                unanswered("the controller went away before the flush that follows");
            }
            return;
        }
        PathFailure failure = ofTheWhole(judge().completed(lastSent(), status));
        if (io.command() instanceof NvmePassthrough command) {
            command.result(completion.result());
        }
        end(failure, failure == null ? data : NO_DATA);
    }

    /** Its commands were handed back. */
    void unanswered(String cause) {
        end(ofTheWhole(judge().unanswered(lastSent(), cause)), NO_DATA);
    }

    private synchronized IoOperation lastSent() {
        return flushing ? IoOperation.FLUSH : operation;
    }

    private synchronized @Nullable PathFailure ofTheWhole(@Nullable PathFailure ofTheLast) {
        return flushing && ofTheLast != null ? UnflushedChange.of(ofTheLast) : ofTheLast;
    }

    /** It was not sent. */
    void refused(IoStatus status, String cause) {
        end(judge().refused(operation, status, cause), NO_DATA);
    }

    void end(@Nullable PathFailure failure, byte[] data) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        queue.deliver(() -> {
            namespace.makeRoom();
            if (failure == null) {
                transfer(data);
                io.complete(tag);
            } else {
                io.fail(tag, failure);
            }
            namespace.reported();
        });
    }

    private void transfer(byte[] data) {
        if (operation == IoOperation.READ) {
            scatter(data);
        } else if (io.command() instanceof NvmePassthrough command) {
            ByteBuffer into = command.data();
            if (into != null && data.length > 0) {
                into.put(into.position(), data, 0, Math.min(data.length, into.remaining()));
            }
        }
    }

    private CommandJudge judge() {
        return namespace.judge();
    }
}
