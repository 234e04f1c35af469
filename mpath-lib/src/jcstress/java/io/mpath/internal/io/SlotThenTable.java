package io.mpath.internal.io;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.mpath.policy.NumaTopology;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A submitter claims a slot, then reads the path table; the control loop publishes a table, then scans the slots. */
public class SlotThenTable {
    static final class Shared {
        final Stripes stripes = new Stripes(1, 1, NumaTopology.flat(), 0);
        final Flight flight = Flight.create();
        volatile boolean published;

        String table() {
            return published ? "new table" : "old table";
        }

        String slot() {
            boolean[] found = new boolean[1];
            stripes.scan(flight -> found[0] = true);
            return found[0] ? "flight found" : "slot empty";
        }
    }

    /** At least one sees the other. */
    @JCStressTest
    @Outcome(id = "new table, slot empty", expect = ACCEPTABLE, desc = "the claim came later")
    @Outcome(id = "new table, flight found", expect = ACCEPTABLE, desc = "each saw the other")
    @Outcome(id = "old table, flight found", expect = ACCEPTABLE, desc = "the claim came before")
    @Outcome(id = "old table, slot empty", expect = FORBIDDEN, desc = "a request is sent that nobody waits for")
    @State
    public static class Claim {
        private final Shared shared = new Shared();

        @Actor
        public void submitter(LL_Result seen) {
            shared.stripes.claim(shared.flight);
            seen.r1 = shared.table();
        }

        @Actor
        public void loop(LL_Result seen) {
            shared.published = true;
            seen.r2 = shared.slot();
        }
    }

    /** The same with the slot of a channel, which its owner claims by a store. */
    @JCStressTest
    @Outcome(id = "new table, slot empty", expect = ACCEPTABLE, desc = "the claim came later")
    @Outcome(id = "new table, flight found", expect = ACCEPTABLE, desc = "each saw the other")
    @Outcome(id = "old table, flight found", expect = ACCEPTABLE, desc = "the claim came before")
    @Outcome(id = "old table, slot empty", expect = FORBIDDEN, desc = "a request is sent that nobody waits for")
    @State
    public static class ClaimAlone {
        private final Shared shared = new Shared();
        private final Stripe own = shared.stripes.openChannel(1);

        @Actor
        public void owner(LL_Result seen) {
            own.claimAlone(shared.flight);
            seen.r1 = shared.table();
        }

        @Actor
        public void loop(LL_Result seen) {
            shared.published = true;
            seen.r2 = shared.slot();
        }
    }

    /** The same with a channel that is only just opened: its stripe comes before the slot. */
    @JCStressTest
    @Outcome(id = "new table, slot empty", expect = ACCEPTABLE, desc = "the claim came later")
    @Outcome(id = "new table, flight found", expect = ACCEPTABLE, desc = "each saw the other")
    @Outcome(id = "old table, flight found", expect = ACCEPTABLE, desc = "the claim came before")
    @Outcome(id = "old table, slot empty", expect = FORBIDDEN, desc = "a request is sent that nobody waits for")
    @State
    public static class OpenThenClaim {
        private final Shared shared = new Shared();

        @Actor
        public void owner(LL_Result seen) {
            shared.stripes.openChannel(1).claimAlone(shared.flight);
            seen.r1 = shared.table();
        }

        @Actor
        public void loop(LL_Result seen) {
            shared.published = true;
            seen.r2 = shared.slot();
        }
    }

    /**
     * The same with the release of a slot, which is no full fence: it may pass the read that follows. That is why who waits for
     * a slot is looked after by the tick as well.
     */
    @JCStressTest
    @Outcome(id = "new table, slot empty", expect = ACCEPTABLE, desc = "each saw the other")
    @Outcome(id = "new table, flight found", expect = ACCEPTABLE, desc = "the release came later")
    @Outcome(id = "old table, slot empty", expect = ACCEPTABLE, desc = "the release came before")
    @Outcome(id = "old table, flight found", expect = ACCEPTABLE_INTERESTING, desc = "neither saw the other")
    @State
    public static class ReleaseCanary {
        private final Shared shared = new Shared();

        public ReleaseCanary() {
            shared.stripes.claim(shared.flight);
        }

        @Actor
        public void releaser(LL_Result seen) {
            shared.stripes.release(shared.flight);
            seen.r1 = shared.table();
        }

        @Actor
        public void loop(LL_Result seen) {
            shared.published = true;
            seen.r2 = shared.slot();
        }
    }
}
