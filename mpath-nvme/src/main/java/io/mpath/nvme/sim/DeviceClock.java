package io.mpath.nvme.sim;

import io.mpath.Environment;
import io.mpath.sim.SimRandom;
import io.mpath.sim.SimThread;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The time and the thread of one controller: a thread of a world of its own, or whatever threads an environment has.
 *
 * <p>Threading: any thread.
 */
final class DeviceClock {
    private final Environment environment;
    private final @Nullable SimWorld world;
    private final @Nullable SimThread thread;
    private final Executor runner;
    private final SimRandom random;

    private DeviceClock(Environment environment, @Nullable SimWorld world, String name) {
        this.environment = environment;
        this.world = world;
        this.thread = world == null ? null : world.thread("controller " + name);
        this.runner = thread == null ? environment.blocking() : thread;
        this.random = world == null ? new SimRandom(name.hashCode()) : world.random("controller " + name);
    }

    static DeviceClock in(SimWorld world, String name) {
        return new DeviceClock(world.environment(), world, name);
    }

    static DeviceClock of(Environment environment, String name) {
        return new DeviceClock(environment, null, name);
    }

    long nanos() {
        return environment.ticker().nanos();
    }

    /** Runs {@code task} soon, and not here; not at all once the environment has stopped: there is nobody left to notice. */
    void execute(Runnable task) {
        try {
            runner.execute(task);
        } catch (RejectedExecutionException stopped) {
            trace(() -> "stopped, and a task is left: " + stopped.getMessage());
        }
    }

    /** Runs {@code task} here and now in real time; in a world later, so that others may come between. */
    void soon(Runnable task) {
        if (world == null) {
            task.run();
        } else {
            execute(task);
        }
    }

    /** Runs {@code task} after a latency, which a world waits for when it is run until it is idle. */
    void latency(long delayNanos, Runnable task) {
        if (delayNanos == 0) {
            execute(task);
        } else if (thread != null) {
            thread.schedule(Duration.ofNanos(delayNanos), task);
        } else {
            later(delayNanos, task);
        }
    }

    /** Runs {@code task} after {@code delayNanos}; a world is idle before that. */
    void later(long delayNanos, Runnable task) {
        environment.loop().execute(() -> environment.timers().schedule(delayNanos, () -> execute(task)));
    }

    /** A number from 0 to {@code most}. */
    long draw(long most) {
        synchronized (random) {
            return random.between(0, most);
        }
    }

    long draw() {
        synchronized (random) {
            return random.nextLong();
        }
    }

    void trace(Supplier<String> label) {
        if (world != null) {
            world.trace(label.get());
        }
    }
}
