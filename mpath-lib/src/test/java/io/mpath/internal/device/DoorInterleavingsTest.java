package io.mpath.internal.device;

import static io.mpath.internal.io.Interleavings.expectFound;
import static io.mpath.internal.io.Interleavings.explore;
import static io.mpath.internal.io.Interleavings.require;
import static io.mpath.internal.io.Interleavings.runTogether;

import io.mpath.ControlLoop;
import io.mpath.internal.io.Flight;
import io.mpath.internal.io.Interleavings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Flights that enter the door come out of it once, those of a thread in its order, and the loop is woken for them. */
@Tag("interleavings")
class DoorInterleavingsTest {
    private static final String UNWOKEN = "a flight waits, and nobody woke the loop";

    @Test
    void nothingIsLostAndEachThreadsOrderIsKept() {
        explore(new TwoThreadsAndTheLoop(false));
    }

    /** Canary: a loop that forgets that it was woken after it has emptied the door, rather than before. */
    @Test
    void loopThatForgetsWhoWokeItIsFound() {
        expectFound(new TwoThreadsAndTheLoop(true), UNWOKEN);
    }

    private static final class TwoThreadsAndTheLoop implements Interleavings.Script {
        private final boolean forgetful;

        TwoThreadsAndTheLoop(boolean forgetful) {
            this.forgetful = forgetful;
        }

        @Override
        public void play() throws InterruptedException {
            Wakes wakes = new Wakes();
            Door door = new Door(wakes, wakes);
            Flight[] flights = {Flight.create(), Flight.create(), Flight.create()};
            Taker taker = new Taker(door, wakes, forgetful);
            runTogether(new Enterer(door, flights[0], flights[1]), new Enterer(door, flights[2]), taker);
            boolean woken = wakes.woken;
            int before = taker.taken.size();
            taker.take();
            List<Flight> all = taker.taken;
            require(all.size() == before || woken, UNWOKEN);
            require(all.size() == 3 && all.contains(flights[2]), "flights that came out: " + all.size());
            require(all.indexOf(flights[0]) < all.indexOf(flights[1]), "two flights of one thread changed places");
        }
    }

    private static final class Enterer extends Thread {
        private final Door door;
        private final Flight[] flights;

        Enterer(Door door, Flight... flights) {
            this.door = door;
            this.flights = flights;
        }

        @Override
        public void run() {
            for (Flight flight : flights) {
                door.enter(flight);
            }
        }
    }

    private static final class Taker extends Thread {
        private final Door door;
        private final Wakes wakes;
        private final boolean forgetful;
        private final List<Flight> taken = new ArrayList<>();

        Taker(Door door, Wakes wakes, boolean forgetful) {
            this.door = door;
            this.wakes = wakes;
            this.forgetful = forgetful;
        }

        @Override
        public void run() {
            wakes.woken = false;
            take();
            if (forgetful) {
                wakes.woken = false;
            }
        }

        private void take() {
            WaitingList all = door.takeAll();
            for (Flight flight = all.poll(); flight != null; flight = all.poll()) {
                taken.add(flight);
            }
        }
    }

    /** Notes that it was woken. */
    private static final class Wakes implements ControlLoop, Runnable {
        volatile boolean woken;

        @Override
        public void execute(Runnable task) {
            woken = true;
        }

        @Override
        public boolean inLoop() {
            return false;
        }

        @Override
        public void run() {
            throw new AssertionError("this loop runs nothing");
        }
    }
}
