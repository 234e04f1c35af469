package io.mpath.internal.io;

import static io.mpath.internal.io.Interleavings.expectFound;
import static io.mpath.internal.io.Interleavings.explore;
import static io.mpath.internal.io.Interleavings.require;
import static io.mpath.internal.io.Interleavings.runTogether;

import io.mpath.policy.NumaTopology;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A slot is one flight's alone; who got none holds none; a slot that was given back can be had again. */
@Tag("interleavings")
class StripesInterleavingsTest {
    private static final String TWO_HOLDERS = "one slot, and at once its holders were ";

    @Test
    void oneSlotHasOneHolderAtATime() {
        explore(new OneSlot(false));
    }

    /** Each stripe is made by whoever needs it first; of two makers at once, one throws away what it made. */
    @Test
    void thereIsASlotForEachOfAsManyAsThereAreSlots() {
        explore(new SlotForEach(0));
        explore(new SlotForEach(1));
    }

    /** Canary: who takes a slot for its own because it saw it empty. */
    @Test
    void whoOnlyLooksIsFound() {
        expectFound(new OneSlot(true), TWO_HOLDERS);
    }

    private static final class OneSlot implements Interleavings.Script {
        private final boolean onlyLooks;

        OneSlot(boolean onlyLooks) {
            this.onlyLooks = onlyLooks;
        }

        @Override
        public void play() throws InterruptedException {
            Stripes stripes = new Stripes(1, 1, NumaTopology.flat(), 0);
            AtomicInteger holders = new AtomicInteger();
            Holder[] threads = new Holder[2];
            for (int i = 0; i < threads.length; i++) {
                threads[i] = onlyLooks ? new LookingHolder(stripes, holders) : new Holder(stripes, holders);
            }
            runTogether(threads);
            for (Holder holder : threads) {
                require(holder.mostHolders <= 1, TWO_HOLDERS + holder.mostHolders);
                require(holder.flight.stripe == null, "who holds no slot believes in one");
            }
            require(stripes.claim(Flight.create()), "the slot is lost");
        }
    }

    private static final class SlotForEach implements Interleavings.Script {
        private final int differently;

        SlotForEach(int differently) {
            this.differently = differently;
        }

        @Override
        public void play() throws InterruptedException {
            Stripes stripes = new Stripes(2, 2, NumaTopology.flat(), 0);
            Claimer[] claimers = {new Claimer(stripes, 1), new Claimer(stripes, 1 + differently)};
            runTogether(claimers);
            Seen seen = new Seen();
            stripes.scan(seen);
            require(claimers[0].claimed && claimers[1].claimed, "no slot for one of two");
            require(seen.flights == 2, "flights that the scan sees: " + seen.flights);
            for (Claimer claimer : claimers) {
                Flight flight = claimer.flight;
                require(flight.stripe.at(flight.slot) == flight, "a flight is not in its slot");
            }
        }
    }

    private static class Holder extends Thread {
        final Stripes stripes;
        final AtomicInteger holders;
        final Flight flight = Flight.create();
        int mostHolders;

        Holder(Stripes stripes, AtomicInteger holders) {
            this.stripes = stripes;
            this.holders = holders;
        }

        @Override
        public void run() {
            for (int round = 0; round < 2; round++) {
                if (claim()) {
                    mostHolders = Math.max(mostHolders, holders.incrementAndGet());
                    holders.decrementAndGet();
                }
                stripes.release(flight);
            }
        }

        boolean claim() {
            return stripes.claim(flight);
        }
    }

    private static final class LookingHolder extends Holder {
        LookingHolder(Stripes stripes, AtomicInteger holders) {
            super(stripes, holders);
        }

        @Override
        boolean claim() {
            Seen seen = new Seen();
            stripes.scan(seen);
            stripes.claim(flight);
            return seen.flights == 0;
        }
    }

    /** The stripe that it tries first goes by its number, which must be the same in every interleaving. */
    private static final class Claimer extends Thread {
        private final Stripes stripes;
        private final int number;
        private final Flight flight = Flight.create();
        private boolean claimed;

        Claimer(Stripes stripes, int number) {
            this.stripes = stripes;
            this.number = number;
        }

        @Override
        public long getId() {
            return number;
        }

        @Override
        public void run() {
            claimed = stripes.claim(flight);
        }
    }

    private static final class Seen implements Consumer<Flight> {
        private int flights;

        @Override
        public void accept(Flight flight) {
            flights++;
        }
    }
}
