package io.mpath.sim;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * A thread of a {@link SimWorld}: runs its tasks one at a time and in order, between those of the other threads as the seed
 * has it. Stands for a client, for a path's own completing thread, or for one of the library's executors.
 */
public final class SimThread implements Executor {
    private final SimWorld world;
    private final String name;
    private final SimLane tasks;
    private final SimLane messages;
    private boolean running;

    SimThread(SimWorld world, String name, SimThread loop) {
        this.world = world;
        this.name = name;
        this.tasks = new SimLane(world, this, SimEvent.Kind.TASK);
        this.messages = new SimLane(world, loop, SimEvent.Kind.MESSAGE);
    }

    /** The control loop of {@code world}, whose messages to itself are messages to the loop as well. */
    SimThread(SimWorld world, String name) {
        this.world = world;
        this.name = name;
        this.tasks = new SimLane(world, this, SimEvent.Kind.TASK);
        this.messages = tasks;
    }

    /** Its name, as the trace has it. */
    public String name() {
        return name;
    }

    /** Runs {@code task} behind those handed in before it. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs {@code task} on this thread when {@code delay} has passed. Nothing orders it among the other tasks. */
    public void schedule(Duration delay, Runnable task) {
        world.enqueue(delay.toNanos(), SimEvent.Kind.DELAY, this, task);
    }

    /** As {@link #schedule}, but a world counts as idle before it has run. */
    void scheduleAftermath(long delayNanos, Runnable task) {
        world.enqueue(delayNanos, SimEvent.Kind.AFTERMATH, this, task);
    }

    /** Keeps tasks from running until {@link #release}: the thread has been preempted, or is stuck. */
    public void hold() {
        tasks.hold();
    }

    /** Ends {@link #hold}. */
    public void release() {
        tasks.release();
    }

    /** Holds back what this thread hands to the control loop: it stopped just before the loop saw its message. */
    public void holdMessages() {
        messages.hold();
    }

    /** Ends {@link #holdMessages}. */
    public void releaseMessages() {
        messages.release();
    }

    /** How many tasks wait to run. */
    public int pending() {
        return tasks.size();
    }

    @Override
    public String toString() {
        return name;
    }

    void tellLoop(Runnable task) {
        messages.add(task);
    }

    int messagesPending() {
        return messages.size();
    }

    boolean running() {
        return running;
    }

    void running(boolean value) {
        running = value;
    }
}
