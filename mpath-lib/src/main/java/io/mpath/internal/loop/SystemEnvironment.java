package io.mpath.internal.loop;

import io.mpath.Environment;
import io.mpath.Ticker;
import io.mpath.policy.NumaTopology;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/** The machine's clock, a control loop on a thread, and two pools: one for callbacks, one for what blocks. */
public final class SystemEnvironment {
    private static final int CALLBACK_THREADS = 2;
    private static final int BLOCKING_THREADS = 32;
    private static final int KEEP_ALIVE_SECONDS = 10;
    private static final int MAX_STRIPES = 64;

    /** One object for all registries: what one of them loses another one must know. */
    private static final Ticker CLOCK = System::nanoTime;

    private SystemEnvironment() {}

    /** Starts the loop's thread; the pools' start when they are needed, and one of each stays. All are daemons. */
    public static Environment start() {
        ThreadedLoop loop = new ThreadedLoop(CLOCK);
        ThreadPoolExecutor callbacks =
                new IdleFirstPool(CALLBACK_THREADS, KEEP_ALIVE_SECONDS, daemons("mpath-callback-"));
        ThreadPoolExecutor blocking =
                new IdleFirstPool(BLOCKING_THREADS, KEEP_ALIVE_SECONDS, daemons("mpath-blocking-"));
        CallbackQueue completions = new CallbackQueue(loop, new SafeExecutor(callbacks, blocking), CALLBACK_THREADS);
        SplittableRandom random = new SplittableRandom();
        loop.afterEach(completions::announce);
        loop.start();
        return new Environment(
                CLOCK,
                loop,
                loop,
                random::nextInt,
                completions,
                blocking,
                NumaTopology.flat(),
                stripes(Runtime.getRuntime().availableProcessors()),
                () -> {
                    loop.stop();
                    callbacks.shutdown();
                    blocking.shutdown();
                });
    }

    /** Twice the processors, as a power of two: enough that two threads seldom meet. */
    private static int stripes(int processors) {
        return Math.min(MAX_STRIPES, Integer.highestOneBit(Math.max(1, 2 * processors)));
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
