package io.mpath;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.sim.SimReservationAnswer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a device with reservations leaves behind when it is closed. */
class ReservationTimersTest {
    private static final long OVERDUE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Set<Object> overdue = new HashSet<>();

    private Environment watched(Environment world) {
        return new Environment(
                world.ticker(),
                (delay, task) -> watched(world.timers(), delay, task),
                world.loop(),
                world.entropy(),
                world.completions(),
                world.blocking(),
                world.numa(),
                world.stripes(),
                world.stop());
    }

    private Timers.Timer watched(Timers timers, long delay, Runnable task) {
        if (delay != OVERDUE_NANOS) {
            return timers.schedule(delay, task);
        }
        Object timer = new Object();
        overdue.add(timer);
        Timers.Timer inner = timers.schedule(delay, () -> {
            overdue.remove(timer);
            task.run();
        });
        return () -> {
            overdue.remove(timer);
            inner.cancel();
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closedDeviceLeavesNoTimerOfACommandThatHangs(boolean keyPerPath) {
        DeviceSettings settings = ReservationBench.settings().withKeyPerPath(keyPerPath);
        var bench = new DataPathBench(2, settings, DataPathBench.GEOMETRY, this::watched);
        var reservations = bench.device.reservations();
        bench.path(0)
                .reserving()
                .script(command -> SimReservationAnswer.carryOut().hanging(Duration.ofHours(1)));
        var unused = reservations.report();
        bench.runFor(Duration.ofSeconds(1));
        assertThat(overdue).as("it is waited for").hasSize(1);

        bench.world.await(bench.device.closeAsync());

        assertThat(overdue).isEmpty();
    }
}
