package io.mpath.internal.io;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.mpath.policy.NumaTopology;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Two changes that overlap: each publishes its range, then looks at the other's. */
public class OverlappingRanges {
    private static final ByteBuffer DATA = ByteBuffer.allocate(8);

    /** Two writes that share four bytes, and the slots for them. */
    static final class Shared {
        final Stripes stripes;
        final Flight left = write(0);
        final Flight right = write(4);

        Shared(int count) {
            stripes = new Stripes(count, 2, NumaTopology.flat(), 0);
        }

        private static Flight write(long offset) {
            Flight flight = Flight.create();
            flight.write(offset, DATA.duplicate());
            return flight;
        }

        String claimAndPublish(Flight flight) {
            stripes.claim(flight);
            return publish(flight);
        }

        String publish(Flight flight) {
            return stripes.publishRange(flight) ? "apart" : "meets another";
        }
    }

    /** At least one sees the other, also when it has still to make what its range is kept in. */
    @JCStressTest
    @Outcome(id = "apart, apart", expect = FORBIDDEN, desc = "both are sent: one may undo the other")
    @Outcome(expect = ACCEPTABLE, desc = "one saw the other, and waits, or both do")
    @State
    public static class FirstOfAll {
        private final Shared shared = new Shared(1);

        @Actor
        public void left(LL_Result seen) {
            seen.r1 = shared.claimAndPublish(shared.left);
        }

        @Actor
        public void right(LL_Result seen) {
            seen.r2 = shared.claimAndPublish(shared.right);
        }
    }

    /** The same in two stripes, of which at first there is none. */
    @JCStressTest
    @Outcome(id = "apart, apart", expect = FORBIDDEN, desc = "both are sent: one may undo the other")
    @Outcome(expect = ACCEPTABLE, desc = "one saw the other, and waits, or both do")
    @State
    public static class AcrossStripes {
        private final Shared shared = new Shared(2);

        @Actor
        public void left(LL_Result seen) {
            seen.r1 = shared.claimAndPublish(shared.left);
        }

        @Actor
        public void right(LL_Result seen) {
            seen.r2 = shared.claimAndPublish(shared.right);
        }
    }

    /** The same when slots, ranges and all were there before. */
    @JCStressTest
    @Outcome(id = "apart, apart", expect = FORBIDDEN, desc = "both are sent: one may undo the other")
    @Outcome(expect = ACCEPTABLE, desc = "one saw the other, and waits, or both do")
    @State
    public static class InSlotsUsedBefore {
        private final Shared shared = new Shared(1);

        public InSlotsUsedBefore() {
            shared.claimAndPublish(shared.left);
            shared.claimAndPublish(shared.right);
            shared.stripes.release(shared.left);
            shared.stripes.release(shared.right);
            shared.stripes.claim(shared.left);
            shared.stripes.claim(shared.right);
        }

        @Actor
        public void left(LL_Result seen) {
            seen.r1 = shared.publish(shared.left);
        }

        @Actor
        public void right(LL_Result seen) {
            seen.r2 = shared.publish(shared.right);
        }
    }

    /** Ranges published by a release store, behind which the look may pass. */
    @JCStressTest
    @Outcome(id = "apart, apart", expect = ACCEPTABLE_INTERESTING, desc = "both are sent: one may undo the other")
    @Outcome(expect = ACCEPTABLE, desc = "one saw the other, and waits, or both do")
    @State
    public static class WithoutFenceCanary {
        private final AtomicLongArray ranges = new AtomicLongArray(2);

        @Actor
        public void left(LL_Result seen) {
            seen.r1 = publish(0);
        }

        @Actor
        public void right(LL_Result seen) {
            seen.r2 = publish(1);
        }

        private String publish(int own) {
            ranges.setRelease(own, 1);
            return ranges.get(1 - own) == 0 ? "apart" : "meets another";
        }
    }
}
