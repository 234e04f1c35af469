package io.mpath.internal.io;

import static io.mpath.internal.io.Interleavings.expectFound;
import static io.mpath.internal.io.Interleavings.explore;
import static io.mpath.internal.io.Interleavings.joinAll;
import static io.mpath.internal.io.Interleavings.require;
import static io.mpath.internal.io.Interleavings.startAll;

import io.mpath.internal.io.Attempt.Settled;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whoever races for a flight, one gets it; every end of an attempt is an owner's, late, or a stray. */
@Tag("interleavings")
class AttemptInterleavingsTest {
    private static final PathFailure LOST = PathFailure.failOver(Certainty.UNKNOWN, "lost");
    private static final String TWO_OWNERS = "the flight has not one owner, but ";

    @Test
    void twoEndsAndTheControlLoopRaceForAFlightWithAPath() {
        explore(new EndsAndLoop(false));
    }

    @Test
    void endElsewhereRacesWithTheReturnFromSubmit() {
        explore(new EndAndReturn(true));
        explore(new EndAndReturn(false));
    }

    @Test
    void endInsideSubmitRacesWithAnEndElsewhere() {
        explore(new EndInside());
    }

    @Test
    void secondEndOfATryAndALateAbandonmentLeaveTheNextTryAlone() {
        explore(new NextTry());
    }

    /** Canary: a control loop that only looks twice takes a flight that was ended in between. */
    @Test
    void controlLoopThatOnlyLooksIsFound() {
        expectFound(new EndsAndLoop(true), TWO_OWNERS);
    }

    private static final class EndsAndLoop implements Interleavings.Script {
        private final boolean onlyLooks;

        EndsAndLoop(boolean onlyLooks) {
            this.onlyLooks = onlyLooks;
        }

        @Override
        public void play() throws InterruptedException {
            Ends ends = new Ends();
            Attempt attempt = ends.flight.attempt();
            long tag = attempt.arm();
            Loop loop = onlyLooks ? new LookingLoop(attempt) : new Loop(attempt);
            Thread[] threads = {new Ender(attempt, tag, null), new Ender(attempt, tag, LOST), loop};
            startAll(threads);
            Settled settled = attempt.settle(tag, true);
            joinAll(threads);
            require(settled == Settled.TAKEN, "the submitter has what a path took");
            requireOneOwner(ends.owners.get() + (loop.took ? 1 : 0));
            require(ends.all() == 2, "an end is unaccounted for");
            require(ends.late.get() == (loop.took ? 1 : 0), "the end of an abandoned try is not late");
        }
    }

    private static final class EndAndReturn implements Interleavings.Script {
        private final boolean taken;

        EndAndReturn(boolean taken) {
            this.taken = taken;
        }

        @Override
        public void play() throws InterruptedException {
            Ends ends = new Ends();
            Attempt attempt = ends.flight.attempt();
            long tag = attempt.arm();
            Thread[] threads = {new Ender(attempt, tag, null)};
            startAll(threads);
            Settled settled = attempt.settle(tag, taken);
            joinAll(threads);
            requireOneOwner(ends.owners.get() + (settled == Settled.TAKEN ? 0 : 1));
            require(settled != Settled.RETURNED || !taken, "a path took it, and it came back");
            require(ends.all() == 1, "an end is unaccounted for");
        }
    }

    private static final class EndInside implements Interleavings.Script {
        @Override
        public void play() throws InterruptedException {
            Ends ends = new Ends();
            Attempt attempt = ends.flight.attempt();
            long tag = attempt.arm();
            Thread[] threads = {new Ender(attempt, tag, null)};
            startAll(threads);
            attempt.fail(tag, LOST);
            Settled settled = attempt.settle(tag, true);
            joinAll(threads);
            boolean inline = settled == Settled.ENDED_INLINE;
            requireOneOwner(ends.owners.get() + (inline ? 1 : 0));
            require(!inline || LOST.equals(attempt.inlineFailure()), "the submitter does not know how it failed");
            require(ends.strays.get() == 1, "the second end is no stray");
        }
    }

    /** Who ends the first try successfully makes another of it at once, as a callback would that submits again. */
    private static final class NextTry implements Interleavings.Script {
        @Override
        public void play() throws InterruptedException {
            Ends ends = new Ends();
            ends.again = true;
            Attempt attempt = ends.flight.attempt();
            long first = attempt.arm();
            attempt.settle(first, true);
            Loop loop = new Loop(attempt);
            Interleavings.runTogether(new Ender(attempt, first, null), new Ender(attempt, first, null), loop);
            int triesBegun = 1 + ends.owners.get();
            require(triesBegun <= 2, "both ends of the first try had it");
            require(ends.all() == 2, "an end is unaccounted for");
            if (!loop.took) {
                require(triesBegun == 2, "nobody had the first try");
                attempt.complete(attempt.tag());
                requireOneOwner(ends.owners.get() - 1);
            } else {
                require(
                        ends.late.get() == (triesBegun == 1 ? 1 : 0),
                        "the abandoned try is not the one that ended late");
            }
        }
    }

    private static void requireOneOwner(int owners) {
        require(owners == 1, TWO_OWNERS + owners);
    }

    private static final class Ender extends Thread {
        private final Attempt attempt;
        private final long tag;
        private final PathFailure failure;

        Ender(Attempt attempt, long tag, PathFailure failure) {
            this.attempt = attempt;
            this.tag = tag;
            this.failure = failure;
        }

        @Override
        public void run() {
            if (failure == null) {
                attempt.complete(tag);
            } else {
                attempt.fail(tag, failure);
            }
        }
    }

    private static class Loop extends Thread {
        final Attempt attempt;
        boolean took;

        Loop(Attempt attempt) {
            this.attempt = attempt;
        }

        @Override
        public void run() {
            took = attempt.abandon(attempt.stamp());
        }
    }

    private static final class LookingLoop extends Loop {
        LookingLoop(Attempt attempt) {
            super(attempt);
        }

        @Override
        public void run() {
            long seen = attempt.stamp();
            took = Attempt.withPath(seen) && attempt.stamp() == seen;
        }
    }

    private static final class Ends implements FlightOwner {
        final Flight flight = Flight.create();
        final AtomicInteger owners = new AtomicInteger();
        final AtomicInteger late = new AtomicInteger();
        final AtomicInteger strays = new AtomicInteger();
        boolean again;

        Ends() {
            flight.flush();
            flight.begin(this, 1);
        }

        int all() {
            return owners.get() + late.get() + strays.get();
        }

        @Override
        public void succeeded(Flight ended, boolean inline) {
            owners.incrementAndGet();
            if (again) {
                again = false;
                Attempt attempt = ended.attempt();
                attempt.settle(attempt.arm(), true);
            }
        }

        @Override
        public void failed(Flight ended, PathFailure failure, boolean inline) {
            owners.incrementAndGet();
        }

        @Override
        public void endedLate(Flight ended, PathFailure failure) {
            late.incrementAndGet();
        }

        @Override
        public void stray(Flight ended) {
            strays.incrementAndGet();
        }

        @Override
        public String describe() {
            return "device";
        }
    }
}
