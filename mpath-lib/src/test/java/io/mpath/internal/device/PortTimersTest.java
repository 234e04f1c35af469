package io.mpath.internal.device;

import static io.mpath.AccessState.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.ConfigurationException;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.DeviceState;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.NoPathPolicy;
import io.mpath.path.PathPort;
import io.mpath.path.PathPort.Timeouts;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long the loss of a port is borne. */
class PortTimersTest {
    private static final Duration FAST_FAIL = Duration.ofSeconds(5);
    private static final Duration LOSS = Duration.ofSeconds(60);

    @Test
    void waitEndsWhenFastFailExpires() {
        var scene = withTimedPort();
        scene.port("t").pull();
        Told read = scene.read(0);
        scene.pass(FAST_FAIL.minusMillis(1));
        assertThat(read.ended()).isFalse();
        scene.passMillis(1);

        assertThat(read.status).isEqualTo(IoStatus.NO_PATH);
        assertThat(scene.device().state()).isEqualTo(DeviceState.FAILED);
    }

    @Test
    void portThatReturnsAfterFastFailServesAgain() {
        var scene = withTimedPort();
        scene.port("t").pull();
        scene.pass(FAST_FAIL.plusSeconds(1));
        scene.port("t").putBack();
        scene.idle();
        Told read = scene.read(0);
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        scene.pass(LOSS.multipliedBy(2));
        assertThat(scene.device().state()).isEqualTo(DeviceState.LIVE);
    }

    @Test
    void nextLossIsTimedAnew() {
        var scene = withTimedPort();
        scene.port("t").pull();
        scene.pass(FAST_FAIL.minusSeconds(1));
        scene.port("t").putBack();
        scene.idle();
        scene.port("t").pull();
        scene.idle();
        Told read = scene.read(0);
        scene.pass(FAST_FAIL.minusMillis(1));
        assertThat(read.ended()).isFalse();
        scene.passMillis(1);

        assertThat(read.status).isEqualTo(IoStatus.NO_PATH);
    }

    @Test
    void timersRunFromTheBeginningOfTheLossWhateverStatesFollow() {
        var scene = withTimedPort();
        scene.port("t").liveness(Liveness.RESETTING);
        scene.idle();
        Told read = scene.read(0);
        scene.pass(FAST_FAIL.minusSeconds(1));
        scene.port("t").liveness(Liveness.CONNECTING);
        scene.pass(Duration.ofSeconds(1));

        assertThat(read.endedAtNanos).isEqualTo(FAST_FAIL.toNanos());
    }

    @Test
    void pathsOfALostPortAreRemoved() {
        var scene = withTimedPort();
        scene.join(new PathPort("other"));
        scene.port("t").pull();
        scene.pass(LOSS.minusMillis(1));
        assertThat(scene.device().snapshot().paths()).hasSize(2);
        scene.passMillis(1);

        assertThat(scene.device().snapshot().paths())
                .extracting(path -> path.name())
                .containsExactly("other.d");
    }

    @Test
    void portWithoutTimersIsWaitedForByThePolicyAlone() {
        var scene = Scene.with(Scene.waiting(NoPathPolicy.queueForever()), "a");
        scene.port("a").pull();
        Told read = scene.read(0);
        scene.pass(Duration.ofHours(1));

        assertThat(read.ended()).isFalse();
    }

    /** One report for the port counts for all of its paths, though the path that brings it is removed just before. */
    @Test
    void reportForThePortCountsAlthoughItsReporterWasRemovedMeanwhile() {
        var scene = Scene.with("a");
        scene.array.withDisk("e", Scene.description("e"));
        scene.await(scene.registry.offer(scene.array.path("a", "e")));
        scene.idle();
        MultipathDeviceOf other = new MultipathDeviceOf(scene, "e");
        var adapter = scene.world.thread("adapter");
        adapter.holdMessages();
        adapter.execute(() -> scene.port("a").liveness(Liveness.CONNECTING));
        scene.idle();
        scene.await(scene.device().removePath("a.d"));
        adapter.releaseMessages();
        scene.idle();

        assertThat(other.usable()).isFalse();
    }

    @Test
    void changeOfManyPathsCountsAlthoughItsReporterWasRemovedMeanwhile() {
        var scene = Scene.with("a");
        scene.array.withDisk("e", Scene.description("e"));
        scene.await(scene.registry.offer(scene.array.path("a", "e")));
        scene.idle();
        MultipathDeviceOf other = new MultipathDeviceOf(scene, "e");
        var adapter = scene.world.thread("adapter");
        adapter.holdMessages();
        adapter.execute(() -> scene.array.accessState("a", List.of("d", "e"), UNAVAILABLE));
        scene.idle();
        assertThat(other.usable()).isTrue();
        scene.await(scene.device().removePath("a.d"));
        adapter.releaseMessages();
        scene.idle();

        assertThat(other.usable()).isFalse();
    }

    @Test
    void fastFailBelowTheReconnectDelayIsRefused() {
        assertRefused(2, 1, 60, "fast-fail time-out of PT1S", "reconnect delay of PT2S");
    }

    @Test
    void fastFailAboveTheLossTimeoutIsRefused() {
        assertRefused(1, 61, 60, "fast-fail time-out of PT1M1S", "loss time-out of PT1M");
    }

    @Test
    void reconnectDelayAboveTheLossTimeoutIsRefused() {
        assertRefused(61, 0, 60, "reconnect delay of PT1M1S", "loss time-out of PT1M");
    }

    @Test
    void zeroSwitchesATimerOffInEveryCombination() {
        for (int bits = 0; bits < 8; bits++) {
            timeouts(bits & 1, (bits & 2) == 0 ? 0 : 2, (bits & 4) == 0 ? 0 : 3);
        }
    }

    private static void assertRefused(int reconnect, int fastFail, int loss, String one, String other) {
        assertThatThrownBy(() -> timeouts(reconnect, fastFail, loss))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(one)
                .hasMessageContaining(other);
    }

    private static Timeouts timeouts(int reconnectSeconds, int fastFailSeconds, int lossSeconds) {
        return new Timeouts(
                Duration.ofSeconds(reconnectSeconds),
                Duration.ofSeconds(fastFailSeconds),
                Duration.ofSeconds(lossSeconds));
    }

    private static Scene withTimedPort() {
        DeviceSettings settings = Scene.waiting(NoPathPolicy.queueForever());
        var scene = Scene.in(SimWorld.seeded(1), settings);
        scene.join(new PathPort("t", PathPort.NO_NODE, new Timeouts(Duration.ofSeconds(1), FAST_FAIL, LOSS)));
        return scene;
    }

    /** The only path of another disk's device. */
    private record MultipathDeviceOf(Scene scene, String disk) {
        boolean usable() {
            return scene.registry
                    .device(DeviceId.named(disk))
                    .orElseThrow()
                    .snapshot()
                    .paths()
                    .get(0)
                    .usable();
        }
    }
}
