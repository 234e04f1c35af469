package io.mpath.sim;

import java.util.function.Consumer;

/**
 * The whole library on a simulated machine, under load and faults, one seed choosing all of it; with rules that must hold
 * throughout. The same options give the same run, to the last byte of its story, on every Java version.
 *
 * <p>Threading: runs on the calling thread; runs share nothing.
 */
public final class Simulation {
    private Simulation() {}

    /**
     * Runs it.
     *
     * @throws SimViolation when the library breaks a rule
     */
    public static SimReport run(SimOptions options) {
        return new Run(options, null).play();
    }

    /**
     * Runs it, and tells every line of what happens.
     *
     * @throws SimViolation when the library breaks a rule; what led to it was told before
     */
    public static SimReport tell(SimOptions options, Consumer<String> story) {
        return new Run(options, story).play();
    }
}
