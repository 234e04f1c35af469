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
 * @param stripes into how many parts the shared door of a device is divided, so that threads do not contend: a power of two
 *     from 1 to 64
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
        int stripes,
        Runnable stop) {
    private static final int MAX_STRIPES = 64;

    /** Checks the number of stripes. @throws ConfigurationException when it is out of its range */
    public Environment {
        if (stripes < 1 || stripes > MAX_STRIPES || Integer.bitCount(stripes) != 1) {
            throw new ConfigurationException(
                    "stripes of " + stripes + " are not a power of two from 1 to " + MAX_STRIPES);
        }
    }

    /** The machine's clock, threads of the library's own, one memory node. */
    public static Environment system() {
        return SystemEnvironment.start();
    }

    /** This with callbacks and listeners run by {@code executor}. */
    public Environment withCompletions(Executor executor) {
        return new Environment(ticker, timers, loop, entropy, executor, blocking, numa, stripes, stop);
    }

    /** This with what may block run by {@code executor}. */
    public Environment withBlocking(Executor executor) {
        return new Environment(ticker, timers, loop, entropy, completions, executor, numa, stripes, stop);
    }

    /** This with another source of memory nodes, such as {@link io.mpath.linux.LinuxNuma}. */
    public Environment withNuma(NumaTopology topology) {
        return new Environment(ticker, timers, loop, entropy, completions, blocking, topology, stripes, stop);
    }
}
