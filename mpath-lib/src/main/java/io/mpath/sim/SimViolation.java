package io.mpath.sim;

/** The library broke a rule in a {@link Simulation}. The message says which, when, and how to see it again. */
public final class SimViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String rule;
    private final String what;
    private final long atNanos;
    private final long seed;
    private final String replay;

    SimViolation(String rule, String what, long atNanos, SimOptions options, Throwable cause) {
        this(rule, what, atNanos, options);
        initCause(cause);
    }

    SimViolation(String rule, String what, long atNanos, SimOptions options) {
        this(rule, what, atNanos, options.seed(), replayLine(options));
    }

    private SimViolation(String rule, String what, long atNanos, long seed, String replay) {
        super("seed " + seed + " breaks the rule '" + rule + "' at " + Story.time(atNanos) + ": " + what + "\nreplay: "
                + replay);
        this.rule = rule;
        this.what = what;
        this.atNanos = atNanos;
        this.seed = seed;
        this.replay = replay;
    }

    private static String replayLine(SimOptions options) {
        String given = options.given();
        return "examples/mpath simulate --seed " + options.seed() + (given.isEmpty() ? "" : " --options " + given);
    }

    /** The rule that was broken. */
    public String rule() {
        return rule;
    }

    /** What happened. */
    public String what() {
        return what;
    }

    /** The virtual time at which it was noticed, in nanoseconds. */
    public long atNanos() {
        return atNanos;
    }

    /** The seed of the run. */
    public long seed() {
        return seed;
    }

    /** The command line that repeats it. */
    public String replay() {
        return replay;
    }
}
