package io.mpath.internal.sim;

import io.mpath.Environment;
import io.mpath.sim.SimRandom;
import io.mpath.sim.SimThread;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The time and the thread of one part of an emulated target: a thread of a world of its own, or whatever threads an environment
 * has.
 *
 * <p>Threading: any thread.
 */
public final class DeviceClock {
    private final Environment environment;
    private final @Nullable SimWorld world;
    private final @Nullable SimThread thread;
    private final Executor runner;
    private final SimRandom random;

    private DeviceClock(
            Environment environment,
            @Nullable SimWorld world,
            @Nullable SimThread thread,
            Executor runner,
            SimRandom random) {
        this.environment = environment;
        this.world = world;
        this.thread = thread;
        this.runner = runner;
        this.random = random;
    }

    /** In virtual time, with a thread of {@code world} that has this name. */
    public static DeviceClock in(SimWorld world, String name) {
        SimThread thread = world.thread(name);
        return new DeviceClock(world.environment(), world, thread, thread, world.random(name));
    }

    /** In the time of {@code environment}, with tasks run by {@code runner}. */
    public static DeviceClock of(Environment environment, Executor runner, String name) {
        return new DeviceClock(environment, null, null, runner, new SimRandom(name.hashCode()));
    }

    /** Now, in nanoseconds. */
    public long nanos() {
        return environment.ticker().nanos();
    }

    /** Runs {@code task} soon, and not here; not at all once the environment has stopped: there is nobody left to notice. */
    public void execute(Runnable task) {
        try {
            runner.execute(task);
        } catch (RejectedExecutionException stopped) {
            trace(() -> "stopped, and a task is left: " + stopped.getMessage());
        }
    }

    /** Runs {@code task} here and now in real time; in a world later, so that others may come between. */
    public void soon(Runnable task) {
        if (world == null) {
            task.run();
        } else {
            execute(task);
        }
    }

    /** Runs {@code task} after a latency, which a world waits for when it is run until it is idle. */
    public void latency(long delayNanos, Runnable task) {
        if (delayNanos == 0) {
            execute(task);
        } else if (thread != null) {
            thread.schedule(Duration.ofNanos(delayNanos), task);
        } else {
            later(delayNanos, task);
        }
    }

    /** Runs {@code task} after {@code delayNanos}; a world is idle before that. */
    public void later(long delayNanos, Runnable task) {
        environment.loop().execute(() -> environment.timers().schedule(delayNanos, () -> execute(task)));
    }

    /**
     * Blocks until {@code future} is done, for up to {@code limit}. A world goes on meanwhile: whoever waits holds up no thread but
     * its own.
     *
     * @return whether it is done
     */
    public boolean await(CompletableFuture<?> future, Duration limit) {
        if (world != null) {
            return world.runUntil(future::isDone, limit);
        }
        var over = new CompletableFuture<Boolean>();
        environment.loop().execute(() -> environment.timers().schedule(limit.toNanos(), () -> over.complete(true)));
        CompletableFuture.anyOf(future, over).join();
        return future.isDone();
    }

    /** A number from {@code least} to {@code most}. */
    public long draw(long least, long most) {
        synchronized (random) {
            return random.between(least, most);
        }
    }

    /** Any number. */
    public long draw() {
        synchronized (random) {
            return random.nextLong();
        }
    }

    /** Notes something in the trace of the world, if there is one. */
    public void trace(Supplier<String> label) {
        if (world != null) {
            world.trace(label.get());
        }
    }
}
