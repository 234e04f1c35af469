package io.mpath.sim;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.MultipathException;
import io.mpath.path.Certainty;
import io.mpath.path.Checkable;
import io.mpath.path.Fenceable;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.path.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What every transport has to do, as a test: each clause opens a path of its own, puts it to use and closes it, and what it
 * finds wrong is listed in words.
 *
 * <p><strong>Overwrites</strong> the first and last megabytes of the device. It asks only for what the path's geometry allows,
 * and once for what it does not have.
 *
 * <p>Threading: one check at a time; the paths see several threads when the driver has them.
 */
public final class DevicePathContract {
    private static final int MANY = 1024;
    private static final int FEW = 64;
    private static final int LONGEST_WRITE = 1 << 20;

    private final Supplier<? extends PathCandidate> candidates;
    private final ContractDriver driver;
    private final List<String> violations = new ArrayList<>();

    private DevicePathContract(Supplier<? extends PathCandidate> candidates, ContractDriver driver) {
        this.candidates = candidates;
        this.driver = driver;
    }

    /**
     * Checks paths to one writable device of at least 64 blocks.
     *
     * @param candidates supplies a candidate for each clause: the same one again, if that can be opened again
     * @param driver lets time pass
     * @return what is wrong, each line beginning with its clause; empty when nothing is
     */
    public static List<String> check(Supplier<? extends PathCandidate> candidates, ContractDriver driver) {
        var contract = new DevicePathContract(candidates, driver);
        contract.checkAll();
        return List.copyOf(contract.violations);
    }

    /** {@link #check}. @throws AssertionError listing what is wrong, if anything is */
    public static void verify(Supplier<? extends PathCandidate> candidates, ContractDriver driver) {
        List<String> violations = check(candidates, driver);
        if (!violations.isEmpty()) {
            throw new AssertionError("the path breaks its contract:\n  " + String.join("\n  ", violations));
        }
    }

    private void checkAll() {
        clause("description is stable", this::descriptionIsStable);
        clause("what is written is read back", this::writtenIsReadBack);
        clause("data may be scattered", this::dataMayBeScattered);
        clause("the longest transfer is served", this::longestTransferIsServed);
        clause("writes can be made durable", this::writesCanBeMadeDurable);
        clause("abilities are real", this::abilitiesAreReal);
        clause("what it cannot do is unsupported", this::inabilitiesAreTyped);
        clause("compare-and-write compares", this::compareAndWriteCompares);
        clause("room is told of after a refusal", this::roomIsToldOf);
        clause("any thread may submit", this::anyThreadMaySubmit);
        clause("a confined queue ends requests in poll", this::confinedQueueEndsInPoll);
        clause("closing ends what is under way", this::closingEndsWhatIsUnderWay);
        clause("a description bears that its path is closed", this::descriptionBearsClosing);
        clause("a check answers once", this::checkAnswersOnce);
        clause("the hold is a time", this::holdIsATime);
        clause("a reservation command is answered once", ReservableClauses::answersOnce);
        clause("a closed path executes no reservation command", ReservableClauses::answersOnceItIsClosed);
    }

    private void clause(String name, Consumer<ContractBench> body) {
        List<String> found = Collections.synchronizedList(new ArrayList<>());
        try {
            var bench = new ContractBench(candidates.get(), driver, found);
            try {
                body.accept(bench);
            } finally {
                bench.finish();
            }
        } catch (ContractBench.Broken e) {
            // what broke is on the list
        } catch (RuntimeException e) {
            found.add("threw " + e);
        }
        found.forEach(line -> violations.add(name + ": " + line));
    }

    private void descriptionIsStable(ContractBench bench) {
        PathDescription first = bench.path.describe();
        PathPort port = bench.path.port();
        bench.expect(first.equals(bench.path.describe()), "two descriptions differ");
        bench.expect(port == bench.path.port(), "port() is not always the same object");
    }

    private void writtenIsReadBack(ContractBench bench) {
        PathQueue queue = bench.openQueue();
        long last = bench.geometry.sizeBytes() - bench.block;
        byte[] atStart = ContractBench.pattern(4 * bench.block, 1);
        byte[] atEnd = ContractBench.pattern(bench.block, 2);
        bench.succeeds(queue, bench.write(0, atStart, atStart.length));
        bench.succeeds(queue, bench.write(last, atEnd, atEnd.length));
        bench.readsBack(queue, 0, atStart);
        bench.readsBack(queue, last, atEnd);
        byte[] over = ContractBench.pattern(bench.block, 3);
        bench.succeeds(queue, bench.write(bench.block, over, over.length));
        System.arraycopy(over, 0, atStart, bench.block, bench.block);
        bench.readsBack(queue, 0, atStart);
    }

    private void dataMayBeScattered(ContractBench bench) {
        PathQueue queue = bench.openQueue();
        int block = bench.block;
        int[] pieces = {1, block - 1, block, 3, 2 * block - 3};
        byte[] data = ContractBench.pattern(4 * block, 4);
        bench.succeeds(queue, bench.write(8L * block, data, pieces));
        bench.readsBack(queue, 8L * block, data);
        ProbeIo scattered = bench.read(8L * block, pieces);
        bench.succeeds(queue, scattered);
        bench.expect(Arrays.equals(scattered.contents(), data), "a scattered read gives other data than was written");
    }

    private void longestTransferIsServed(ContractBench bench) {
        PathQueue queue = bench.openQueue();
        long longest = Math.min(bench.geometry.maxTransferBytes(), bench.geometry.sizeBytes());
        byte[] data = ContractBench.pattern((int) Math.min(longest, LONGEST_WRITE), 5);
        bench.succeeds(queue, bench.write(0, data, data.length));
        bench.readsBack(queue, 0, data);
    }

    private void writesCanBeMadeDurable(ContractBench bench) {
        PathQueue queue = bench.openQueue();
        byte[] data = ContractBench.pattern(bench.block, 6);
        bench.succeeds(queue, bench.write(0, data, data.length).durable());
        bench.succeeds(queue, bench.bare(IoOperation.FLUSH, 0, 0));
        bench.readsBack(queue, 0, data);
    }

    private void abilitiesAreReal(ContractBench bench) {
        PathQueue queue = bench.openQueue();
        Set<IoOperation> able = bench.geometry.operations();
        byte[] data = ContractBench.pattern(bench.block, 7);
        bench.succeeds(queue, bench.write(0, data, data.length));
        if (able.contains(IoOperation.WRITE_ZEROES)) {
            bench.succeeds(queue, bench.bare(IoOperation.WRITE_ZEROES, 0, bench.block));
            bench.readsBack(queue, 0, new byte[bench.block]);
        }
        if (able.contains(IoOperation.DISCARD)) {
            bench.succeeds(queue, bench.bare(IoOperation.DISCARD, 0, bench.block));
        }
    }

    private void inabilitiesAreTyped(ContractBench bench) {
        PathQueue queue = bench.openQueue();
        Set<IoOperation> able = bench.geometry.operations();
        List<ProbeIo> unable = new ArrayList<>();
        for (IoOperation operation : List.of(IoOperation.DISCARD, IoOperation.WRITE_ZEROES)) {
            if (!able.contains(operation)) {
                unable.add(bench.bare(operation, 0, bench.block));
            }
        }
        if (!able.contains(IoOperation.COMPARE_AND_WRITE)) {
            unable.add(compareAndWrite(bench, new byte[bench.block], new byte[bench.block]));
        }
        unable.add(bench.bare(IoOperation.PASSTHROUGH, 0, 0));
        for (ProbeIo io : unable) {
            bench.run(queue, io);
            bench.expect(
                    failedWith(io, IoStatus.UNSUPPORTED), io + " ended with " + io.failure() + ", not UNSUPPORTED");
        }
    }

    private void compareAndWriteCompares(ContractBench bench) {
        if (!bench.geometry.operations().contains(IoOperation.COMPARE_AND_WRITE)) {
            return;
        }
        PathQueue queue = bench.openQueue();
        byte[] first = ContractBench.pattern(bench.block, 8);
        byte[] second = ContractBench.pattern(bench.block, 9);
        bench.succeeds(queue, bench.write(0, first, first.length));
        bench.succeeds(queue, compareAndWrite(bench, first, second));
        bench.readsBack(queue, 0, second);
        ProbeIo miscompares = compareAndWrite(bench, first, first);
        bench.run(queue, miscompares);
        bench.expect(
                failedWith(miscompares, IoStatus.MISCOMPARE),
                miscompares + " of other data ended with " + miscompares.failure() + ", not MISCOMPARE");
        bench.readsBack(queue, 0, second);
    }

    private static ProbeIo compareAndWrite(ContractBench bench, byte[] expected, byte[] replacement) {
        byte[] both = Arrays.copyOf(expected, 2 * bench.block);
        System.arraycopy(replacement, 0, both, bench.block, bench.block);
        return new ProbeIo(IoOperation.COMPARE_AND_WRITE, 0, bench.block, both, bench.block, bench.block);
    }

    private static boolean failedWith(ProbeIo io, IoStatus status) {
        PathFailure failure = io.failure();
        return failure != null && failure.status() == status && failure.verdict() == Verdict.FAIL;
    }

    private void roomIsToldOf(ContractBench bench) {
        PathQueue queue = bench.openQueue();
        List<ProbeIo> taken = new ArrayList<>();
        boolean refused = false;
        int roomsBefore = bench.control.rooms();
        while (!refused && taken.size() < MANY) {
            ProbeIo io = bench.read(0, bench.block);
            refused = !bench.submit(queue, io);
            if (!refused) {
                taken.add(io);
            }
        }
        bench.expect(!taken.isEmpty(), "it refuses the first request");
        bench.require(() -> taken.stream().allMatch(ProbeIo::ended), "requests that it took do not end");
        if (refused) {
            bench.require(() -> bench.control.rooms() > roomsBefore, "it refused a request and never tells of room");
            bench.succeeds(queue, bench.read(0, bench.block));
        }
    }

    private void anyThreadMaySubmit(ContractBench bench) {
        PathQueue queue = bench.openQueue();
        List<ProbeIo> all = new ArrayList<>();
        for (int i = 0; i < FEW; i++) {
            ProbeIo io = bench.read(i % 4 * (long) bench.block, bench.block);
            all.add(io);
            driver.environment().blocking().execute(() -> bench.submit(queue, io));
        }
        bench.require(() -> all.stream().allMatch(bench::settled), "requests from several threads do not end");
        bench.expect(all.stream().anyMatch(ProbeIo::ended), "requests from several threads are all refused");
        bench.expect(all.stream().allMatch(io -> io.failure() == null), "requests from several threads fail");
    }

    private void confinedQueueEndsInPoll(ContractBench bench) {
        PathQueue queue = bench.path.openQueue(QueueKind.CONFINED);
        for (int i = 0; i < FEW; i++) {
            ProbeIo io = bench.read(0, bench.block);
            if (!bench.submit(queue, io)) {
                bench.expect(false, io + " is refused although nothing is under way");
                return;
            }
            io.mayEnd(io.ended());
            bench.require(() -> endsInPoll(queue, io), io + " does not end, however often it is polled");
            bench.expect(io.failure() == null, io + " failed: " + io.failure());
        }
    }

    private static boolean endsInPoll(PathQueue queue, ProbeIo io) {
        if (!io.ended()) {
            io.mayEnd(true);
            queue.poll();
            io.mayEnd(io.ended());
        }
        return io.ended();
    }

    private void closingEndsWhatIsUnderWay(ContractBench bench) {
        PathQueue queue = bench.openQueue();
        List<ProbeIo> underWay = new ArrayList<>();
        for (int i = 0; i < FEW; i++) {
            ProbeIo io = bench.read(0, bench.block);
            if (bench.submit(queue, io)) {
                underWay.add(io);
            }
        }
        var tooEarly = new AtomicBoolean();
        bench.close(() -> tooEarly.set(!underWay.stream().allMatch(ProbeIo::ended)));
        ProbeIo late = bench.read(0, bench.block);
        bench.run(queue, late);
        PathFailure refusal = late.failure();
        bench.expect(
                refusal != null && refusal.certainty() == Certainty.NOT_EXECUTED,
                "a request after close ended with " + refusal + ", not as NOT_EXECUTED");
        bench.require(() -> underWay.stream().allMatch(ProbeIo::ended), "closing leaves requests under way");
        bench.finish();
        bench.expect(!tooEarly.get(), "closing ended before the requests that were under way");
    }

    /** It is asked for again and again while the path is closed, and once more behind that: it may fail, as itself. */
    private void descriptionBearsClosing(ContractBench bench) {
        var closed = new AtomicBoolean();
        var over = new AtomicBoolean();
        var begun = new AtomicBoolean();
        bench.onBlockingThread(() -> {
            for (int i = 0; i < MANY && !closed.get(); i++) {
                describe(bench);
                begun.set(true);
            }
            over.set(true);
        });
        bench.require(begun::get, "it cannot be described by another thread");
        bench.close(() -> closed.set(true));
        bench.require(() -> closed.get() && over.get(), "closing, or a description meanwhile, does not end");
        var afterwards = new AtomicBoolean();
        bench.onBlockingThread(() -> {
            describe(bench);
            afterwards.set(true);
        });
        bench.require(afterwards::get, "the description of a closed path does not end");
    }

    private static void describe(ContractBench bench) {
        try {
            bench.path.describe();
        } catch (MultipathException e) {
            // a path that is being closed may say so
        } catch (RuntimeException e) {
            bench.expect(false, "its description threw " + e);
        }
    }

    private void checkAnswersOnce(ContractBench bench) {
        if (bench.path instanceof Checkable checkable) {
            check(bench, checkable, true);
            bench.close(() -> {});
            check(bench, checkable, false);
        }
    }

    private static void check(ContractBench bench, Checkable checkable, boolean expected) {
        List<String> answers = Collections.synchronizedList(new ArrayList<>());
        bench.onBlockingThread(() -> checkable.check((works, finding) -> {
            answers.add(finding);
            bench.expect(works == expected, "its check says " + (works ? "works" : "does not work") + ": " + finding);
        }));
        bench.require(() -> !answers.isEmpty(), "its check does not answer" + (expected ? "" : " once it is closed"));
        bench.waitAfterwards();
        bench.expect(answers.size() == 1, "its check answered " + answers);
    }

    private void holdIsATime(ContractBench bench) {
        if (bench.path instanceof Fenceable fenceable) {
            long hold = fenceable.holdNanos();
            bench.expect(hold >= 0, "its hold is " + hold + " ns");
        }
    }
}
