package io.mpath.nvme.sim;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.nvme.CommandEnd;
import io.mpath.nvme.CommandJudge;
import io.mpath.nvme.NamespaceTransport;
import io.mpath.nvme.command.BlockRange;
import io.mpath.nvme.command.Completion;
import io.mpath.nvme.command.IoCommand;
import io.mpath.nvme.command.NvmRead;
import io.mpath.nvme.command.NvmeCommand;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A namespace as the host's driver has it open.
 *
 * <p>Threading: any thread; its few words of state are guarded by a lock that is never held while anything else is called.
 */
final class SimNvmeNamespace implements NamespaceTransport {
    private enum Room {
        TAKEN,
        FULL,
        CLOSED
    }

    private final SimNvmeTransport transport;
    private final CommandJudge judge;
    private final long nsid;
    private final int blockBytes;
    private final int maxTransferBytes;
    private final boolean fuses;
    private final int queueDepth;
    private final AtomicInteger queues = new AtomicInteger();
    private final Object lock = new Object();
    private int underWay;
    private int unreported;
    private boolean refused;
    private boolean closing;
    private @Nullable Runnable whenClosed;

    SimNvmeNamespace(
            SimNvmeTransport transport,
            CommandJudge judge,
            long nsid,
            int blockBytes,
            int maxTransferBytes,
            boolean fuses,
            int queueDepth) {
        this.transport = transport;
        this.judge = judge;
        this.nsid = nsid;
        this.blockBytes = blockBytes;
        long mostBlocks = (long) BlockRange.MAX_BLOCKS * blockBytes;
        this.maxTransferBytes = (int) Math.min(mostBlocks, maxTransferBytes) / blockBytes * blockBytes;
        this.fuses = fuses;
        this.queueDepth = queueDepth;
    }

    long nsid() {
        return nsid;
    }

    int blockBytes() {
        return blockBytes;
    }

    CommandJudge judge() {
        return judge;
    }

    @Override
    public int maxTransferBytes() {
        return maxTransferBytes;
    }

    @Override
    public boolean fuses() {
        return fuses;
    }

    @Override
    public @Nullable String readOnly() {
        return null;
    }

    @Override
    public PathQueue openQueue(QueueKind kind) {
        return new SimNvmeQueue(this, kind, queues.incrementAndGet());
    }

    boolean submit(PathIo io, SimNvmeQueue queue) {
        switch (takeRoom()) {
            case FULL -> {
                return false;
            }
            case CLOSED ->
                io.fail(
                        io.tag(),
                        PathFailure.failOver(Certainty.NOT_EXECUTED, transport + " namespace " + nsid + " is closed"));
            case TAKEN -> start(new SimNvmeRequest(this, queue, io), io.operation(), queue);
        }
        return true;
    }

    private void start(SimNvmeRequest request, IoOperation operation, SimNvmeQueue queue) {
        PathFailure unfit = judge.beforeSending(operation);
        if (unfit != null) {
            request.end(unfit, new byte[0]);
            return;
        }
        List<SimNvmeEntry> commands;
        try {
            commands = request.commands();
        } catch (IllegalArgumentException e) {
            request.refused(IoStatus.UNSUPPORTED, String.valueOf(e.getMessage()));
            return;
        }
        if (!send(request, queue, commands)) {
            request.end(
                    PathFailure.failOver(
                            Certainty.NOT_EXECUTED, "not sent: " + transport + " is " + transport.liveness()),
                    new byte[0]);
        }
    }

    boolean send(SimNvmeRequest request, SimNvmeQueue queue, List<SimNvmeEntry> commands) {
        return transport.send(request, queue.number(), commands);
    }

    @Override
    public @Nullable PathFailure readFirstBlock() {
        NvmRead read = new NvmRead(new BlockRange(nsid, 0, 1), blockBytes, false);
        SimReply reply = transport.executeNow(1, SimNvmeEntry.of(read, new byte[0]));
        return reply == null
                ? judge.unanswered(IoOperation.READ, transport + " did not answer")
                : judge.completed(
                        IoOperation.READ, Completion.decode(reply.completion()).status());
    }

    @Override
    public CommandEnd carryOut(IoCommand command, ByteBuffer data) {
        Liveness now = transport.liveness();
        if (isClosing() || now != Liveness.LIVE) {
            String why = isClosing() ? "namespace " + nsid + " is closed" : "is " + now;
            return new CommandEnd.NotSent(IoStatus.PATH_ERROR, command.name() + ": not sent: " + transport + ' ' + why);
        }
        byte[] sent = new byte[command.transfer() == NvmeCommand.Transfer.TO_CONTROLLER ? data.remaining() : 0];
        data.get(data.position(), sent);
        SimReply reply = transport.executeNow(1, SimNvmeEntry.of(command, sent));
        if (reply == null) {
            return new CommandEnd.Unanswered(command.name() + ": " + transport + " did not answer");
        }
        NvmeStatus status = Completion.decode(reply.completion()).status();
        if (status.success() && command.transfer() == NvmeCommand.Transfer.TO_HOST) {
            data.put(data.position(), reply.payload(), 0, Math.min(reply.payload().length, data.remaining()));
        }
        return new CommandEnd.Completed(status);
    }

    private boolean isClosing() {
        synchronized (lock) {
            return closing;
        }
    }

    @Override
    public void close(Runnable closed) {
        boolean idle;
        synchronized (lock) {
            closing = true;
            idle = unreported == 0;
            whenClosed = idle ? null : closed;
        }
        transport.closed(this);
        if (idle) {
            transport.controller().clock().execute(closed);
        }
    }

    private Room takeRoom() {
        synchronized (lock) {
            if (closing) {
                return Room.CLOSED;
            }
            if (underWay >= queueDepth) {
                refused = true;
                return Room.FULL;
            }
            underWay++;
            unreported++;
            return Room.TAKEN;
        }
    }

    void makeRoom() {
        synchronized (lock) {
            underWay--;
        }
    }

    /** The end of a request was reported, and its room given back before that. */
    void reported() {
        boolean tellOfRoom;
        Runnable closed = null;
        synchronized (lock) {
            unreported--;
            tellOfRoom = refused;
            refused = false;
            if (unreported == 0) {
                closed = whenClosed;
                whenClosed = null;
            }
        }
        if (tellOfRoom) {
            judge.roomAgain();
        }
        if (closed != null) {
            transport.controller().clock().execute(closed);
        }
    }
}
