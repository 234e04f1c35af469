package io.mpath.internal.device;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.mpath.ControlLoop;
import io.mpath.internal.io.Canaries;
import io.mpath.internal.io.Flight;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** What enters the door comes out of it once, with what its owner wrote before. */
public class DoorPublication {
    private static final long WRITTEN = 1;

    /** A loop whose tasks are the actors'. */
    private static final class Unused implements ControlLoop {
        @Override
        public void execute(Runnable task) {}

        @Override
        public boolean inLoop() {
            return false;
        }
    }

    private static Door door() {
        return new Door(new Unused(), () -> {});
    }

    private static String taken(Door door) {
        Flight flight = door.takeAll().poll();
        if (flight == null) {
            return "nothing";
        }
        return flight.tableVersion == WRITTEN ? "all of it" : "less";
    }

    /** The control loop sees what was written before the flight entered. */
    @JCStressTest
    @Outcome(id = "nothing", expect = ACCEPTABLE, desc = "it had not entered")
    @Outcome(id = "all of it", expect = ACCEPTABLE, desc = "handed over")
    @Outcome(id = "less", expect = FORBIDDEN, desc = "the flight without its fields")
    @State
    public static class Fields {
        private final Door door = door();
        private final Flight flight = Flight.create();

        @Actor
        public void owner() {
            flight.tableVersion = WRITTEN;
            door.enter(flight);
        }

        @Actor
        public void loop(L_Result seen) {
            seen.r1 = taken(door);
        }
    }

    /** An owner that still writes when the flight has entered. */
    @JCStressTest
    @Outcome(id = "nothing", expect = ACCEPTABLE, desc = "it had not entered")
    @Outcome(id = "all of it", expect = ACCEPTABLE, desc = "handed over")
    @Outcome(id = "less", expect = ACCEPTABLE_INTERESTING, desc = "the flight without its fields")
    @State
    public static class FieldsCanary {
        private final Door door = door();
        private final Flight flight = Flight.create();

        @Actor
        public void owner() {
            door.enter(flight);
            Canaries.dawdle();
            flight.tableVersion = WRITTEN;
        }

        @Actor
        public void loop(L_Result seen) {
            seen.r1 = taken(door);
        }
    }

    /** Two come while the loop takes: both are seen, then or later. */
    @JCStressTest
    @Outcome(id = "0, 2", expect = ACCEPTABLE, desc = "both came later")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one came later")
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "both came before")
    @Outcome(expect = FORBIDDEN, desc = "one is lost, or there twice")
    @State
    public static class Counts {
        private final Door door = door();
        private final Flight first = Flight.create();
        private final Flight second = Flight.create();

        @Actor
        public void owner() {
            door.enter(first);
            door.enter(second);
        }

        @Actor
        public void loop(LL_Result seen) {
            seen.r1 = door.takeAll().size();
        }

        @Arbiter
        public void after(LL_Result seen) {
            seen.r2 = door.takeAll().size();
        }
    }
}
