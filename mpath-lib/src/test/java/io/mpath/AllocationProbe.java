package io.mpath;

import io.mpath.path.PathDescription;
import io.mpath.path.PathIo;
import io.mpath.path.PathQueue;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.management.ObjectName;

/** Counts the bytes that requests allocate, on every thread that carries them. A program too, for a JVM with other flags. */
@SuppressWarnings(
        "ThreadPriorityCheck") // more threads than processors wait for one another, and parking would allocate
final class AllocationProbe {
    static final int MEASURED = 20_000;
    static final String CONTROL = "future form";

    private static final int WARM_UP = 20_000;
    private static final int TOGETHER = 50;

    private enum Form {
        CALLBACK,
        CHANNEL,
        FUTURE
    }

    private AllocationProbe() {}

    /** Prints each measurement as its bytes and its name. */
    public static void main(String[] args) throws Exception {
        for (Map.Entry<String, Long> measured : measureAll().entrySet()) {
            System.out.println("allocated " + measured.getValue() + " " + measured.getKey());
        }
    }

    /** Bytes for {@link #MEASURED} requests of each kind. */
    static Map<String, Long> measureAll() throws Exception {
        measure(
                IoPolicies.numa(),
                1,
                1,
                false,
                Form.CALLBACK); // not counted: a JVM loads some classes at their first use
        Map<String, Long> bytes = new LinkedHashMap<>();
        for (IoPolicy policy : IoPolicies.all()) {
            for (int paths : new int[] {1, 4}) {
                for (int submitters : new int[] {1, 2}) {
                    for (Form form : List.of(Form.CALLBACK, Form.CHANNEL)) {
                        String what = policy.name() + ", " + paths + " paths, " + submitters + " submitters, " + form;
                        bytes.put(what + ", ended inside submit", measure(policy, paths, submitters, false, form));
                        bytes.put(what + ", ended by another thread", measure(policy, paths, submitters, true, form));
                    }
                }
            }
        }
        bytes.put(CONTROL, measure(IoPolicies.numa(), 1, 1, false, Form.FUTURE));
        return bytes;
    }

    private static long measure(IoPolicy policy, int paths, int submitters, boolean elsewhere, Form form)
            throws Exception {
        Multipath registry = Multipath.builder()
                .settings(DeviceSettings.defaults().withPolicy(policy))
                .build();
        List<Completer> completers = new ArrayList<>();
        List<Submitter> threads = new ArrayList<>();
        try {
            MultipathDevice device = null;
            for (int i = 0; i < paths; i++) {
                Completer completer = new Completer();
                if (elsewhere) {
                    completers.add(completer);
                    completer.start();
                }
                device = registry.join(new ScriptedPath(
                        "path" + i,
                        new PathDescription(DeviceId.named("measured"), DataPathBench.GEOMETRY),
                        elsewhere ? completer : AllocationProbe::completeAtOnce));
            }
            for (int i = 0; i < submitters; i++) {
                Submitter submitter = new Submitter(device, form, MEASURED / submitters, i * TOGETHER);
                threads.add(submitter);
                submitter.start();
            }
            for (Submitter submitter : threads) {
                submitter.warm.await();
            }
            long before = allocatedBy(threads) + allocatedBy(completers);
            threads.forEach(submitter -> submitter.go.countDown());
            for (Submitter submitter : threads) {
                submitter.done.await();
            }
            return allocatedBy(threads) + allocatedBy(completers) - before;
        } finally {
            threads.forEach(submitter -> submitter.leave.countDown());
            completers.forEach(completer -> completer.leave = true);
            registry.close();
        }
    }

    private static boolean completeAtOnce(PathIo io) {
        io.complete(io.tag());
        return true;
    }

    /** Through JMX, whose open types need no module beyond those that the library is compiled with. */
    private static long allocatedBy(List<? extends Thread> threads) throws Exception {
        long sum = 0;
        for (Thread thread : threads) {
            sum += (Long) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME),
                            "getThreadAllocatedBytes",
                            new Object[] {thread.getId()},
                            new String[] {"long"});
        }
        return sum;
    }

    /** Keeps some requests under way at a time. */
    private static final class Submitter extends Thread {
        private final CountDownLatch warm = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private final CountDownLatch done = new CountDownLatch(1);
        private final CountDownLatch leave = new CountDownLatch(1);
        private final MultipathDevice device;
        private final Form form;
        private final int measured;

        /** Of blocks that are its own: writes that overlap would take turns on the control loop. */
        private final int firstBlock;

        private final IoRequest[] requests = new IoRequest[TOGETHER];
        private final ByteBuffer[] buffers = new ByteBuffer[TOGETHER];
        private final AtomicInteger ended = new AtomicInteger();

        Submitter(MultipathDevice device, Form form, int measured, int firstBlock) {
            this.device = device;
            this.form = form;
            this.measured = measured;
            this.firstBlock = firstBlock;
            setDaemon(true);
            IoCallback count = (request, status) -> {
                if (status == IoStatus.SUCCESS) {
                    ended.getAndIncrement();
                }
            };
            for (int i = 0; i < TOGETHER; i++) {
                buffers[i] = ByteBuffer.allocate(DataPathBench.BLOCK);
                requests[i] = IoRequest.create().onComplete(count);
            }
        }

        @Override
        public void run() {
            try (IoChannel channel = device.openChannel()) {
                submit(channel, WARM_UP);
                warm.countDown();
                await(go);
                submit(channel, measured);
                done.countDown();
                await(leave);
            }
        }

        private void submit(IoChannel channel, int count) {
            for (int sent = 0; sent < count; sent += TOGETHER) {
                ended.setPlain(0);
                for (int i = 0; i < TOGETHER; i++) {
                    buffers[i].clear();
                    submitOne(channel, i);
                }
                while (ended.get() < TOGETHER) {
                    if (channel.poll() == 0) {
                        Thread.yield();
                    }
                }
            }
        }

        private void submitOne(IoChannel channel, int i) {
            if (form == Form.FUTURE) {
                device.read(0, buffers[i]).await();
                ended.getAndIncrement();
                return;
            }
            IoRequest request = (i & 1) == 0
                    ? requests[i].read(0, buffers[i])
                    : requests[i].write((firstBlock + i) * (long) DataPathBench.BLOCK, buffers[i]);
            if (form == Form.CHANNEL) {
                channel.submit(request);
            } else {
                device.submit(request);
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

    /** A path's own thread: ends attempts in the order in which they came. */
    private static final class Completer extends Thread implements PathQueue {
        private static final int ROOM = 256;

        private final AtomicReferenceArray<PathIo> taken = new AtomicReferenceArray<>(ROOM);
        private final long[] tags = new long[ROOM];
        private final AtomicLong tail = new AtomicLong();
        private volatile boolean leave;

        Completer() {
            setDaemon(true);
        }

        @Override
        public boolean submit(PathIo io) {
            int at = (int) tail.getAndIncrement() & (ROOM - 1);
            tags[at] = io.tag();
            taken.setRelease(at, io);
            return true;
        }

        @Override
        public void run() {
            for (long head = 0; !leave; ) {
                int at = (int) head & (ROOM - 1);
                PathIo io = taken.getAcquire(at);
                if (io == null) {
                    Thread.yield();
                } else {
                    long tag = tags[at];
                    taken.setRelease(at, null);
                    head++;
                    io.complete(tag);
                }
            }
        }
    }
}
