package io.mpath;

import static io.mpath.DataPathBench.BLOCK;
import static io.mpath.DataPathBench.GEOMETRY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.path.Certainty;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import io.mpath.policy.NumaTopology;
import io.mpath.policy.PathSelector;
import io.mpath.policy.SelectablePath;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimArray;
import io.mpath.sim.SimPath;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads read and write, more of them than the device takes requests, while paths fail, come back, leave and join, refuse for
 * want of room, and the policy changes. Each worker has blocks of its own and knows what was acknowledged there last.
 */
@Timeout(60)
@SuppressWarnings("ThreadPriorityCheck") // who finds the device full, and who disturbs, lets others run
class StressTest {
    private static final int WORKERS = 6;
    private static final int BLOCKS_EACH = 8;
    private static final int PORTS = 4;
    private static final long RUN_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final List<AccessState> STATES =
            List.of(AccessState.OPTIMIZED, AccessState.OPTIMIZED, AccessState.NON_OPTIMIZED, AccessState.STANDBY);
    private static final PathFailure LOST = PathFailure.failOver(Certainty.NOT_EXECUTED, "pulled by the test");
    private static final PathFailure ABORTED = PathFailure.failOver(Certainty.TERMINATED, "aborted by the test");

    private final SimArray array = SimArray.inRealTime();
    private final Multipath registry = Multipath.builder()
            .settings(DeviceSettings.defaults()
                    .withMaxInFlight(4)
                    .withNoPath(NoPathPolicy.queueFor(Duration.ofSeconds(30)))
                    .withDelayedRemoval(Duration.ofSeconds(30)))
            .build();
    private final List<SelectablePath> everyTarget = new CopyOnWriteArrayList<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final AtomicLong submitted = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong queueFull = new AtomicLong();
    private final AtomicLong throughChannels = new AtomicLong();
    private final long start = System.nanoTime();

    private MultipathDevice device;

    @Test
    void everyRequestEndsOnceAndNoAcknowledgedWriteIsLost() throws Exception {
        array.withDisk("disk", new PathDescription(DeviceId.named("disk"), GEOMETRY));
        for (int i = 0; i < PORTS; i++) {
            array.withPort("p" + i);
        }
        for (SimPath path : array.paths()) {
            device = registry.join(path);
        }
        CountDownLatch done = new CountDownLatch(WORKERS);
        for (int i = 0; i < WORKERS; i++) {
            int number = i;
            new Thread(() -> {
                        work(number);
                        done.countDown();
                    })
                    .start();
        }
        disturb();
        heal();
        assertThat(done.await(20, TimeUnit.SECONDS))
                .as(() -> "all workers ended; " + device.snapshot())
                .isTrue();

        assertThat(wrong).isEmpty();
        assertThat(ended).as("ends").hasValue(submitted.get());
        assertThat(submitted.get()).as("requests").isGreaterThan(1000);
        assertThat(queueFull.get()).as("requests beyond the limit").isPositive();
        assertThat(throughChannels.get()).as("requests through channels").isGreaterThan(300);
        var snapshot = device.snapshot();
        assertThat(snapshot.waiting()).isZero();
        assertThat(snapshot.paths()).hasSize(PORTS).allMatch(path -> path.inFlight() == 0);
        assertThat(snapshot.counters().failovers()).isPositive();
        assertThat(snapshot.counters().strayCompletions()).isZero();
        assertThat(everyTarget).isNotEmpty().allMatch(target -> target.inFlight() == 0);

        registry.closeAsync().get(10, TimeUnit.SECONDS);
        assertThat(ended).as("ends, once the device is closed").hasValue(submitted.get());
    }

    // ---- what disturbs

    private void disturb() throws Exception {
        Random random = new Random(1);
        while (System.nanoTime() - start < RUN_NANOS) {
            SimPath path = array.path("p" + random.nextInt(PORTS), "disk");
            switch (random.nextInt(8)) {
                case 0 -> path.port().pull(SimAnswer.fail(LOST));
                case 1, 2 -> path.port().putBack();
                case 3 -> path.accessState(STATES.get(random.nextInt(STATES.size())));
                case 4 -> path.next(3, SimAnswer.fail(ABORTED).landingAtEnd());
                case 5 -> path.capacity(random.nextBoolean() ? 1 : Integer.MAX_VALUE);
                case 6 -> leaveOrJoin(path);
                default -> changeTheDevice(random);
            }
            Thread.yield();
        }
    }

    private void leaveOrJoin(SimPath path) throws Exception {
        if (path != array.path("p0", "disk")) {
            device.removePath(path.name()).handle((nothing, failure) -> null).get(10, TimeUnit.SECONDS);
            registry.offer(path).get(10, TimeUnit.SECONDS);
        }
    }

    private void changeTheDevice(Random random) throws Exception {
        if (random.nextInt(3) > 0) {
            IoPolicy policy = IoPolicies.all().get(random.nextInt(3));
            device.policy(new Watched(policy)).get(10, TimeUnit.SECONDS);
        } else {
            device.quiesce().get(10, TimeUnit.SECONDS);
            assertThat(device.snapshot().paths()).allMatch(path -> path.inFlight() == 0);
            device.resume().get(10, TimeUnit.SECONDS);
        }
    }

    private void heal() throws Exception {
        for (SimPath path : array.paths()) {
            path.port().putBack();
            path.accessState(AccessState.OPTIMIZED).capacity(Integer.MAX_VALUE);
            registry.offer(path).get(10, TimeUnit.SECONDS);
        }
    }

    // ---- who works

    private void work(int number) {
        try (IoChannel channel = device.openChannel(2)) {
            work(number, channel);
            assertThat(channel.inFlight()).isZero();
        } catch (RuntimeException | AssertionError e) {
            wrong.add(e.toString());
        }
    }

    private void work(int number, IoChannel channel) {
        Random random = new Random(100 + number);
        byte[][] acknowledged = new byte[BLOCKS_EACH][BLOCK];
        Callback callback = new Callback();
        IoRequest request = IoRequest.create().onComplete(callback);
        while (System.nanoTime() - start < RUN_NANOS && wrong.isEmpty()) {
            int block = random.nextInt(BLOCKS_EACH);
            long offset = ((long) number * BLOCKS_EACH + block) * BLOCK;
            boolean inCallbackForm = random.nextBoolean();
            IoChannel door = random.nextBoolean() ? channel : null;
            if (random.nextBoolean()) {
                byte[] data = new byte[BLOCK];
                random.nextBytes(data);
                ByteBuffer from = ByteBuffer.wrap(data);
                submit(
                        inCallbackForm ? request.write(offset, from) : null,
                        callback,
                        door,
                        () -> device.write(offset, from));
                acknowledged[block] = data;
            } else {
                byte[] data = new byte[BLOCK];
                ByteBuffer into = ByteBuffer.wrap(data);
                submit(
                        inCallbackForm ? request.read(offset, into) : null,
                        callback,
                        door,
                        () -> device.read(offset, into));
                if (!Arrays.equals(data, acknowledged[block])) {
                    wrong.add("block at " + offset + " does not hold what was acknowledged last");
                }
            }
        }
    }

    private interface Form {
        IoFuture start();
    }

    private void submit(IoRequest request, Callback callback, IoChannel channel, Form future) {
        if (request == null) {
            submitted.incrementAndGet();
            CompletableFuture<Void> counted =
                    future.start().whenComplete((nothing, failure) -> ended.incrementAndGet());
            counted.join();
            return;
        }
        IoStatus status;
        do {
            submitted.incrementAndGet();
            if (channel == null) {
                device.submit(request);
                callback.told.acquireUninterruptibly();
            } else {
                throughChannels.incrementAndGet();
                channel.submit(request);
                while (!callback.told.tryAcquire()) {
                    channel.poll();
                    Thread.yield();
                }
            }
            status = callback.status;
            if (status == IoStatus.QUEUE_FULL) {
                queueFull.incrementAndGet();
                Thread.yield();
            }
        } while (status == IoStatus.QUEUE_FULL);
        if (status != IoStatus.SUCCESS) {
            wrong.add(String.valueOf(request.failure()));
        }
    }

    private final class Callback implements IoCallback {
        private final Semaphore told = new Semaphore(0);
        private IoStatus status;

        @Override
        public void completed(IoRequest request, IoStatus how) {
            ended.incrementAndGet();
            status = how;
            told.release();
        }
    }

    /** A policy that shows what it chooses from, for the sake of the counts. */
    private final class Watched implements IoPolicy {
        private final IoPolicy chooses;

        Watched(IoPolicy chooses) {
            this.chooses = chooses;
        }

        @Override
        public String name() {
            return chooses.name();
        }

        @Override
        public boolean countsInFlight() {
            return chooses.countsInFlight();
        }

        @Override
        public PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa) {
            everyTarget.addAll(candidates);
            return chooses.selector(candidates, numa);
        }
    }
}
