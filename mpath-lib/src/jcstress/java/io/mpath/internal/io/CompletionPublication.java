package io.mpath.internal.io;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Threads end flights of a channel, whose owner takes them: with all that was written to them, and each of them once. */
public class CompletionPublication {
    private static final long WRITTEN = 1;

    /** None of the actors, which all take part as others than the owner, but for what only one of them does. */
    private static final Thread OWNER = new Thread(() -> {});

    static String take(CompletionQueue queue) {
        Flight all = queue.takeAll();
        if (all == null) {
            return "nothing";
        }
        return all.tableVersion == WRITTEN ? "all of it" : "less";
    }

    static int count(CompletionQueue queue) {
        int count = 0;
        for (Flight flight = queue.takeAll(); flight != null; flight = flight.next) {
            count++;
        }
        return count;
    }

    /** The owner sees what the other thread wrote before. */
    @JCStressTest
    @Outcome(id = "nothing", expect = ACCEPTABLE, desc = "taken before")
    @Outcome(id = "all of it", expect = ACCEPTABLE, desc = "handed over")
    @Outcome(id = "less", expect = FORBIDDEN, desc = "the flight without its fields")
    @State
    public static class HandedOver {
        private final CompletionQueue queue = new CompletionQueue(OWNER);
        private final Flight flight = Flight.create();

        @Actor
        public void path() {
            flight.tableVersion = WRITTEN;
            queue.add(flight);
        }

        @Actor
        public void owner(L_Result seen) {
            seen.r1 = take(queue);
        }
    }

    /** One that still writes when it has handed the flight over. */
    @JCStressTest
    @Outcome(id = "nothing", expect = ACCEPTABLE, desc = "taken before")
    @Outcome(id = "all of it", expect = ACCEPTABLE, desc = "handed over")
    @Outcome(id = "less", expect = ACCEPTABLE_INTERESTING, desc = "the flight without its fields")
    @State
    public static class HandedOverCanary {
        private final CompletionQueue queue = new CompletionQueue(OWNER);
        private final Flight flight = Flight.create();

        @Actor
        public void path() {
            queue.add(flight);
            Canaries.dawdle();
            flight.tableVersion = WRITTEN;
        }

        @Actor
        public void owner(L_Result seen) {
            seen.r1 = take(queue);
        }
    }

    /** Two threads put one in each while the owner takes; what it does not see then, it sees later. */
    @JCStressTest
    @Outcome(id = "0, 2", expect = ACCEPTABLE, desc = "taken before")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "taken in between")
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "taken after")
    @Outcome(expect = FORBIDDEN, desc = "one is lost, or there twice")
    @State
    public static class NoneIsLost {
        private final CompletionQueue queue = new CompletionQueue(OWNER);

        @Actor
        public void path() {
            queue.add(Flight.create());
        }

        @Actor
        public void anotherPath() {
            queue.add(Flight.create());
        }

        @Actor
        public void owner(LL_Result seen) {
            seen.r1 = count(queue);
        }

        @Arbiter
        public void later(LL_Result seen) {
            seen.r2 = count(queue);
        }
    }
}
