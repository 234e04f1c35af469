package io.mpath.linux;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.MultipathException;
import io.mpath.path.Certainty;
import io.mpath.path.Checkable;
import io.mpath.path.DevicePath;
import io.mpath.path.PathControl;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.path.PathPort;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.path.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A file or block device as a path. It knows of its state only what requests and checks tell it, and of a failed write never
 * whether it took effect; an attempt that hangs in the kernel cannot be called back, so time-outs are the core's to enforce.
 *
 * <p>Threading: as {@link DevicePath} says. {@code control} and {@code readiness} are written once, on the loop; a bare
 * device may send requests before that, and what those would have reported is found out by later ones; {@code …Unsupported} are
 * set by the path's threads and read by whoever describes, which is asked to do so after they were set; {@code checking} and {@code asking} are guarded by {@code asking}.
 */
final class PlainPath implements DevicePath, Checkable {
    private final String name;
    private final DeviceId id;
    private final PlainFile file;
    private final PathPort port;
    private final PlainIo requests;
    private final BlockingThreads threads;
    private final TransferMemory checked;
    private final List<CheckDone> asking = new ArrayList<>();
    private boolean checking;
    private volatile @Nullable PathControl control;
    private volatile @Nullable PathReadiness readiness;
    private volatile boolean closed;
    private volatile boolean discardUnsupported;
    private volatile boolean writeZeroesUnsupported;

    PlainPath(String name, DeviceId id, PlainFile file, PathPort port, Syscalls syscalls, PlainOptions options) {
        this.name = name;
        this.id = id;
        this.file = file;
        this.port = port;
        requests = new PlainIo(syscalls, file);
        checked = new TransferMemory(syscalls, file.blockSize(), file.blockSize());
        int transfer = file.maxTransferBytes();
        threads = new BlockingThreads(
                name,
                options.threads(),
                options.maxWaiting(),
                () -> new TransferMemory(syscalls, transfer, file.blockSize()),
                this::execute,
                memory -> LostMemory.keep(memory, keepNanos()),
                this::roomAgain);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public PathPort port() {
        return port;
    }

    @Override
    public PathDescription describe() {
        if (!file.descriptor().enter()) {
            throw new MultipathException(name + " is closed");
        }
        try {
            return new PathDescription(id, file.attributes(), able(file.geometry()));
        } finally {
            file.descriptor().leave();
        }
    }

    private Geometry able(Geometry found) {
        return new Geometry(
                found.sizeBytes(),
                found.logicalBlockSize(),
                found.physicalBlockSize(),
                found.maxTransferBytes(),
                discardUnsupported ? 0 : found.maxDiscardBytes(),
                writeZeroesUnsupported ? 0 : found.maxWriteZeroesBytes(),
                found.maxCompareAndWriteBytes(),
                found.volatileCache(),
                found.readOnly());
    }

    @Override
    public void attach(PathControl to) {
        control = to;
        var started = new PathReadiness(to, () -> check((works, finding) -> {}));
        readiness = started;
        started.start();
    }

    @Override
    public PathQueue openQueue(QueueKind kind) {
        return threads.queue(kind);
    }

    @Override
    public void close(Runnable whenClosed) {
        closed = true; // the descriptor stays open for as long as a thread is at it, and a check would still read
        PathReadiness attached = readiness;
        if (attached != null) {
            attached.close();
        }
        threads.close(() -> file.descriptor().close(whenClosed));
    }

    private OptionalLong keepNanos() {
        PathControl attached = control;
        return attached == null ? OptionalLong.empty() : OptionalLong.of(attached.holdNanos());
    }

    private void roomAgain() {
        PathControl attached = control;
        if (attached != null) {
            attached.roomAgain();
        }
    }

    private @Nullable PathFailure execute(PathIo io, TransferMemory memory) {
        PathReadiness attached = readiness;
        if (attached != null && !attached.isReady()) {
            // What waited behind the request that lost the path: a write is not sent into the unknown.
            return PathFailure.failOver(Certainty.NOT_EXECUTED, "not sent: the path failed while this waited");
        }
        PathFailure failure = requests.execute(io, memory);
        if (failure != null) {
            report(io.operation(), failure);
        }
        return failure;
    }

    private void report(IoOperation operation, PathFailure failure) {
        PathControl to = control;
        PathReadiness attached = readiness;
        if (to == null || attached == null) {
            return;
        }
        if (failure.verdict() == Verdict.FAIL_OVER) {
            attached.lost(failure.cause());
        } else if (failure.status() == IoStatus.OUT_OF_RANGE) {
            to.changed();
        } else if (failure.status() == IoStatus.UNSUPPORTED) {
            forgo(operation);
            to.changed();
        }
    }

    private void forgo(IoOperation operation) {
        if (operation == IoOperation.DISCARD) {
            discardUnsupported = true;
        } else if (operation == IoOperation.WRITE_ZEROES) {
            writeZeroesUnsupported = true;
        }
    }

    /** Reads the first block. Who asks while that is under way is told what it finds. */
    @Override
    public void check(CheckDone done) {
        synchronized (asking) {
            asking.add(done);
            if (checking) {
                return;
            }
            checking = true;
        }
        PathReadiness attached = readiness;
        int lossesBefore = attached == null ? 0 : attached.losses();
        PathFailure failure = readFirstBlock();
        // Whatever else the device says of that block, it was reached.
        boolean works = failure == null || failure.verdict() == Verdict.FAIL;
        String finding = failure == null ? "the first block can be read" : failure.cause();
        PathControl to = control;
        if (!works && to != null && file.isGone()) {
            to.gone(finding);
        } else if (attached != null) {
            attached.found(works, finding, lossesBefore);
        }
        answer(works, finding);
    }

    private void answer(boolean works, String finding) {
        List<CheckDone> told;
        synchronized (asking) {
            told = List.copyOf(asking);
            asking.clear();
            checking = false;
        }
        told.forEach(done -> done.done(works, finding));
    }

    private @Nullable PathFailure readFirstBlock() {
        Descriptor descriptor = file.descriptor();
        if (closed || !descriptor.enter()) {
            return PathFailure.failOver(Certainty.NOT_EXECUTED, "the path is closed");
        }
        try {
            return requests.readFirstBlock(checked);
        } finally {
            descriptor.leave();
        }
    }
}
