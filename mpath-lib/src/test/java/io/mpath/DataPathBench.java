package io.mpath;

import io.mpath.observe.MultipathEvent;
import io.mpath.path.PathDescription;
import io.mpath.sim.SimArray;
import io.mpath.sim.SimDisk;
import io.mpath.sim.SimPath;
import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** One simulated disk behind some ports, joined into one device, in virtual time. */
final class DataPathBench {
    static final int BLOCK = 512;
    static final long SIZE = 1 << 20;
    static final Geometry GEOMETRY =
            new Geometry(SIZE, BLOCK, BLOCK, 16 * BLOCK, 64 * BLOCK, 32 * BLOCK, BLOCK, true, false);
    static final DeviceId ID = DeviceId.named("disk");

    final SimWorld world = SimWorld.seeded(1);
    final SimArray array = SimArray.in(world);
    final List<MultipathEvent> events = new ArrayList<>();
    final Multipath registry;
    final MultipathDevice device;

    DataPathBench(int paths) {
        this(paths, DeviceSettings.defaults());
    }

    DataPathBench(int paths, DeviceSettings settings) {
        this(paths, settings, GEOMETRY, environment -> environment);
    }

    DataPathBench(int paths, DeviceSettings settings, Geometry geometry, UnaryOperator<Environment> environment) {
        registry = Multipath.builder()
                .environment(environment.apply(world.environment()))
                .settings(settings)
                .build();
        registry.listen(events::add);
        array.withDisk("disk", new PathDescription(ID, geometry));
        for (int i = 0; i < paths; i++) {
            array.withPort("p" + i);
        }
        array.offerTo(registry).forEach(world::await);
        world.runUntilIdle();
        device = paths == 0 ? null : registry.device(ID).orElseThrow();
    }

    /** Another disk behind the same ports, joined. */
    MultipathDevice another(String name) {
        array.withDisk(name, new PathDescription(DeviceId.named(name), GEOMETRY));
        for (SimPath path : array.paths()) {
            if (path.disk() == array.disk(name)) {
                world.await(registry.offer(path));
            }
        }
        world.runUntilIdle();
        return registry.device(DeviceId.named(name)).orElseThrow();
    }

    SimPath path(int number) {
        return array.path("p" + number, "disk");
    }

    SimDisk disk() {
        return array.disk("disk");
    }

    /** Submits in the callback form. */
    Ending submit(IoRequest request) {
        return submit(device, request);
    }

    Ending submit(BlockDevice to, IoRequest request) {
        Ending ending = new Ending();
        request.onComplete(ending);
        to.submit(request);
        return ending;
    }

    void runFor(Duration duration) {
        world.runFor(duration);
    }

    void runUntilIdle() {
        world.runUntilIdle();
    }

    /** {@code blocks} blocks that differ, and differ for each {@code first}. */
    static byte[] bytes(int first, int blocks) {
        byte[] bytes = new byte[blocks * BLOCK];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (first + i / BLOCK + i);
        }
        return bytes;
    }

    /** {@link #bytes} in a buffer. */
    static ByteBuffer data(int first, int blocks) {
        return ByteBuffer.wrap(bytes(first, blocks));
    }

    static ByteBuffer room(int blocks) {
        return ByteBuffer.allocate(blocks * BLOCK);
    }

    /** What a callback was told. */
    static final class Ending implements IoCallback {
        final List<IoStatus> told = new ArrayList<>();
        int releases;
        boolean inUseWhenTold;

        @Override
        public void completed(IoRequest request, IoStatus status) {
            told.add(status);
            inUseWhenTold = request.buffersInUse();
        }

        @Override
        public void buffersReleased(IoRequest request) {
            releases++;
        }

        /** How it ended; fails when it did not, or more than once. */
        IoStatus once() {
            if (told.size() != 1) {
                throw new AssertionError("told " + told + ", not once");
            }
            return Objects.requireNonNull(told.get(0));
        }

        boolean pending() {
            return told.isEmpty();
        }
    }
}
