package io.mpath.internal.device;

import io.mpath.Environment;
import io.mpath.Timers;
import io.mpath.internal.io.Flight;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Flights whose path asked for a pause before they are sent to it again. Used on the control loop only. */
final class Pauses {
    /** A device that asks for more does not mean this request. */
    static final long LONGEST_NANOS = 10_000_000_000L;

    private final Environment environment;
    private final Consumer<Flight> resumed;
    private final List<Pause> pauses = new ArrayList<>();

    Pauses(Environment environment, Consumer<Flight> resumed) {
        this.environment = environment;
        this.resumed = resumed;
    }

    /** Sends it again after {@code delayNanos}, {@link #LONGEST_NANOS} at most. */
    void begin(Flight flight, long delayNanos) {
        long delay = Math.max(0, Math.min(delayNanos, LONGEST_NANOS));
        Pause pause = new Pause(flight);
        pause.timer = environment.timers().schedule(delay, () -> {
            pauses.remove(pause);
            resumed.accept(flight);
        });
        pauses.add(pause);
    }

    void removeIf(Predicate<Flight> ended) {
        pauses.removeIf(pause -> {
            boolean gone = ended.test(pause.flight);
            if (gone) {
                pause.timer.cancel();
            }
            return gone;
        });
    }

    /** Resumes all of them now. */
    void endAll() {
        List<Pause> all = List.copyOf(pauses);
        pauses.clear();
        for (Pause pause : all) {
            pause.timer.cancel();
            resumed.accept(pause.flight);
        }
    }

    /** One flight's pause. */
    private static final class Pause {
        private final Flight flight;
        private Timers.Timer timer = () -> {};

        Pause(Flight flight) {
            this.flight = flight;
        }
    }
}
