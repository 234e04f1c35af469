package io.mpath.internal.device;

import io.mpath.AccessState;
import io.mpath.Admission;
import io.mpath.BlockDevice;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.Environment;
import io.mpath.Geometry;
import io.mpath.IoRequest;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.NoPathPolicy;
import io.mpath.Offer;
import io.mpath.observe.MultipathEvent;
import io.mpath.observe.PathSnapshot;
import io.mpath.path.PathDescription;
import io.mpath.path.PathPort;
import io.mpath.sim.SimArray;
import io.mpath.sim.SimDisk;
import io.mpath.sim.SimPath;
import io.mpath.sim.SimPort;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;

/** A registry in a world of its own, and an array whose disk {@code d} is reached through the named ports. */
final class Scene {
    static final int BLOCK = 512;
    static final int LIMIT = 64 * BLOCK;
    static final long SIZE = 4096 * BLOCK;
    static final Geometry GEOMETRY = new Geometry(SIZE, BLOCK, BLOCK, LIMIT, LIMIT, LIMIT, LIMIT, false, false);

    final SimWorld world;
    final SimArray array;
    final Multipath registry;
    final List<MultipathEvent> events = new ArrayList<>();
    private final List<Told> ended = new ArrayList<>();
    private final BiConsumer<BlockDevice, IoRequest> submit;
    private final Runnable poll;

    private Scene(
            SimWorld world,
            Environment environment,
            Admission admission,
            DeviceSettings settings,
            BiConsumer<BlockDevice, IoRequest> submit,
            Runnable poll) {
        this.world = world;
        this.submit = submit;
        this.poll = poll;
        this.array = SimArray.in(world).withDisk("d", description("d"));
        this.registry = Multipath.builder()
                .admission(admission)
                .settings(settings)
                .environment(environment)
                .build();
        registry.listen(events::add);
    }

    /** An array without ports yet. */
    static Scene of(SimWorld world, Admission admission, DeviceSettings settings) {
        return via(Via.SHARED_DOOR, world, admission, settings);
    }

    /** {@link #of}, with requests that go in by {@code door}. */
    static Scene via(Via door, SimWorld world, Admission admission, DeviceSettings settings) {
        return switch (door) {
            case SHARED_DOOR ->
                new Scene(world, world.environment(), admission, settings, BlockDevice::submit, () -> {});
            case CHANNEL -> {
                var channels = new PolledChannels(world, settings.maxInFlight());
                yield new Scene(
                        world, channels.environment(), admission, settings, channels::submit, channels::pollSoon);
            }
        };
    }

    /** A device with a path through each port, all of them usable. */
    static Scene with(DeviceSettings settings, String... ports) {
        return in(SimWorld.seeded(1), settings, ports);
    }

    /** {@link #with} default settings. */
    static Scene with(String... ports) {
        return with(DeviceSettings.defaults(), ports);
    }

    /** {@link #with} in a given world. */
    static Scene in(SimWorld world, DeviceSettings settings, String... ports) {
        return Via.SHARED_DOOR.in(world, settings, ports);
    }

    /** With a path through each of these ports, all of them usable. */
    Scene joined(String... ports) {
        for (String port : ports) {
            join(new PathPort(port));
        }
        return this;
    }

    static DeviceSettings waiting(NoPathPolicy policy) {
        return DeviceSettings.defaults().withNoPath(policy);
    }

    static PathDescription description(String disk) {
        return new PathDescription(DeviceId.named(disk), Map.of("serial", "s-" + disk), GEOMETRY);
    }

    /** Adds a port, and the path through it to the device. */
    SimPath join(PathPort port) {
        array.withPort(port);
        world.await(registry.offer(path(port.name())));
        world.runUntilIdle();
        return path(port.name());
    }

    CompletableFuture<Offer> offer(String port) {
        return registry.offer(path(port));
    }

    SimPath path(String port) {
        return array.path(port, "d");
    }

    SimPort port(String port) {
        return array.port(port);
    }

    SimDisk disk() {
        return array.disk("d");
    }

    MultipathDevice device() {
        return registry.device(DeviceId.named("d")).orElseThrow();
    }

    PathSnapshot seen(String port) {
        return seen(device(), port);
    }

    static PathSnapshot seen(MultipathDevice device, String port) {
        return device.snapshot().paths().stream()
                .filter(path -> path.name().equals(port + ".d"))
                .findFirst()
                .orElseThrow();
    }

    /** The port's count of requests in flight, which the queue-depth policy goes by. */
    static int inFlight(MultipathDevice device, String port) {
        return record(device, port).port().inFlight();
    }

    static PathRecord record(MultipathDevice device, String port) {
        return ((DeviceHead) device)
                .control().records().stream()
                        .filter(path -> path.name().equals(port + ".d"))
                        .findFirst()
                        .orElseThrow();
    }

    /** Moves the path through {@code port} to another access state, and lets the device learn of it. */
    void becomes(String port, AccessState state) {
        path(port).accessState(state);
        idle();
    }

    /** A request to be set up and submitted, whose end is noted. */
    Told request() {
        return new Told(world, ended, submit);
    }

    Told read(long block) {
        return request().read(block, 1).submit(device());
    }

    Told write(long block, int value) {
        return request().write(block, 1, value).submit(device());
    }

    /** Requests in the order in which their ends were told. */
    List<Told> ended() {
        return ended;
    }

    void idle() {
        // What a poll ends may have its next attempt, or its parts, ended by the next one.
        for (int i = 0; i < 3; i++) {
            poll.run();
            world.runUntilIdle();
        }
    }

    void pass(Duration time) {
        poll.run();
        world.runFor(time);
        poll.run();
        world.runFor(Duration.ZERO);
    }

    void passMillis(long millis) {
        pass(Duration.ofMillis(millis));
    }

    <T> T await(CompletableFuture<T> future) {
        return world.await(future);
    }

    /** What {@code future} fails with, once it does. */
    Throwable failureOf(CompletableFuture<?> future) {
        try {
            world.await(future);
        } catch (CompletionException e) {
            return e.getCause();
        }
        throw new AssertionError("it did not fail");
    }

    <E extends MultipathEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
