package io.mpath.sim;

import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathFailure;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.path.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** One opened path under one clause of {@link DevicePathContract}, and all that was submitted to it. */
final class ContractBench {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration AFTERWARDS = Duration.ofMillis(20);
    private static final int FIRST_TRIES = 10;
    private static final long SHORTEST_PAUSE_NANOS = 10_000_000L;
    private static final Duration LONGEST_SUBMIT = Duration.ofSeconds(1);

    final DevicePath path;
    final ProbeControl control;
    final Geometry geometry;
    final int block;

    private final ContractDriver driver;
    private final List<String> violations;
    private final Map<ProbeIo, Boolean> accepted = new LinkedHashMap<>();
    private final AtomicInteger closures = new AtomicInteger();
    private boolean closing;
    private boolean finished;

    /** The clause cannot go on; what is wrong is on the list. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    ContractBench(PathCandidate candidate, ContractDriver driver, List<String> violations) {
        this.driver = driver;
        this.violations = violations;
        this.control = new ProbeControl(driver.environment());
        this.path = candidate.open();
        this.geometry = path.describe().geometry();
        this.block = geometry.logicalBlockSize();
        expect(path.name().equals(candidate.name()), "its name is " + path.name() + ", not " + candidate.name());
        var attached = new AtomicBoolean();
        driver.environment().loop().execute(() -> {
            path.attach(control);
            attached.set(true);
        });
        require(attached::get, "attach does not return");
        require(control::isReady, "it never reports that it is ready");
        outwaitAttention();
    }

    /** A device may refuse its first commands, busy, or to tell that it was reset: that is no fault of its path. */
    private void outwaitAttention() {
        PathQueue queue = openQueue();
        for (int tries = 0; tries < FIRST_TRIES; tries++) {
            ProbeIo first = read(0, block);
            if (!submit(queue, first) || !driver.await(first::ended, PATIENCE)) {
                return;
            }
            PathFailure failure = first.failure();
            if (failure == null || failure.verdict() != Verdict.RETRY) {
                return;
            }
            driver.await(() -> false, Duration.ofNanos(Math.max(failure.retryDelayNanos(), SHORTEST_PAUSE_NANOS)));
        }
    }

    void expect(boolean met, String otherwise) {
        if (!met) {
            violations.add(otherwise);
        }
    }

    /** Waits for {@code condition}, and gives the clause up when it does not come true. */
    void require(BooleanSupplier condition, String otherwise) {
        if (!driver.await(condition, PATIENCE)) {
            violations.add(otherwise);
            throw new Broken();
        }
    }

    PathQueue openQueue() {
        return path.openQueue(QueueKind.SHARED);
    }

    /** A request without data. */
    ProbeIo bare(IoOperation operation, long offset, long length) {
        return new ProbeIo(operation, offset, length, new byte[0]);
    }

    /** A read into buffers of these lengths, which hold something else at first. */
    ProbeIo read(long offset, int... pieces) {
        int length = Arrays.stream(pieces).sum();
        byte[] before = new byte[length];
        Arrays.fill(before, (byte) 0xee);
        return new ProbeIo(IoOperation.READ, offset, length, before, pieces);
    }

    /** A write of {@code data} from buffers of these lengths. */
    ProbeIo write(long offset, byte[] data, int... pieces) {
        return new ProbeIo(IoOperation.WRITE, offset, data.length, data, pieces);
    }

    boolean submit(PathQueue queue, ProbeIo io) {
        long start = driver.environment().ticker().nanos();
        boolean taken = queue.submit(io);
        long took = driver.environment().ticker().nanos() - start;
        synchronized (accepted) {
            accepted.put(io, taken);
            expect(took < LONGEST_SUBMIT.toNanos(), "submit of " + io + " blocked for " + took + " ns");
        }
        return taken;
    }

    /** Whether {@code io} was submitted, and then refused or ended. */
    boolean settled(ProbeIo io) {
        synchronized (accepted) {
            Boolean taken = accepted.get(io);
            return taken != null && (!taken || io.ended());
        }
    }

    /** Submits {@code io} alone and waits for its end. */
    void run(PathQueue queue, ProbeIo io) {
        if (!submit(queue, io)) {
            violations.add(io + " is refused although nothing is under way");
            throw new Broken();
        }
        require(io::ended, io + " does not end");
    }

    void succeeds(PathQueue queue, ProbeIo io) {
        run(queue, io);
        PathFailure failure = io.failure();
        if (failure != null) {
            violations.add(io + " failed: " + failure);
            throw new Broken();
        }
    }

    void readsBack(PathQueue queue, long offset, byte[] expected) {
        ProbeIo read = read(offset, expected.length);
        succeeds(queue, read);
        expect(Arrays.equals(read.contents(), expected), read + " gives other data than was written");
        read.reuseBuffers();
        byte[] reused = read.contents();
        waitAfterwards();
        expect(Arrays.equals(read.contents(), reused), "a buffer was changed after " + read + " had ended");
    }

    /** Starts to close the path; {@code whenClosed} is run at the end of that. */
    void close(Runnable whenClosed) {
        closing = true;
        var returned = new AtomicBoolean();
        driver.environment().loop().execute(() -> {
            path.close(() -> {
                whenClosed.run();
                closures.incrementAndGet();
            });
            returned.set(true);
        });
        require(returned::get, "close does not return");
    }

    /** Runs {@code task} on a thread that may block. */
    void onBlockingThread(Runnable task) {
        driver.environment().blocking().execute(task);
    }

    /** Lets some time pass, in which something might happen that must not. */
    void waitAfterwards() {
        driver.await(() -> false, AFTERWARDS);
    }

    /** Closes the path unless that was done, and looks at everything once more. */
    void finish() {
        if (finished) {
            return;
        }
        finished = true;
        if (!closing) {
            close(() -> {});
        }
        require(() -> closures.get() > 0, "closing does not end");
        waitAfterwards();
        expect(closures.get() == 1, "closing ended " + closures + " times");
        synchronized (accepted) {
            accepted.forEach((io, taken) -> violations.addAll(io.misdeeds(taken)));
        }
    }

    /** A pattern that differs from block to block and from seed to seed. */
    static byte[] pattern(int length, int seed) {
        var random = new SimRandom(seed);
        byte[] data = new byte[length];
        long drawn = 0;
        for (int i = 0; i < length; i++) {
            drawn = i % Long.BYTES == 0 ? random.nextLong() : drawn >>> Byte.SIZE;
            data[i] = (byte) drawn;
        }
        return data;
    }
}
