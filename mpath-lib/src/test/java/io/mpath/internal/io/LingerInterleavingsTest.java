package io.mpath.internal.io;

import static io.mpath.internal.io.Interleavings.expectFound;
import static io.mpath.internal.io.Interleavings.explore;
import static io.mpath.internal.io.Interleavings.require;
import static io.mpath.internal.io.Interleavings.runTogether;

import io.mpath.Effect;
import io.mpath.IoCallback;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import io.mpath.path.PathFailure;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A flight that ended with an attempt still under way: its result and its release are told once each, in that order.
 *
 * <p>Lincheck does not switch at a {@code VarHandle}'s get-and-or, which decides here; so each side reads something before it.
 */
@Tag("interleavings")
class LingerInterleavingsTest {
    private static final String RELEASES = "releases: ";

    @Test
    void releaseIsToldOnceAndAfterTheResult() {
        explore(new EndAgainstRelease(false));
    }

    /** Canary: a path that looks whether the result was told, rather than take part in deciding who is second. */
    @Test
    void pathThatOnlyLooksWhetherTheResultWasToldIsFound() {
        expectFound(new EndAgainstRelease(true), RELEASES);
    }

    private static final class EndAgainstRelease implements Interleavings.Script {
        private final boolean onlyLooks;

        EndAgainstRelease(boolean onlyLooks) {
            this.onlyLooks = onlyLooks;
        }

        @Override
        public void play() throws InterruptedException {
            Caller caller = new Caller();
            Flight flight = Flight.create();
            flight.flush().onComplete(caller);
            flight.begin(new Nobody(), 1);
            flight.settle(IoStatus.OUTCOME_UNKNOWN, Effect.MAY_STILL_HAPPEN, null);
            flight.linger();
            runTogether(new Teller(flight), onlyLooks ? new LookingPath(flight, caller) : new Path(flight));
            require(caller.results.get() == 1, "results: " + caller.results.get());
            require(caller.releases.get() == 1, RELEASES + caller.releases.get());
            require(!caller.releasedFirst, "the release came before the result");
            require(!flight.buffersInUse(), "released, and the buffers are in use");
        }
    }

    private static final class Caller implements IoCallback {
        final AtomicInteger results = new AtomicInteger();
        final AtomicInteger releases = new AtomicInteger();
        volatile boolean releasedFirst;

        @Override
        public void completed(IoRequest request, IoStatus status) {
            results.incrementAndGet();
            releases.get();
        }

        @Override
        public void buffersReleased(IoRequest request) {
            releasedFirst |= results.get() == 0;
            releases.incrementAndGet();
        }
    }

    private static final class Teller extends Thread {
        private final Flight flight;

        Teller(Flight flight) {
            this.flight = flight;
        }

        @Override
        public void run() {
            flight.tellEnd();
        }
    }

    private static class Path extends Thread {
        final Flight flight;

        Path(Flight flight) {
            this.flight = flight;
        }

        @Override
        public void run() {
            flight.stage();
            if (flight.attemptOver()) {
                flight.tellRelease();
            }
        }
    }

    private static final class LookingPath extends Path {
        private final Caller caller;

        LookingPath(Flight flight, Caller caller) {
            super(flight);
            this.caller = caller;
        }

        @Override
        public void run() {
            boolean told = caller.results.get() == 1;
            flight.stage();
            flight.attemptOver();
            if (told) {
                flight.tellRelease();
            }
        }
    }

    private static final class Nobody implements FlightOwner {
        @Override
        public void succeeded(Flight flight, boolean inline) {
            throw new AssertionError("succeeded");
        }

        @Override
        public void failed(Flight flight, PathFailure failure, boolean inline) {
            throw new AssertionError("failed");
        }

        @Override
        public void endedLate(Flight flight, PathFailure failure) {
            throw new AssertionError("ended late");
        }

        @Override
        public void stray(Flight flight) {
            throw new AssertionError("stray");
        }

        @Override
        public String describe() {
            return "device";
        }
    }
}
