package io.mpath.internal.io;

import static io.mpath.internal.io.Interleavings.expectFound;
import static io.mpath.internal.io.Interleavings.explore;
import static io.mpath.internal.io.Interleavings.require;
import static io.mpath.internal.io.Interleavings.runTogether;

import io.mpath.policy.NumaTopology;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Of two changes that overlap at least one sees the other, whatever else comes and goes in their slots. */
@Tag("interleavings")
class RangesInterleavingsTest {
    private static final String BOTH_SENT = "neither of two that overlap sees the other";
    private static final int WIDTH = 8;

    @Test
    void oneOfTwoThatOverlapSeesTheOther() {
        explore(new TwoThatOverlap(1, false));
        explore(new TwoThatOverlap(2, false));
    }

    /** The slot of one was another's a moment ago: half of that one's range may be seen with half of this one's. */
    @Test
    void slotThatChangesHandsHidesNoRange() {
        explore(new SlotChangesHands());
    }

    @Test
    void thoseThatDoNotOverlapDoNotSeeEachOther() {
        explore(new TwoApart());
    }

    /** Canary: who looks at the others' ranges before it publishes its own. */
    @Test
    void whoLooksFirstIsFound() {
        expectFound(new TwoThatOverlap(1, true), BOTH_SENT);
    }

    private static final class TwoThatOverlap implements Interleavings.Script {
        private final int stripes;
        private final boolean looksFirst;

        TwoThatOverlap(int stripes, boolean looksFirst) {
            this.stripes = stripes;
            this.looksFirst = looksFirst;
        }

        @Override
        public void play() throws InterruptedException {
            Stripes slots = new Stripes(stripes, 2, NumaTopology.flat(), 0);
            Changer left = changer(slots, 0, 1);
            Changer right = changer(slots, WIDTH / 2, 2);
            runTogether(left, right);
            require(!left.apart || !right.apart, BOTH_SENT);
        }

        private Changer changer(Stripes slots, long offset, int number) {
            return looksFirst ? new LookingChanger(slots, offset, number) : new Changer(slots, offset, number);
        }
    }

    private static final class TwoApart implements Interleavings.Script {
        @Override
        public void play() throws InterruptedException {
            Stripes slots = new Stripes(1, 2, NumaTopology.flat(), 0);
            Changer left = new Changer(slots, 0, 1);
            Changer right = new Changer(slots, WIDTH, 2);
            runTogether(left, right);
            require(left.apart && right.apart, "ranges that only touch are taken to overlap");
        }
    }

    private static final class SlotChangesHands implements Interleavings.Script {
        @Override
        public void play() throws InterruptedException {
            Stripes slots = new Stripes(1, 2, NumaTopology.flat(), 0);
            Flight before = write(10 * WIDTH);
            slots.claim(before);
            slots.publishRange(before);
            Changer left = new Changer(slots, 0, 1);
            Successor right = new Successor(slots, before, WIDTH / 2, 2);
            runTogether(left, right);
            require(!left.apart || !right.apart, BOTH_SENT);
        }
    }

    private static Flight write(long offset) {
        Flight flight = Flight.create();
        flight.write(offset, ByteBuffer.allocate(WIDTH));
        return flight;
    }

    private static class Changer extends Thread {
        final Stripes slots;
        final Flight flight;
        final int number;
        boolean apart;

        Changer(Stripes slots, long offset, int number) {
            this.slots = slots;
            this.flight = write(offset);
            this.number = number;
        }

        /** Which stripe it tries first goes by this, and must be the same in every interleaving. */
        @Override
        public long getId() {
            return number;
        }

        @Override
        public void run() {
            change();
        }

        final void change() {
            slots.claim(flight);
            apart = slots.publishRange(flight);
        }
    }

    private static final class Successor extends Changer {
        private final Flight before;

        Successor(Stripes slots, Flight before, long offset, int number) {
            super(slots, offset, number);
            this.before = before;
        }

        @Override
        public void run() {
            slots.release(before);
            change();
        }
    }

    private static final class LookingChanger extends Changer implements Stripes.RangeVisitor {
        private boolean met;

        LookingChanger(Stripes slots, long offset, int number) {
            super(slots, offset, number);
        }

        @Override
        public void run() {
            slots.claim(flight);
            slots.scanRanges(this);
            slots.publishRange(flight);
            apart = !met;
        }

        @Override
        public void visit(Flight other, long from, long to) {
            met = true;
        }
    }
}
