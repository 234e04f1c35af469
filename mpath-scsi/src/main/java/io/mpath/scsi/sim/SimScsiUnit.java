package io.mpath.scsi.sim;

import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.scsi.CommandJudge;
import io.mpath.scsi.LogicalUnitTransport;
import org.jspecify.annotations.Nullable;

/**
 * A logical unit as the host's driver has it open.
 *
 * <p>Threading: any thread; its few words of state are guarded by a lock that is never held while anything else is called.
 */
final class SimScsiUnit implements LogicalUnitTransport {
    private enum Room {
        TAKEN,
        FULL,
        CLOSED
    }

    private final SimScsiTransport transport;
    private final CommandJudge judge;
    private final int blockBytes;
    private final int maxTransferBytes;
    private final int queueDepth;
    private final @Nullable String readOnly;
    private final Object lock = new Object();
    private int underWay;
    private int unreported;
    private boolean refused;
    private boolean closing;
    private @Nullable Runnable whenClosed;

    SimScsiUnit(
            SimScsiTransport transport,
            CommandJudge judge,
            int blockBytes,
            int maxTransferBytes,
            int queueDepth,
            @Nullable String readOnly) {
        this.transport = transport;
        this.judge = judge;
        this.blockBytes = blockBytes;
        this.maxTransferBytes = Math.max(blockBytes, maxTransferBytes / blockBytes * blockBytes);
        this.queueDepth = queueDepth;
        this.readOnly = readOnly;
    }

    SimScsiTransport transport() {
        return transport;
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
    public @Nullable String readOnly() {
        return readOnly;
    }

    @Override
    public PathQueue openQueue(QueueKind kind) {
        return new SimScsiQueue(this, kind);
    }

    boolean submit(PathIo io, SimScsiQueue queue) {
        switch (takeRoom()) {
            case FULL -> {
                return false;
            }
            case CLOSED -> io.fail(io.tag(), PathFailure.failOver(Certainty.NOT_EXECUTED, transport + " is closed"));
            case TAKEN -> start(new SimScsiRequest(this, queue, io), io);
        }
        return true;
    }

    private void start(SimScsiRequest request, PathIo io) {
        PathFailure unfit = judge.beforeSending(io.operation());
        if (unfit != null) {
            request.end(unfit);
            return;
        }
        String refusal = readOnly;
        if (refusal != null && !io.operation().harmless()) {
            request.end(judge.refused(io.operation(), IoStatus.READ_ONLY, refusal));
            return;
        }
        try {
            request.send();
        } catch (IllegalArgumentException e) {
            request.end(judge.refused(io.operation(), IoStatus.UNSUPPORTED, String.valueOf(e.getMessage())));
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
        if (idle) {
            transport.executeSoon(closed);
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
            transport.executeSoon(closed);
        }
    }
}
