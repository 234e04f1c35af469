package io.mpath.internal.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class DeviceClockTest {
    private final SimWorld world = SimWorld.seeded(1);
    private final List<String> ran = new ArrayList<>();

    @Test
    void taskOfAnEnvironmentThatHasStoppedIsLeft() {
        DeviceClock clock = DeviceClock.of(
                world.environment(),
                task -> {
                    throw new RejectedExecutionException("stopped");
                },
                "port");
        assertThatCode(() -> clock.execute(() -> ran.add("task"))).doesNotThrowAnyException();
        assertThat(ran).isEmpty();
    }

    @Test
    void taskInAWorldLetsOthersComeBetween() {
        DeviceClock clock = DeviceClock.in(world, "port");
        clock.soon(() -> ran.add("soon"));
        ran.add("here");
        world.runUntilIdle();
        assertThat(ran).containsExactly("here", "soon");
    }

    @Test
    void taskOfAnEnvironmentRunsHere() {
        DeviceClock clock = DeviceClock.of(world.environment(), Runnable::run, "port");
        clock.soon(() -> ran.add("soon"));
        ran.add("here");
        assertThat(ran).containsExactly("soon", "here");
    }

    @Test
    void latencyKeepsAWorldBusyAndAWaitDoesNot() {
        DeviceClock clock = DeviceClock.in(world, "port");
        clock.latency(1_000, () -> ran.add("latency"));
        clock.later(1_000_000, () -> ran.add("later"));
        world.runUntilIdle();
        assertThat(ran).containsExactly("latency");
        world.runFor(Duration.ofMillis(2));
        assertThat(ran).containsExactly("latency", "later");
    }

    @Test
    void awaitEndsWithTheFutureOrAtItsLimit() {
        DeviceClock clock = DeviceClock.in(world, "port");
        var future = new CompletableFuture<Boolean>();
        assertThat(clock.await(future, Duration.ofSeconds(1))).isFalse();
        clock.later(1_000, () -> future.complete(true));
        assertThat(clock.await(future, Duration.ofSeconds(1))).isTrue();
    }
}
