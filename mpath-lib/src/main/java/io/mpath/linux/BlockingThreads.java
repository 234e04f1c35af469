package io.mpath.linux;

import io.mpath.IoStatus;
import io.mpath.path.Abortable;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.path.Verdict;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A path's threads, for requests that are carried out by calls that block: a bounded number of daemon threads, started as
 * they are needed, behind a bounded ring of waiting requests. Platform threads, because a system call that hangs holds its
 * thread for as long as the device likes. In steady state a request allocates nothing here.
 *
 * <p>As many threads as were idle all the time for ten seconds leave, all but one where nothing was carried out, which spares a
 * failover to the path the start of a thread; their memory is freed with them. How many that is, is counted for all together: each
 * by itself is hardly ever idle for long, since a monitor wakes the one that waits longest.
 *
 * <p>No thread is ever interrupted: an interrupted NVMe or SCSI ioctl is a command cancelled in flight. So a request that a
 * thread has cannot be aborted; one that waits can, and ends as {@link Certainty#NOT_EXECUTED} for another path to serve. What
 * waited behind a request that lost the path is failed with it: sent into the unknown, each would be one more of unknown outcome.
 *
 * <p>Threading: every method may be called by any thread and none blocks. All fields that change are guarded by this object's
 * monitor; no foreign code runs while it is held.
 */
public final class BlockingThreads {
    private static final Logger LOG = LoggerFactory.getLogger(BlockingThreads.class);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int STAYING = 1;
    private static final PathFailure CLOSED = PathFailure.failOver(Certainty.NOT_EXECUTED, "the path is closed");
    private static final PathFailure ABORTED =
            PathFailure.failOver(Certainty.NOT_EXECUTED, "not sent: all threads of the path were busy for too long");
    private static final PathFailure BEHIND_A_LOSS =
            PathFailure.failOver(Certainty.NOT_EXECUTED, "not sent: the path lost a request while this waited");

    private final String name;
    private final int maxThreads;
    private final int maxWaiting;
    private final long idleNanos;
    private final int staying;
    private final Supplier<TransferMemory> memory;
    private final Work work;
    private final Consumer<TransferMemory> lost;
    private final Runnable roomAgain;
    private final PathQueue shared = new SharedQueue();

    private final RequestRing waiting;
    private int threads;
    // Threads that look for a request, those that were woken and have not taken theirs yet included. Not one that is
    // still being started: it is on its way to the request that it was started for.
    private int idle;
    private int started;
    // The least of them that no request was waiting for, since then; and those of the time before that, which are to
    // leave.
    private int leastIdle;
    private long countedSince = System.nanoTime();
    private int spare;
    private boolean refused;
    private boolean closing;
    private boolean leaving;
    private Runnable lastOut = () -> {};

    /** Carries out one request. */
    @FunctionalInterface
    public interface Work {
        /**
         * Carries out {@code io}, blocking; it must not end it.
         *
         * @param memory this thread's own
         * @return why it failed, or null when it succeeded
         */
        @Nullable
        PathFailure execute(PathIo io, TransferMemory memory);
    }

    private final class SharedQueue implements PathQueue, Abortable {
        @Override
        public boolean submit(PathIo io) {
            return BlockingThreads.this.submit(io, io.tag(), null);
        }

        @Override
        public void abort(PathIo io, long tag) {
            BlockingThreads.this.abort(io, tag);
        }
    }

    private enum Next {
        REQUEST,
        /** The thread is counted no more. */
        SPARE,
        CLOSED
    }

    private enum Entrance {
        QUEUED,
        QUEUED_WITHOUT_THREAD,
        FULL,
        CLOSED
    }

    /**
     * No thread runs before the first request.
     *
     * @param name of the path, for thread names
     * @param maxThreads how many requests are carried out at once
     * @param maxWaiting how many more may wait
     * @param memory makes the memory of one thread, on that thread
     * @param lost given the memory of a change that failed as {@link Certainty#UNKNOWN}, before the failure is told: the kernel may
     *     still be sending from it, so nothing is carried out with it again. The thread goes on with another
     * @param roomAgain run when there is room after a request was refused
     */
    public BlockingThreads(
            String name,
            int maxThreads,
            int maxWaiting,
            Supplier<TransferMemory> memory,
            Work work,
            Consumer<TransferMemory> lost,
            Runnable roomAgain) {
        this(name, maxThreads, maxWaiting, IDLE_NANOS, STAYING, memory, work, lost, roomAgain);
    }

    BlockingThreads(
            String name,
            int maxThreads,
            int maxWaiting,
            long idleNanos,
            int staying,
            Supplier<TransferMemory> memory,
            Work work,
            Consumer<TransferMemory> lost,
            Runnable roomAgain) {
        this.name = name;
        this.maxThreads = maxThreads;
        this.maxWaiting = maxWaiting;
        this.idleNanos = idleNanos;
        this.staying = staying;
        this.memory = memory;
        this.work = work;
        this.lost = lost;
        this.roomAgain = roomAgain;
        waiting = new RequestRing(maxWaiting);
    }

    /** A queue to these threads, {@link Abortable}: the one shared one, or a confined one whose requests complete in its {@code poll}. */
    public PathQueue queue(QueueKind kind) {
        return switch (kind) {
            case SHARED -> shared;
            case CONFINED -> new ConfinedQueue(this, maxWaiting + maxThreads, roomAgain);
        };
    }

    /**
     * Fails what waits as {@link Certainty#NOT_EXECUTED}, and everything submitted from now on; what is being carried out ends
     * as it ends, even if it takes for ever. To be called once.
     *
     * @param whenLeft run by the last thread, when everything has ended
     */
    public void close(Runnable whenLeft) {
        synchronized (this) {
            closing = true;
            lastOut = whenLeft;
        }
        end(takeAllWaiting(), CLOSED);
        boolean alone;
        synchronized (this) {
            leaving = true;
            alone = threads == 0;
            notifyAll();
        }
        if (alone) {
            // whenLeft closes a descriptor, which may block, and the caller must not.
            try {
                start(whenLeft);
            } catch (OutOfMemoryError e) {
                whenLeft.run();
            }
        }
    }

    /**
     * Fails what waits for a thread, and nothing that one has: those may hang for as long as the device likes. What is submitted
     * after that is carried out as ever.
     *
     * @param failure of {@link Certainty#NOT_EXECUTED}
     */
    public void failWaiting(PathFailure failure) {
        end(takeAllWaiting(), failure);
    }

    /** Fails the request of {@code io} that had {@code tag}, if it waits. */
    void abort(PathIo io, long tag) {
        RequestRing.Entry waited = new RequestRing.Entry();
        if (takeWaiting(io, tag, waited)) {
            end(List.of(waited), ABORTED);
        }
    }

    boolean submit(PathIo io, long tag, @Nullable ConfinedQueue origin) {
        switch (enter(io, tag, origin)) {
            case QUEUED -> {}
            case QUEUED_WITHOUT_THREAD -> startWorker();
            case FULL -> {
                return false;
            }
            case CLOSED -> end(io, tag, origin, CLOSED);
        }
        return true;
    }

    private synchronized Entrance enter(PathIo io, long tag, @Nullable ConfinedQueue origin) {
        if (closing) {
            return Entrance.CLOSED;
        }
        if (waiting.isFull()) {
            refused = true;
            return Entrance.FULL;
        }
        waiting.put(io, tag, origin, null);
        if (waiting.size() > idle && threads < maxThreads) {
            threads++;
            return Entrance.QUEUED_WITHOUT_THREAD;
        }
        notify();
        return Entrance.QUEUED;
    }

    private void startWorker() {
        try {
            start(this::work);
        } catch (OutOfMemoryError e) {
            left("no thread could be started: " + e.getMessage());
        }
    }

    private void start(Runnable body) {
        int number;
        synchronized (this) {
            number = ++started;
        }
        Thread thread = new Thread(body, "mpath-" + name + "-" + number);
        thread.setDaemon(true);
        thread.start();
    }

    private void work() {
        RequestRing.Entry taken = new RequestRing.Entry();
        String reason = "a thread of the path died";
        Next next = Next.CLOSED;
        try {
            TransferMemory mine = memory.get();
            for (next = take(taken); next == Next.REQUEST; next = take(taken)) {
                if (carryOut(taken, mine)) {
                    mine = memory.get();
                }
            }
        } catch (OutOfMemoryError e) {
            reason = "no memory for transfers: " + e.getMessage();
        } finally {
            if (next != Next.SPARE) {
                left(reason);
            }
        }
    }

    private Next take(RequestRing.Entry into) {
        Next next = awaitRequest(into);
        if (next == Next.REQUEST) {
            tellOfRoom();
        }
        return next;
    }

    /** Waits for a request. */
    private synchronized Next awaitRequest(RequestRing.Entry into) {
        idle++;
        boolean taken = waiting.take(into);
        while (!taken && !leaving && !isSpare()) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, idleNanos);
            } catch (InterruptedException e) {
                LOG.warn("{}: a thread of this path was interrupted by code that does not own it; ignored", name);
            }
            taken = waiting.take(into);
        }
        idle--;
        leastIdle = Math.min(leastIdle, Math.max(0, idle - waiting.size()));
        if (taken) {
            spare = Math.min(spare, leastIdle);
            return Next.REQUEST;
        }
        if (leaving) {
            return Next.CLOSED;
        }
        spare--;
        threads--; // with the decision: a request that comes next must not count on it
        return Next.SPARE;
    }

    private synchronized boolean isSpare() {
        long now = System.nanoTime();
        if (now - countedSince >= idleNanos) {
            spare = leastIdle;
            leastIdle = idle;
            countedSince = now;
        }
        return spare > 0 && threads > staying;
    }

    private synchronized boolean endRefusal() {
        boolean ended = refused;
        refused = false;
        return ended;
    }

    /** Whether {@code mine} must not be used again. */
    private boolean carryOut(RequestRing.Entry taken, TransferMemory mine) {
        PathIo io = Objects.requireNonNull(taken.io);
        boolean harmless = io.operation().harmless();
        try {
            taken.failure = work.execute(io, mine);
        } catch (RuntimeException | Error e) {
            LOG.error("{}: the driver of this path failed while it carried out {}", name, io, e);
            taken.failure = new PathFailure(
                    Verdict.FAIL, Certainty.UNKNOWN, IoStatus.INTERNAL_ERROR, "driver failed: " + e, 0, 0, 0);
        } finally {
            // Whatever the compiler thinks of its uses: the kernel was using this memory until just now.
            Reference.reachabilityFence(mine);
        }
        PathFailure failure = taken.failure;
        boolean mayBeInUse = !harmless && failure != null && failure.certainty() == Certainty.UNKNOWN;
        if (mayBeInUse) {
            lost.accept(mine);
        }
        if (failure != null && failure.certainty() == Certainty.UNKNOWN && failure.verdict() == Verdict.FAIL_OVER) {
            // Taken out before the loss is told: who submits after that knows of it.
            List<RequestRing.Entry> behind = takeAllWaiting();
            end(taken);
            end(behind, BEHIND_A_LOSS);
        } else {
            end(taken);
        }
        taken.clear();
        return mayBeInUse;
    }

    private void left(String reason) {
        boolean last;
        boolean closed;
        synchronized (this) {
            threads--;
            last = threads == 0;
            closed = leaving;
        }
        if (last && closed) {
            lastOut.run();
        } else if (last) {
            end(takeAllWaiting(), PathFailure.failOver(Certainty.NOT_EXECUTED, reason));
        }
    }

    private synchronized List<RequestRing.Entry> takeAllWaiting() {
        List<RequestRing.Entry> all = new ArrayList<>(waiting.size());
        for (var entry = new RequestRing.Entry(); waiting.take(entry); entry = new RequestRing.Entry()) {
            all.add(entry);
        }
        return all;
    }

    private synchronized boolean takeWaiting(PathIo io, long tag, RequestRing.Entry into) {
        return waiting.remove(io, tag, into);
    }

    private void end(List<RequestRing.Entry> entries, PathFailure failure) {
        for (RequestRing.Entry entry : entries) {
            entry.failure = failure;
            end(entry);
        }
        tellOfRoom();
    }

    private void tellOfRoom() {
        if (endRefusal()) {
            roomAgain.run();
        }
    }

    static void end(RequestRing.Entry entry) {
        end(Objects.requireNonNull(entry.io), entry.tag, entry.origin, entry.failure);
    }

    private static void end(PathIo io, long tag, @Nullable ConfinedQueue origin, @Nullable PathFailure failure) {
        if (origin != null) {
            origin.ended(io, tag, failure);
        } else if (failure != null) {
            io.fail(tag, failure);
        } else {
            io.complete(tag);
        }
    }
}
