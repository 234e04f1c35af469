package io.mpath;

import io.mpath.internal.loop.SystemEnvironment;
import io.mpath.policy.NumaTopology;
import java.util.concurrent.Executor;

/**
 * Everything that makes a run differ from the next: time, chance, threads. {@link #system} is the machine's; {@link
 * io.mpath.sim.SimWorld} supplies one that repeats.
 *
 * @param ticker monotonic time
 * @param timers delays on the control loop
 * @param loop the control loop
 * @param entropy chance
 * @param completions runs callbacks and listeners that the control loop must not run itself; when it rejects a task, a thread
 *     of the library's own runs it
 * @param blocking runs what may block: opening, describing and checking paths. Never the control loop
 * @param numa memory nodes and where callers run
 * @param stop releases the threads behind the parts above once the registry has closed
 */
public record Environment(
        Ticker ticker,
        Timers timers,
        ControlLoop loop,
        Entropy entropy,
        Executor completions,
        Executor blocking,
        NumaTopology numa,
        Runnable stop) {
    /** The machine's clock, threads of the library's own, one memory node. */
    public static Environment system() {
        return SystemEnvironment.start();
    }

    /** This with callbacks and listeners run by {@code executor}. */
    public Environment withCompletions(Executor executor) {
        return new Environment(ticker, timers, loop, entropy, executor, blocking, numa, stop);
    }

    /** This with another source of memory nodes, such as {@link io.mpath.linux.LinuxNuma}. */
    public Environment withNuma(NumaTopology topology) {
        return new Environment(ticker, timers, loop, entropy, completions, blocking, topology, stop);
    }
}
