package io.mpath;

import io.mpath.internal.Durations;
import java.time.Duration;

/**
 * When a path is marginal: it claims to be ready, but fails what it is given, comes and goes, or is far slower than its
 * siblings. A marginal path is used only where no sound path is usable, optimized or not. Errors of the target and of the
 * medium, a target that is busy, and orderly changes of the access state never count; a path that alone refuses everything as
 * busy, while others serve, fails what it is given. Immutable; the defaults are meant to need no tuning, and zero switches a
 * rule off.
 *
 * <p>A marginal path is promoted after a quiet time without any such sign, during which it was there. One that can be checked
 * is probed six times in that time, but every 5 s to 30 s, and needs three checks in a row that work; any other gets no I/O of
 * the caller's as a probe, since a lost request may take its whole time-out to be found out. It is simply used again, and
 * demoted again if it is no better; the quiet time doubles each time that this happens within the longest one.
 *
 * <p>Slowness is seen without timing requests: every 5 s a path's attempts under way, sampled at each {@link
 * DeviceSettings#tick}, divided by the rate at which they ended, give the mean time that each took (Little's law). Only reads
 * and writes are sampled, and only paths of one access state are compared that ended 16 attempts or more in the same 5 s;
 * three times 5 s in a row decide. A check that has not ended after 10 s counts as a hang.
 *
 * @param failures how many faults in {@code window} demote a path, each of which it failed requests for: many requests that
 *     one fault fails count once, and a path is forgiven one for each 100,000 attempts that it ends; 4 by default
 * @param flaps how often in {@code window} it must cease to be there: its port not live, the path not ready, or its check
 *     failed; 4 by default
 * @param window how long faults and flaps are remembered; 5 minutes by default
 * @param slowFactor how many times the mean of its fastest sibling its own must be; 10 by default
 * @param slowFloor a mean that is never too slow; 20 ms by default
 * @param hang how long none of its reads and writes must have ended while some were under way, in steps of 5 s: needs no
 *     sibling to compare with; 10 s by default
 * @param shortestQuiet the first quiet time; 30 s by default
 * @param longestQuiet the longest quiet time; 10 minutes by default
 */
public record MarginalPolicy(
        int failures,
        int flaps,
        Duration window,
        int slowFactor,
        Duration slowFloor,
        Duration hang,
        Duration shortestQuiet,
        Duration longestQuiet) {
    private static final int MOST_REMEMBERED = 100;
    private static final MarginalPolicy DEFAULTS = new MarginalPolicy(
            4,
            4,
            Duration.ofMinutes(5),
            10,
            Duration.ofMillis(20),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10));
    private static final MarginalPolicy OFF =
            DEFAULTS.withFailures(0).withFlaps(0).withSlow(0, Duration.ZERO).withHang(Duration.ZERO);

    /** Checks the ranges. @throws ConfigurationException naming the number that is out of its range */
    public MarginalPolicy {
        requireRange("failures", failures, MOST_REMEMBERED);
        requireRange("flaps", flaps, MOST_REMEMBERED);
        Durations.positiveNanos("window of failures and flaps", window);
        requireRange("slow factor", slowFactor, Integer.MAX_VALUE);
        Durations.nanos("slow floor", slowFloor);
        Durations.nanos("hang", hang);
        Durations.positiveNanos("shortest quiet time", shortestQuiet);
        if (longestQuiet.compareTo(shortestQuiet) < 0) {
            throw new ConfigurationException(
                    "longest quiet time of " + longestQuiet + " is shorter than the shortest one of " + shortestQuiet);
        }
    }

    private static void requireRange(String what, int value, int most) {
        if (value < 0 || value > most) {
            throw new ConfigurationException(what + " of " + value + " are not 0 to " + most);
        }
    }

    /** The defaults named above. */
    public static MarginalPolicy defaults() {
        return DEFAULTS;
    }

    /** No path is marginal unless an administrator says so. */
    public static MarginalPolicy off() {
        return OFF;
    }

    /** This with another number of faults. */
    public MarginalPolicy withFailures(int value) {
        return new MarginalPolicy(value, flaps, window, slowFactor, slowFloor, hang, shortestQuiet, longestQuiet);
    }

    /** This with another number of flaps. */
    public MarginalPolicy withFlaps(int value) {
        return new MarginalPolicy(failures, value, window, slowFactor, slowFloor, hang, shortestQuiet, longestQuiet);
    }

    /** This with faults and flaps remembered for another time. */
    public MarginalPolicy withWindow(Duration value) {
        return new MarginalPolicy(failures, flaps, value, slowFactor, slowFloor, hang, shortestQuiet, longestQuiet);
    }

    /** This with another measure of slowness. */
    public MarginalPolicy withSlow(int factor, Duration floor) {
        return new MarginalPolicy(failures, flaps, window, factor, floor, hang, shortestQuiet, longestQuiet);
    }

    /** This with another time for which nothing ends. */
    public MarginalPolicy withHang(Duration value) {
        return new MarginalPolicy(failures, flaps, window, slowFactor, slowFloor, value, shortestQuiet, longestQuiet);
    }

    /** This with other quiet times. */
    public MarginalPolicy withQuiet(Duration shortest, Duration longest) {
        return new MarginalPolicy(failures, flaps, window, slowFactor, slowFloor, hang, shortest, longest);
    }
}
