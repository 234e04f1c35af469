package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.path.DevicePath;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Neither who submits nor the thread that carries requests out allocates once it has started. */
@Timeout(60)
class PlainAllocationTest {
    private static final int BLOCK = 4096;
    private static final int WARM_UP = 500;
    private static final int MEASURED = 2000;

    @TempDir
    Path directory;

    private static final class Submitter extends Thread {
        private final PathQueue queue;
        private final List<TestIo> requests;
        private final CountDownLatch warm = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private final CountDownLatch done = new CountDownLatch(1);
        private final CountDownLatch leave = new CountDownLatch(1);

        Submitter(PathQueue queue, List<TestIo> requests) {
            this.queue = queue;
            this.requests = requests;
        }

        @Override
        public void run() {
            submit(0, WARM_UP);
            warm.countDown();
            await(go);
            submit(WARM_UP, requests.size());
            done.countDown();
            await(leave);
        }

        private void submit(int from, int to) {
            for (int i = from; i < to; i++) {
                queue.submit(requests.get(i));
                int ended = queue.poll();
                while (ended == 0) {
                    Thread.onSpinWait();
                    ended = queue.poll();
                }
            }
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void requestsAllocateNothing() throws Exception {
        Path file = directory.resolve("disk");
        Files.write(file, new byte[BLOCK]);
        DevicePath path = PlainCandidate.of(file, DeviceId.parse("name.allocation"))
                .named("measured")
                .with(PlainOptions.defaults().withPageCacheAllowed(true).withDepth(1, 4))
                .open();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK);
        List<TestIo> requests = new ArrayList<>();
        for (int i = 0; i < WARM_UP + MEASURED; i++) {
            requests.add(i % 2 == 0 ? TestIo.read(0, buffer) : TestIo.write(0, buffer));
        }
        var submitter = new Submitter(path.openQueue(QueueKind.CONFINED), requests);
        submitter.start();
        Submitter.await(submitter.warm);
        Thread worker = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("mpath-measured-1"))
                .findFirst()
                .orElseThrow();
        long before = allocatedBytes(submitter) + allocatedBytes(worker);
        submitter.go.countDown();
        Submitter.await(submitter.done);
        long allocated = allocatedBytes(submitter) + allocatedBytes(worker) - before;
        submitter.leave.countDown();

        assertThat(allocated).as("bytes for %s requests", MEASURED).isLessThan(MEASURED);
        var closed = new CountDownLatch(1);
        path.close(closed::countDown);
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Through JMX, whose open types need no module beyond those the library is compiled with. */
    private static long allocatedBytes(Thread thread) throws Exception {
        Object bytes = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME),
                        "getThreadAllocatedBytes",
                        new Object[] {thread.getId()},
                        new String[] {"long"});
        return (Long) bytes;
    }
}
