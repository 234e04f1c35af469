package io.mpath.internal.io;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.mpath.Effect;
import io.mpath.IoStatus;
import io.mpath.internal.io.Flight.Stage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** How a flight comes back to its caller: with its result, and with its buffers once. */
public class FlightEnd {
    private static Flight underWay() {
        Flight flight = Flight.create();
        flight.flush();
        flight.begin(new HandOver.Shared(), 1);
        return flight;
    }

    private static String asSeenByItsCaller(Flight flight) {
        return flight.stage() == Stage.IDLE ? flight.status().toString() : "under way";
    }

    private static void settle(Flight flight) {
        flight.settle(IoStatus.OUTCOME_UNKNOWN, Effect.MAY_HAVE_HAPPENED, null);
    }

    /** A caller that finds its request ended finds the result. */
    @JCStressTest
    @Outcome(id = "under way", expect = ACCEPTABLE, desc = "not ended yet")
    @Outcome(id = "OUTCOME_UNKNOWN", expect = ACCEPTABLE, desc = "ended, with its result")
    @Outcome(id = "SUCCESS", expect = FORBIDDEN, desc = "ended, with the result of another time")
    @State
    public static class Stages {
        private final Flight flight = underWay();

        @Actor
        public void owner() {
            settle(flight);
            flight.tellEnd();
        }

        @Actor
        public void caller(L_Result seen) {
            seen.r1 = asSeenByItsCaller(flight);
        }
    }

    /** An owner that settles the result when the caller may look already. */
    @JCStressTest
    @Outcome(id = "under way", expect = ACCEPTABLE, desc = "not ended yet")
    @Outcome(id = "OUTCOME_UNKNOWN", expect = ACCEPTABLE, desc = "ended, with its result")
    @Outcome(id = "SUCCESS", expect = ACCEPTABLE_INTERESTING, desc = "ended, with the result of another time")
    @State
    public static class StagesCanary {
        private final Flight flight = underWay();

        @Actor
        public void owner() {
            flight.tellEnd();
            Canaries.dawdle();
            settle(flight);
        }

        @Actor
        public void caller(L_Result seen) {
            seen.r1 = asSeenByItsCaller(flight);
        }
    }

    /** The end is told, and the attempt is over: the second of the two releases the buffers. */
    @JCStressTest
    @Outcome(id = "released", expect = ACCEPTABLE, desc = "by one of them, or both would have")
    @Outcome(id = "in use", expect = FORBIDDEN, desc = "neither released them")
    @State
    public static class Linger {
        private final Flight flight = underWay();

        public Linger() {
            settle(flight);
            flight.linger();
        }

        @Actor
        public void teller() {
            flight.tellEnd();
        }

        @Actor
        public void path() {
            if (flight.attemptOver()) {
                flight.tellRelease();
            }
        }

        @Arbiter
        public void after(L_Result seen) {
            seen.r1 = flight.buffersInUse() ? "in use" : "released";
        }
    }

    /** Two flags, each stored by one and then read by the other, without a fence between. */
    @JCStressTest
    @Outcome(id = "released", expect = ACCEPTABLE, desc = "by one of them, or both")
    @Outcome(id = "in use", expect = ACCEPTABLE_INTERESTING, desc = "neither released them")
    @State
    public static class LingerCanary {
        private static final VarHandle TOLD;
        private static final VarHandle OVER;

        static {
            try {
                TOLD = MethodHandles.lookup().findVarHandle(LingerCanary.class, "told", boolean.class);
                OVER = MethodHandles.lookup().findVarHandle(LingerCanary.class, "over", boolean.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private boolean told;
        private boolean over;
        private boolean releasedByTeller;
        private boolean releasedByPath;

        @Actor
        public void teller() {
            TOLD.setRelease(this, true);
            releasedByTeller = (boolean) OVER.getAcquire(this);
        }

        @Actor
        public void path() {
            OVER.setRelease(this, true);
            releasedByPath = (boolean) TOLD.getAcquire(this);
        }

        @Arbiter
        public void after(L_Result seen) {
            seen.r1 = releasedByTeller || releasedByPath ? "released" : "in use";
        }
    }
}
