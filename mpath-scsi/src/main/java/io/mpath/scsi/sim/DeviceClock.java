package io.mpath.scsi.sim;

import io.mpath.Environment;
import io.mpath.sim.SimRandom;
import io.mpath.sim.SimThread;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The time and the thread of one target port: a thread of a world of its own, or whatever threads an environment has.
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
        this.thread = world == null ? null : world.thread("target port " + name);
        this.runner = thread == null ? environment.completions() : thread;
        this.random = world == null ? new SimRandom(name.hashCode()) : world.random("target port " + name);
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

    /** Runs {@code task} soon, and not here. */
    void execute(Runnable task) {
        runner.execute(task);
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

    /**
     * Blocks until {@code future} is done, for up to {@code limit}. A world goes on meanwhile: whoever waits holds up no thread but
     * its own.
     *
     * @return whether it is done
     */
    boolean await(CompletableFuture<?> future, Duration limit) {
        if (world != null) {
            return world.runUntil(future::isDone, limit);
        }
        var over = new CompletableFuture<Boolean>();
        environment.loop().execute(() -> environment.timers().schedule(limit.toNanos(), () -> over.complete(true)));
        CompletableFuture.anyOf(future, over).join();
        return future.isDone();
    }

    /** A number from {@code least} to {@code most}. */
    long draw(long least, long most) {
        synchronized (random) {
            return random.between(least, most);
        }
    }

    void trace(Supplier<String> label) {
        if (world != null) {
            world.trace(label.get());
        }
    }
}
