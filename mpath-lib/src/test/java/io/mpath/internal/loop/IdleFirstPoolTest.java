package io.mpath.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pools of a registry: an idle thread before a new one, no more than the bound, and every task that was taken is run. */
@Timeout(60)
class IdleFirstPoolTest {
    private static final int THREADS = 4;

    private final AtomicInteger made = new AtomicInteger();
    private final IdleFirstPool pool = new IdleFirstPool(THREADS, 3600, task -> {
        made.incrementAndGet();
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    @AfterEach
    void end() {
        pool.shutdownNow();
    }

    @Test
    void idleThreadTakesTheNextTask() throws Exception {
        Thread first = pool.submit(Thread::currentThread).get();
        awaitIdle(first);
        assertSame(first, pool.submit(Thread::currentThread).get());
        assertEquals(1, made.get());
    }

    @Test
    void busyThreadsAreJoinedByOthersUpToTheBoundAndTheRestQueue() throws Exception {
        CountDownLatch allBusy = new CountDownLatch(THREADS);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        CountDownLatch allRun = new CountDownLatch(3 * THREADS);
        Set<Thread> ran = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 3 * THREADS; i++) {
            pool.execute(() -> {
                ran.add(Thread.currentThread());
                allBusy.countDown();
                await(mayGoOn);
                allRun.countDown();
            });
        }
        await(allBusy);
        assertEquals(THREADS, made.get());
        mayGoOn.countDown();
        await(allRun);
        assertEquals(THREADS, ran.size());
    }

    @Test
    void queuedTasksAreRunAfterShutdownAndLaterOnesRefused() {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        CountDownLatch allRun = new CountDownLatch(2 * THREADS);
        for (int i = 0; i < 2 * THREADS; i++) {
            pool.execute(() -> {
                await(mayGoOn);
                allRun.countDown();
            });
        }
        pool.shutdown();
        assertThrows(RejectedExecutionException.class, () -> pool.execute(allRun::countDown));
        mayGoOn.countDown();
        await(allRun);
    }

    private static void awaitIdle(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
