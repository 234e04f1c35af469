package io.mpath.internal.io;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.mpath.path.PathFailure;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** The word of an attempt gives the flight to one thread, and with it what the last owner wrote. */
public class HandOver {
    private static final long FIRST_TAG = 8;
    private static final long WRITTEN = 1;

    /** A flight, and the device that is told of its end. */
    static final class Shared implements FlightOwner {
        final Flight flight = Flight.create();
        final Attempt attempt = flight.attempt();
        String told = "";

        Shared() {
            flight.flush();
            flight.begin(this, 1);
        }

        @Override
        public void succeeded(Flight ended, boolean inline) {
            told = ended.tableVersion == WRITTEN ? "ended, and knows all" : "ended, and knows less";
        }

        @Override
        public void failed(Flight ended, PathFailure failure, boolean inline) {
            told = "failed";
        }

        @Override
        public void endedLate(Flight ended, PathFailure failure) {
            told = "late";
        }

        @Override
        public void stray(Flight ended) {
            told = "stray";
        }

        @Override
        public String describe() {
            return "device";
        }
    }

    /** Who ends an attempt sees what the submitter wrote before it armed it. */
    @JCStressTest
    @Outcome(id = "stray", expect = ACCEPTABLE, desc = "the end came before the try")
    @Outcome(id = "ended, and knows all", expect = ACCEPTABLE, desc = "handed over")
    @Outcome(id = "ended, and knows less", expect = FORBIDDEN, desc = "the flight without its fields")
    @State
    public static class ToWhoEnds {
        private final Shared shared = new Shared();

        @Actor
        public void submitter() {
            shared.flight.tableVersion = WRITTEN;
            shared.attempt.settle(shared.attempt.arm(), true);
        }

        @Actor
        public void path(L_Result seen) {
            shared.attempt.complete(FIRST_TAG);
            seen.r1 = shared.told;
        }
    }

    /** A submitter that still writes when it has armed the attempt. */
    @JCStressTest
    @Outcome(id = "stray", expect = ACCEPTABLE, desc = "the end came before the try")
    @Outcome(id = "ended, and knows all", expect = ACCEPTABLE, desc = "handed over")
    @Outcome(id = "ended, and knows less", expect = ACCEPTABLE_INTERESTING, desc = "the flight without its fields")
    @State
    public static class ToWhoEndsCanary {
        private final Shared shared = new Shared();

        @Actor
        public void submitter() {
            shared.attempt.settle(shared.attempt.arm(), true);
            Canaries.dawdle();
            shared.flight.tableVersion = WRITTEN;
        }

        @Actor
        public void path(L_Result seen) {
            shared.attempt.complete(FIRST_TAG);
            seen.r1 = shared.told;
        }
    }

    /** The path ends it while the control loop abandons it. */
    @JCStressTest
    @Outcome(id = "ended, and knows all, kept out", expect = ACCEPTABLE, desc = "the path had it")
    @Outcome(id = "late, abandoned it", expect = ACCEPTABLE, desc = "the control loop had it")
    @Outcome(expect = FORBIDDEN, desc = "both, or neither, had it")
    @State
    public static class PathOrLoop {
        private final Shared shared = new Shared();

        public PathOrLoop() {
            shared.flight.tableVersion = WRITTEN;
            shared.attempt.settle(shared.attempt.arm(), true);
        }

        @Actor
        public void path(LL_Result seen) {
            shared.attempt.complete(FIRST_TAG);
            seen.r1 = shared.told;
        }

        @Actor
        public void loop(LL_Result seen) {
            seen.r2 = shared.attempt.abandon(shared.attempt.stamp()) ? "abandoned it" : "kept out";
        }
    }
}
