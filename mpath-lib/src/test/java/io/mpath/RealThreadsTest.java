package io.mpath;

import static io.mpath.DataPathBench.BLOCK;
import static io.mpath.DataPathBench.GEOMETRY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.observe.PathSnapshot;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.policy.IoPolicies;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The machine's own environment under many threads: every request ends, and round-robin spreads them. */
@Timeout(60)
class RealThreadsTest {
    private static final int PATHS = 4;

    private final ExecutorService pathThreads = Executors.newFixedThreadPool(PATHS);
    private final Multipath registry = Multipath.builder()
            .environment(Environment.system())
            .settings(DeviceSettings.defaults().withPolicy(IoPolicies.roundRobin()))
            .build();
    private final MemoryDisk disk = new MemoryDisk(DeviceId.named("disk"), GEOMETRY);
    private final AtomicLong wrong = new AtomicLong();

    @AfterEach
    void close() {
        registry.close();
        pathThreads.shutdown();
    }

    @Test
    void eightThreadsReadWhatTheyWroteAndThePathsShareTheWork() throws Exception {
        MultipathDevice device = device();
        int rounds = 1000;
        run(8, Executors.newFixedThreadPool(8), number -> {
            for (int i = 0; i < rounds; i++) {
                long offset = (long) number * BLOCK;
                byte[] written = DataPathBench.bytes(number + i, 1);
                byte[] read = new byte[BLOCK];
                device.write(offset, ByteBuffer.wrap(written)).await();
                device.read(offset, ByteBuffer.wrap(read)).await();
                if (!java.util.Arrays.equals(written, read)) {
                    wrong.incrementAndGet();
                }
            }
        });
        assertThat(wrong).hasValue(0);
        assertSpread(device, 8L * rounds * 2);
    }

    /** On virtual threads where there are any; each with a number of its own, so with a stripe that it shares with many. */
    @Test
    void tenThousandThreadsWithARequestEachSpreadEvenly() throws Exception {
        MultipathDevice device = device();
        run(10_000, virtualThreads().orElseGet(() -> Executors.newFixedThreadPool(64)), number -> {
            ByteBuffer into = ByteBuffer.allocate(BLOCK);
            device.read((long) number % 16 * BLOCK, into).await();
            if (into.hasRemaining()) {
                wrong.incrementAndGet();
            }
        });
        assertThat(wrong).hasValue(0);
        assertSpread(device, 10_000);
    }

    /** Negative control of the spread: a policy that does not rotate shows. */
    @Test
    void numaGivesAllToOnePath() throws Exception {
        MultipathDevice device = device();
        device.policy(IoPolicies.numa()).get(10, TimeUnit.SECONDS);
        run(4, Executors.newFixedThreadPool(4), number -> {
            for (int i = 0; i < 100; i++) {
                device.flush().await();
            }
        });
        assertThat(device.snapshot().paths().stream()
                        .filter(path -> path.counters().requests() >= 390))
                .hasSize(1);
    }

    /** Its loop has no thread any more; whoever asks gets an answer nevertheless. */
    @Test
    void closedRegistryStillAnswers() throws Exception {
        MultipathDevice device = device();
        registry.close();
        assertThat(registry.offer(disk.pathAtOnce("late")))
                .failsWithin(10, TimeUnit.SECONDS)
                .withThrowableThat()
                .withMessageContaining("late: the registry is closed");
        device.policy(IoPolicies.numa()).get(10, TimeUnit.SECONDS);
        device.closeAsync().get(10, TimeUnit.SECONDS);
        registry.closeAsync().get(10, TimeUnit.SECONDS);
        device.close();
        assertThat(device.flush()).isCompletedExceptionally();
    }

    private interface Work {
        void run(int number);
    }

    private static void run(int count, ExecutorService threads, Work work) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.execute(() -> {
                work.run(number);
                done.countDown();
            });
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).as("all ended").isTrue();
        threads.shutdown();
    }

    /**
     * Each stripe rotates by itself, and threads that meet in one may take the same path twice or lose a count: a tenth of a
     * fair share is far more than that comes to.
     */
    private static void assertSpread(MultipathDevice device, long requests) {
        long share = requests / PATHS;
        List<PathSnapshot> paths = device.snapshot().paths();
        assertThat(paths).hasSize(PATHS).allSatisfy(path -> {
            assertThat(path.counters().requests()).isBetween(share - share / 10, share + share / 10);
            assertThat(path.inFlight()).isZero();
        });
    }

    private MultipathDevice device() {
        List<MultipathDevice> joined = new ArrayList<>();
        for (int i = 0; i < PATHS; i++) {
            joined.add(registry.join(new ScriptedPath("path" + i, disk.description, this::endElsewhere)));
        }
        MultipathDevice device = joined.get(0);
        device.policy(IoPolicies.roundRobin()).join(); // behind the paths' reports that they are ready
        return device;
    }

    private boolean endElsewhere(PathIo io) {
        long tag = io.tag();
        pathThreads.execute(() -> {
            PathFailure failure = disk.execute(io);
            if (failure == null) {
                io.complete(tag);
            } else {
                io.fail(tag, failure);
            }
        });
        return true;
    }

    private static Optional<ExecutorService> virtualThreads() {
        try {
            Method factory = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
            return Optional.of((ExecutorService) factory.invoke(null));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("virtual threads that cannot be made", e);
        }
    }
}
