package io.mpath.internal.device;

import static io.mpath.AccessState.PERSISTENT_LOSS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.ConfigurationException;
import io.mpath.DeviceSettings;
import io.mpath.DeviceState;
import io.mpath.Geometry;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.MultipathDevice;
import io.mpath.NoPathPolicy;
import io.mpath.Offer;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.PathDescription;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A device that outlives its last path. */
@ParameterizedClass
@EnumSource(Via.class)
class DelayedRemovalTest {
    private static final Duration DELAY = Duration.ofSeconds(10);
    private static final DeviceSettings SETTINGS =
            DeviceSettings.defaults().withDelayedRemoval(DELAY).withNoPath(NoPathPolicy.queueForever());

    @Parameter
    Via via;

    @Test
    void deviceWithoutDelayGoesWithItsLastPath() {
        var scene = via.with("a");
        MultipathDevice device = scene.device();
        scene.path("a").vanish();
        scene.idle();

        assertThat(device.state()).isEqualTo(DeviceState.CLOSED);
        assertThat(scene.registry.devices()).isEmpty();
        Told read = scene.request().read(0, 1).submit(device);
        scene.idle();
        assertThat(read.status).isEqualTo(IoStatus.DEVICE_GONE);
    }

    /** Seen when all controllers of a subsystem are disconnected: each is being deleted before the first of them is gone. */
    @Test
    void requestsWaitWhileTheLastPathsAreAboutToLeave() {
        var scene = via.in(SimWorld.seeded(1), SETTINGS, "a", "b");
        scene.port("a").liveness(Liveness.DELETING);
        scene.port("b").liveness(Liveness.DELETING);
        scene.idle();

        Told read = scene.read(0);
        scene.passMillis(10);

        assertThat(read.status).isNull();
    }

    @Test
    void requestsFailWhileTheLastPathsAreAboutToLeaveWhereTheDeviceGoesWithThem() {
        var scene = via.with("a", "b");
        scene.port("a").liveness(Liveness.DELETING);
        scene.port("b").liveness(Liveness.DELETING);
        scene.idle();

        Told read = scene.read(0);
        scene.passMillis(10);

        assertThat(read.status).isEqualTo(IoStatus.NO_PATH);
    }

    /** The device stays with the path that stays, and nothing would end the wait. */
    @Test
    void requestsFailWhileAPathLeavesAndOneThatIsOfNoUseStays() {
        var scene = via.in(SimWorld.seeded(1), SETTINGS, "a", "b");
        scene.becomes("b", PERSISTENT_LOSS);
        scene.port("a").liveness(Liveness.DELETING);
        scene.idle();

        Told read = scene.read(0);
        scene.passMillis(10);

        assertThat(read.status).isEqualTo(IoStatus.NO_PATH);
    }

    @Test
    void requestsWaitOutTheDelayAndThenFailInOrder() {
        var scene = withoutPath(SimWorld.seeded(1));
        MultipathDevice device = scene.device();
        Told first = scene.read(1);
        Told second = scene.read(0);
        scene.pass(DELAY.minusMillis(1));
        assertThat(scene.ended()).isEmpty();
        assertThat(device.state()).isEqualTo(DeviceState.REMOVING);
        scene.passMillis(1);

        assertThat(scene.ended()).containsExactly(first, second);
        assertThat(scene.ended()).allMatch(read -> read.status == IoStatus.DEVICE_GONE);
        assertThat(device.state()).isEqualTo(DeviceState.CLOSED);
    }

    @Test
    void pathThatReturnsInTimeFindsTheSameDeviceAndItsRequests() {
        var scene = withoutPath(SimWorld.seeded(1));
        MultipathDevice device = scene.device();
        Told read = scene.read(0);
        scene.pass(DELAY.minusSeconds(1));
        assertThat(scene.await(scene.offer("a"))).isEqualTo(new Offer.Admitted("a.d", device));
        scene.pass(DELAY.multipliedBy(3));

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(device.state()).isEqualTo(DeviceState.LIVE);
    }

    /** What waits to be written is meant for the unit that is gone, not for one that only has its identifier. */
    @Test
    void cloneThatComesMeanwhileIsRefusedAndTheDeviceWaitsOn() {
        PathDescription own = Scene.description("d");
        for (PathDescription clone : List.of(
                new PathDescription(own.id(), Map.of("serial", "another"), own.geometry()),
                new PathDescription(
                        own.id(), Map.of("serial", "another"), own.geometry().withSize(2 * Scene.SIZE)),
                own.withGeometry(Geometry.of(Scene.SIZE, 4096)),
                own.withGeometry(own.geometry().withSize(Scene.SIZE / 2)),
                new PathDescription(own.id(), own.geometry().withSize(2 * Scene.SIZE)))) {
            var scene = withoutPath(SimWorld.seeded(1));
            MultipathDevice device = scene.device();
            Told write = scene.write(0, 1);
            scene.path("a").describe(() -> clone);

            assertThat(scene.await(scene.offer("a"))).as("%s", clone).isInstanceOf(Offer.Refused.class);
            scene.pass(Duration.ofSeconds(1));
            assertThat(scene.disk().executed()).isZero();
            assertThat(device.geometry()).isEqualTo(own.geometry());
            assertThat(device.state()).isEqualTo(DeviceState.REMOVING);

            scene.path("a").describe(null);
            scene.await(scene.offer("a"));
            scene.idle();
            assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
            assertThat(scene.device()).isSameAs(device);
        }
    }

    @Test
    void unitThatHasGrownMeanwhileIsTheSame() {
        var scene = withoutPath(SimWorld.seeded(1));
        MultipathDevice device = scene.device();
        Told write = scene.write(0, 1);
        scene.disk().resize(2 * Scene.SIZE);

        assertThat(scene.await(scene.offer("a"))).isEqualTo(new Offer.Admitted("a.d", device));
        scene.idle();
        assertThat(device.geometry().sizeBytes()).isEqualTo(2 * Scene.SIZE);
        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    /** Nothing waits for it any more, and it is another device. */
    @Test
    void cloneThatComesAfterTheDeviceHasGoneIsADevice() {
        var scene = withoutPath(SimWorld.seeded(1));
        MultipathDevice device = scene.device();
        scene.pass(DELAY);
        scene.path("a").describeAttributes(Map.of("serial", "another"));

        assertThat(scene.await(scene.offer("a")))
                .isInstanceOfSatisfying(
                        Offer.Admitted.class,
                        admitted -> assertThat(admitted.device()).isNotSameAs(device));
    }

    /** Timer and returning path at the same instant: either order is right, a device that is both kept and removed is not. */
    @Test
    void timerAndReturningPathAtTheSameInstantLeaveOneLiveDevice() {
        Set<Boolean> kept = new HashSet<>();
        for (long seed = 0; seed < 40; seed++) {
            var scene = withoutPath(SimWorld.seeded(seed));
            MultipathDevice before = scene.device();
            Told read = scene.read(0);
            scene.pass(DELAY.minusMillis(1));
            scene.world.advance(Duration.ofMillis(1));
            var admitted = (Offer.Admitted) scene.await(scene.offer("a"));
            scene.pass(DELAY.multipliedBy(2));

            boolean same = admitted.device() == before;
            kept.add(same);
            assertThat(read.status).isEqualTo(same ? IoStatus.SUCCESS : IoStatus.DEVICE_GONE);
            assertThat(before.state()).isEqualTo(same ? DeviceState.LIVE : DeviceState.CLOSED);
            assertThat(scene.device()).isSameAs(admitted.device());
            assertThat(scene.device().state()).isEqualTo(DeviceState.LIVE);
        }
        assertThat(kept).as("both orders occurred").containsExactlyInAnyOrder(true, false);
    }

    @Test
    void zeroWhileTheRemovalIsPendingRemovesNow() {
        var scene = withoutPath(SimWorld.seeded(1));
        MultipathDevice device = scene.device();
        Told read = scene.read(0);
        scene.passMillis(10);
        scene.await(device.delayedRemoval(Duration.ZERO));
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.DEVICE_GONE);
        assertThat(read.endedAtNanos).isEqualTo(Duration.ofMillis(10).toNanos());
    }

    @Test
    void changedDelayIsMeasuredFromTheMomentTheLastPathWent() {
        var scene = withoutPath(SimWorld.seeded(1));
        MultipathDevice device = scene.device();
        scene.pass(Duration.ofSeconds(8));
        scene.await(device.delayedRemoval(Duration.ofSeconds(20)));
        scene.pass(Duration.ofSeconds(11));
        assertThat(device.state()).isEqualTo(DeviceState.REMOVING);
        scene.pass(Duration.ofSeconds(1));
        assertThat(device.state()).isEqualTo(DeviceState.CLOSED);
    }

    @Test
    void shorterDelayThatIsOverAlreadyRemovesNow() {
        var scene = withoutPath(SimWorld.seeded(1));
        MultipathDevice device = scene.device();
        scene.pass(Duration.ofSeconds(8));
        scene.await(device.delayedRemoval(Duration.ofSeconds(5)));

        assertThat(device.state()).isEqualTo(DeviceState.CLOSED);
    }

    @Test
    void repeatedChangesLeaveOneTimer() {
        var scene = withoutPath(SimWorld.seeded(1));
        MultipathDevice device = scene.device();
        for (int i = 0; i < 10; i++) {
            scene.await(device.delayedRemoval(Duration.ofSeconds(1 + i)));
            scene.await(device.delayedRemoval(Duration.ofHours(1)));
        }
        scene.pass(Duration.ofMinutes(30));
        assertThat(device.state()).isEqualTo(DeviceState.REMOVING);
        scene.await(scene.offer("a"));
        scene.pass(Duration.ofHours(2));

        assertThat(device.state()).isEqualTo(DeviceState.LIVE);
    }

    @Test
    void longestDelaySaturatesInsteadOfOverflowing() {
        var scene = withoutPath(SimWorld.seeded(1));
        MultipathDevice device = scene.device();
        scene.await(device.delayedRemoval(Duration.ofSeconds(Long.MAX_VALUE)));
        scene.pass(Duration.ofMinutes(10));

        assertThat(device.state()).isEqualTo(DeviceState.REMOVING);
    }

    @Test
    void negativeDelayIsRefusedAndChangesNothing() {
        var scene = via.with(SETTINGS, "a");

        assertThatThrownBy(() -> scene.device().delayedRemoval(Duration.ofSeconds(-1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("removal delay");
        assertThat(scene.device().snapshot().delayedRemoval()).isEqualTo(DELAY);
    }

    @Test
    void closingWhileTheRemovalIsPendingAnswersAtOnce() {
        var scene = withoutPath(SimWorld.seeded(1));
        MultipathDevice device = scene.device();
        Told read = scene.read(0);
        CompletableFuture<Void> closed = scene.registry.closeAsync();
        scene.idle();

        assertThat(closed).isCompleted();
        assertThat(read.status).isEqualTo(IoStatus.CLOSED);
        scene.pass(DELAY.multipliedBy(2));
        assertThat(scene.events(MultipathEvent.DeviceRemoved.class)).hasSize(1);
        assertThat(device.state()).isEqualTo(DeviceState.CLOSED);
    }

    @Test
    void boundOfTheNoPathPolicyHoldsDuringTheDelay() {
        var scene = via.with(SETTINGS.withNoPath(NoPathPolicy.queueFor(Duration.ofSeconds(2))), "a");
        scene.path("a").vanish();
        scene.idle();
        Told read = scene.read(0);
        scene.pass(Duration.ofSeconds(2));

        assertThat(read.status).isEqualTo(IoStatus.NO_PATH);
        assertThat(scene.device().state()).isEqualTo(DeviceState.REMOVING);
    }

    /** Negative control: the device that the tests above see removed stays when its path stays. */
    @Test
    void deviceWithAPathIsNotRemoved() {
        var scene = via.with(SETTINGS, "a");
        scene.await(scene.device().delayedRemoval(Duration.ZERO));
        scene.pass(DELAY.multipliedBy(3));

        assertThat(scene.device().state()).isEqualTo(DeviceState.LIVE);
    }

    private Scene withoutPath(SimWorld world) {
        var scene = via.in(world, SETTINGS, "a");
        scene.path("a").vanish();
        scene.idle();
        return scene;
    }
}
