package io.mpath.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.Geometry;
import io.mpath.IoFuture;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.observe.DeviceSnapshot;
import io.mpath.path.PathDescription;
import io.mpath.policy.IoPolicies;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The real library in a simulated world. */
class SimulatedMultipathTest {
    private static final int BLOCK = 512;
    private static final int BLOCKS = 64;

    @Test
    void sameSeedRepeatsARunOfTheLibraryAndAnotherSeedDoesNot() {
        assertThat(runWithFaults(11)).isEqualTo(runWithFaults(11)).isNotEqualTo(runWithFaults(12));
    }

    /** Every write that was acknowledged is on the disk in the end, and the trace is the run's fingerprint. */
    private static long runWithFaults(long seed) {
        var world = SimWorld.seeded(seed);
        SimArray array = array(world);
        array.paths().forEach(path -> path.latency(Duration.ofNanos(10_000), Duration.ofNanos(500_000)));
        var policy = new InterleavingPolicy(world, IoPolicies.roundRobin());
        Multipath registry = registry(world, DeviceSettings.defaults().withPolicy(policy));
        array.offerTo(registry).forEach(world::await);
        MultipathDevice device = registry.devices().get(0);

        List<IoFuture> writes = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            ByteBuffer data = ByteBuffer.wrap(block(i));
            long offset = (long) i * BLOCK;
            world.thread("client " + i % 3)
                    .schedule(
                            Duration.ofNanos(world.random().nextInt(2_000_000)),
                            () -> writes.add(device.write(offset, data)));
        }
        world.thread("operator")
                .schedule(Duration.ofNanos(700_000), () -> array.accessState("c0", AccessState.UNAVAILABLE));
        world.thread("operator")
                .schedule(Duration.ofNanos(900_000), () -> array.port("c1").liveness(io.mpath.Liveness.RESETTING));
        world.thread("operator")
                .schedule(Duration.ofNanos(1_500_000), () -> array.accessState("c0", AccessState.OPTIMIZED));
        boolean allEnded = world.runUntil(
                () -> writes.size() == BLOCKS && writes.stream().allMatch(IoFuture::isDone), Duration.ofSeconds(60));

        assertThat(allEnded).isTrue();
        for (int i = 0; i < BLOCKS; i++) {
            assertThat(array.disk("lun").contents((long) i * BLOCK, BLOCK)).isEqualTo(block(i));
        }
        world.await(registry.closeAsync());
        return world.traceHash();
    }

    @Test
    void pulledPortFailsOverWithinVirtualTimeOnly() {
        var world = SimWorld.seeded(1);
        SimArray array = array(world);
        Multipath registry = registry(world, DeviceSettings.defaults());
        array.offerTo(registry).forEach(world::await);
        MultipathDevice device = registry.devices().get(0);
        array.port("c0").pull();

        IoFuture read = device.read(0, ByteBuffer.allocate(BLOCK));
        world.await(read);

        DeviceSnapshot snapshot = device.snapshot();
        assertThat(snapshot.paths()).extracting(path -> path.usable()).containsExactly(false, true);
        assertThat(array.path("c1", "lun").submitted()).isOne();
        world.await(registry.closeAsync());
    }

    @Test
    void sameArrayServesInRealTime() {
        SimArray array = SimArray.inRealTime()
                .withPort("c0")
                .withPort("c1")
                .withDisk("lun", new PathDescription(DeviceId.named("lun"), Geometry.of(BLOCKS * BLOCK, BLOCK)));
        array.paths().forEach(path -> path.latency(Duration.ofNanos(50_000)));
        try (Multipath registry = Multipath.create()) {
            array.paths().forEach(registry::join);
            MultipathDevice device = registry.devices().get(0);
            device.write(0, ByteBuffer.wrap(block(1))).await();
            array.port("c0").pull();
            device.write(BLOCK, ByteBuffer.wrap(block(2))).await();
            array.port("c0").putBack();
            array.port("c1").pull();
            ByteBuffer into = ByteBuffer.allocate(2 * BLOCK);
            device.read(0, into).await();

            assertThat(into.array()).startsWith(block(1)).endsWith(block(2));
        }
    }

    private static SimArray array(SimWorld world) {
        return SimArray.in(world)
                .withPort("c0")
                .withPort("c1")
                .withDisk("lun", new PathDescription(DeviceId.named("lun"), Geometry.of(BLOCKS * BLOCK, BLOCK)));
    }

    private static Multipath registry(SimWorld world, DeviceSettings settings) {
        return Multipath.builder()
                .environment(world.environment())
                .settings(settings)
                .build();
    }

    private static byte[] block(int number) {
        return ContractBench.pattern(BLOCK, number + 1);
    }
}
