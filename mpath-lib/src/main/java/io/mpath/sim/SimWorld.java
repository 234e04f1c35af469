package io.mpath.sim;

import io.mpath.ControlLoop;
import io.mpath.Entropy;
import io.mpath.Environment;
import io.mpath.Timers;
import io.mpath.policy.NumaTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A world in which time is virtual and one seed chooses every interleaving: the same seed and script give the same run, bit
 * for bit, on every Java version.
 *
 * <p>Whatever the library hands to its {@link #environment} becomes an event in one queue, ordered by virtual time and then by
 * a seeded draw. Tasks that one {@link SimThread} hands to the control loop keep their order, as do the tasks of the completion
 * and of the blocking executor; all else may overtake. Nothing runs until the script steps the world, and everything runs on
 * the script's own thread: a blocking call of the library ({@code await}, {@code join}, {@code close}) would wait for ever, so
 * scripts use the futures, {@code closeAsync} and {@link #await}. What an event throws comes out of the step that ran it.
 *
 * <p>Threading: confined to one real thread.
 */
public final class SimWorld {
    private static final int MAX_EVENTS_IN_ONE_INSTANT = 1_000_000;
    private static final int MAX_NESTING = 4;

    /** Stripes are chosen by the real thread's number, which two runs need not agree on. */
    private static final int ONE_STRIPE = 1;

    private final PriorityQueue<SimEvent> events = new PriorityQueue<>();
    private final TraceHash trace = new TraceHash();
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private final SimRandom seed;
    private final SimRandom ties;
    private final SimRandom entropy;
    private final SimRandom script;
    private final SimThread loop = new SimThread(this, "loop");
    private final Map<String, SimThread> threads = new LinkedHashMap<>();
    private final SimThread main = thread("script");
    private final SimThread completions = thread("completions");
    private final SimThread blocking = thread("blocking");
    private final Environment environment;

    private SimThread current = main;
    private NumaTopology numa = NumaTopology.flat();
    private boolean loopHeld;
    private boolean rejectsCompletions;
    private long nanos;
    private long sequence;
    private int eventsInThisInstant;
    private int workQueued;
    private int nesting;

    private SimWorld(long seed) {
        this.seed = new SimRandom(seed);
        this.ties = this.seed.split("ties");
        this.entropy = this.seed.split("entropy");
        this.script = this.seed.split("script");
        main.running(true);
        environment = new Environment(
                this::nanos,
                new LoopTimers(),
                new Loop(),
                new LoopEntropy(),
                this::complete,
                blocking,
                new Numa(),
                ONE_STRIPE,
                () -> {});
    }

    /** A world that every other one with this seed repeats, at time 0. */
    public static SimWorld seeded(long seed) {
        return new SimWorld(seed);
    }

    /** What to give to {@link io.mpath.Multipath.Builder#environment}; always the same. */
    public Environment environment() {
        return environment;
    }

    /** The virtual time in nanoseconds. */
    public long nanos() {
        return nanos;
    }

    /** Chance for the script, independent of all that the world draws itself. */
    public SimRandom random() {
        return script;
    }

    /** Chance for one component of the script. */
    public SimRandom random(String component) {
        return seed.split("component " + component);
    }

    /** The thread of that name, which comes into being when it is first asked for. */
    public SimThread thread(String name) {
        SimThread known = threads.get(name);
        if (known == null) {
            known = new SimThread(this, name, loop);
            if (loopHeld) {
                known.holdMessages();
            }
            threads.put(name, known);
        }
        return known;
    }

    /** Replaces the memory nodes that the environment reports. */
    public void numa(NumaTopology topology) {
        numa = topology;
    }

    /** Runs the next event, moving time to it. @return false when there is none */
    public boolean step() {
        return step(Long.MAX_VALUE);
    }

    /**
     * Runs events until all that is left are timers of the control loop that are not due yet, and ghost writes to come. The
     * library has a periodic timer, so this is as idle as it gets; a path's latency, or any other delay of a {@link SimThread},
     * is waited for.
     */
    public void runUntilIdle() {
        boolean ran = true;
        while (ran) {
            ran = step(workQueued > 0 ? Long.MAX_VALUE : nanos);
        }
    }

    /** Runs whatever is due in the next {@code duration}, which then has passed. */
    public void runFor(Duration duration) {
        long end = saturatedSum(nanos, duration.toNanos());
        boolean ran = true;
        while (ran) {
            ran = step(end);
        }
        moveAtLeastTo(end);
    }

    /**
     * Runs events until {@code condition} holds, for up to {@code limit}.
     *
     * @return whether it holds
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        long end = saturatedSum(nanos, limit.toNanos());
        while (!condition.getAsBoolean()) {
            if (!step(end)) {
                moveAtLeastTo(end);
                return condition.getAsBoolean();
            }
        }
        return true;
    }

    /**
     * Runs events until {@code future} is done, for up to an hour, and returns its value.
     *
     * @throws IllegalStateException when it is not done by then
     * @throws java.util.concurrent.CompletionException when it failed
     */
    public <T> T await(CompletableFuture<T> future) {
        if (!runUntil(future::isDone, Duration.ofHours(1))) {
            throw new IllegalStateException("not done after an hour of virtual time: " + future);
        }
        return future.join();
    }

    /** Lets time pass without running anything: what falls due meanwhile runs late, as on a machine that was suspended. */
    public void advance(Duration duration) {
        moveTo(saturatedSum(nanos, duration.toNanos()));
    }

    /** Holds back what every thread hands to the control loop; the loop's own tasks and its timers go on. */
    public void holdLoop() {
        loopHeld = true;
        threads.values().forEach(SimThread::holdMessages);
    }

    /** Ends {@link #holdLoop}. */
    public void releaseLoop() {
        loopHeld = false;
        threads.values().forEach(SimThread::releaseMessages);
    }

    /** The thread behind the completion executor, to be held and released. */
    public SimThread completions() {
        return completions;
    }

    /** The thread behind the blocking executor, to be held and released. */
    public SimThread blocking() {
        return blocking;
    }

    /** Whether the completion executor throws {@link RejectedExecutionException}. */
    public void rejectCompletions(boolean reject) {
        rejectsCompletions = reject;
    }

    /** The thread that is running. */
    SimThread current() {
        return current;
    }

    boolean onLoop() {
        return current == loop;
    }

    /** How many timers and tasks of the library are still to run; a registry that has closed leaves none. */
    int unfinished() {
        int tasks = completions.pending() + blocking.pending() + loop.pending();
        for (SimThread thread : threads.values()) {
            tasks += thread.messagesPending();
        }
        for (SimEvent event : events) {
            tasks += event.kind == SimEvent.Kind.TIMER && !event.cancelled ? 1 : 0;
        }
        return tasks;
    }

    /** Adds {@code label} to the trace, at this moment. */
    public void trace(String label) {
        trace.add(nanos);
        trace.add(label);
        listeners.forEach(listener -> listener.accept(label));
    }

    /** Tells {@code listener} every label that is traced from here on. */
    public void onTrace(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** A hash of all events so far: time, kind, thread, and the labels that were traced. */
    public long traceHash() {
        return trace.value();
    }

    /**
     * Preempts the running thread: runs up to {@code most} events of other threads, due within {@code limit}. Does nothing
     * where threads are nested deeply already.
     */
    void preempt(int most, Duration limit) {
        if (nesting >= MAX_NESTING) {
            return;
        }
        nesting++;
        try {
            long end = saturatedSum(nanos, limit.toNanos());
            int left = most;
            while (left > 0 && step(end)) {
                left--;
            }
        } finally {
            nesting--;
        }
    }

    SimEvent enqueue(long delayNanos, SimEvent.Kind kind, SimThread thread, Runnable task) {
        if (delayNanos < 0) {
            throw new IllegalArgumentException("delay of " + delayNanos + " ns is negative");
        }
        var event = new SimEvent(saturatedSum(nanos, delayNanos), ties.nextLong(), sequence++, kind, thread, task);
        if (delayNanos != Long.MAX_VALUE) {
            events.add(event);
            workQueued += event.awaited() ? 1 : 0;
        }
        return event;
    }

    private boolean step(long until) {
        SimEvent event = takeRunnable(until);
        if (event == null) {
            return false;
        }
        moveAtLeastTo(event.atNanos);
        if (++eventsInThisInstant > MAX_EVENTS_IN_ONE_INSTANT) {
            throw new IllegalStateException("more than " + MAX_EVENTS_IN_ONE_INSTANT + " events at " + nanos
                    + " ns, the last one on " + event.thread + ": something spins");
        }
        trace.add(nanos);
        trace.add(event.kind.ordinal());
        trace.add(event.thread.name());
        run(event);
        return true;
    }

    private void run(SimEvent event) {
        SimThread preempted = current;
        current = event.thread;
        current.running(true);
        try {
            event.task.run();
        } finally {
            event.thread.running(false);
            current = preempted;
        }
    }

    /** The first event due by {@code until}, of a thread that is not in the middle of another. */
    private @Nullable SimEvent takeRunnable(long until) {
        List<SimEvent> skipped = new ArrayList<>();
        SimEvent found = null;
        while (found == null && !events.isEmpty() && events.peek().atNanos <= until) {
            SimEvent first = events.remove();
            if (first.thread.running() && !first.cancelled) {
                skipped.add(first);
                continue;
            }
            workQueued -= first.awaited() ? 1 : 0;
            if (!first.cancelled) {
                found = first;
            }
        }
        events.addAll(skipped);
        return found;
    }

    /** Time stays where a preempted thread has let it get to. */
    private void moveAtLeastTo(long time) {
        moveTo(Math.max(nanos, time));
    }

    private void moveTo(long time) {
        if (time != nanos) {
            nanos = time;
            eventsInThisInstant = 0;
        }
    }

    private void complete(Runnable task) {
        if (rejectsCompletions) {
            throw new RejectedExecutionException("the simulated completion executor rejects every task");
        }
        completions.execute(task);
    }

    private void requireLoop(String what) {
        if (current != loop) {
            throw new IllegalStateException(what + " used on thread '" + current + "': only the control loop may");
        }
    }

    private static long saturatedSum(long time, long delay) {
        long sum = time + delay;
        return sum < time ? Long.MAX_VALUE : sum;
    }

    /** Messages keep the order of the thread they come from. */
    private final class Loop implements ControlLoop {
        @Override
        public void execute(Runnable task) {
            current.tellLoop(task);
        }

        @Override
        public boolean inLoop() {
            return current == loop;
        }
    }

    private final class LoopTimers implements Timers {
        @Override
        public Timer schedule(long delayNanos, Runnable task) {
            requireLoop("timers");
            SimEvent event = enqueue(delayNanos, SimEvent.Kind.TIMER, loop, task);
            return () -> {
                requireLoop("timers");
                event.cancelled = true;
            };
        }
    }

    private final class LoopEntropy implements Entropy {
        @Override
        public int nextInt(int bound) {
            requireLoop("entropy");
            return entropy.nextInt(bound);
        }
    }

    /** Whatever {@link #numa(NumaTopology)} was given last. */
    private final class Numa implements NumaTopology {
        @Override
        public int currentNode() {
            return numa.currentNode();
        }

        @Override
        public int nodes() {
            return numa.nodes();
        }

        @Override
        public int distance(int from, int to) {
            return numa.distance(from, to);
        }
    }
}
