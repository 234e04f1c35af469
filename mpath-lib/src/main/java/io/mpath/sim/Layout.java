package io.mpath.sim;

import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.Geometry;
import io.mpath.path.PathDescription;
import io.mpath.path.PathPort;
import io.mpath.policy.IoPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the options of a run make of its array, and of the settings of its devices. */
final class Layout {
    private final SimOptions options;
    private final SimArray array;
    private final List<SimPort> ports = new ArrayList<>();
    private final List<Unit> units = new ArrayList<>();

    Layout(SimOptions options, SimWorld world) {
        this.options = options;
        this.array = SimArray.in(world);
        SimRandom random = world.random("array");
        var timeouts = new PathPort.Timeouts(Duration.ZERO, millis(SimOption.FAST_FAIL_MS), millis(SimOption.LOSS_MS));
        for (int port = 0; port < options.get(SimOption.PORTS); port++) {
            array.withPort(new PathPort("c" + port, random.nextInt(options.count(SimOption.NODES)), timeouts));
            ports.add(array.port("c" + port));
        }
        for (int unit = 0; unit < options.get(SimOption.DEVICES); unit++) {
            units.add(unit(unit));
        }
    }

    private Unit unit(int number) {
        String name = diskName(number);
        array.withDisk(name, new PathDescription(DeviceId.named(name), geometry()));
        List<SimPath> paths = new ArrayList<>();
        for (SimPort port : ports) {
            SimPath path = array.path(port.port().name(), name);
            path.latency(Duration.ZERO, Duration.ofNanos(options.get(SimOption.LATENCY_US) * 1000))
                    .capacity(options.count(SimOption.ROOM));
            if (options.is(SimOption.ABORTS)) {
                path.abortsAfter(Duration.ofNanos(options.get(SimOption.ABORT_US) * 1000));
            }
            if (options.is(SimOption.HOLD_MS)) {
                path.hold(millis(SimOption.HOLD_MS));
            }
            paths.add(path);
        }
        return new Unit(number, array.disk(name).withPassthrough(), paths);
    }

    static String diskName(int unit) {
        return "lun" + unit;
    }

    private Geometry geometry() {
        int transfer = options.count(SimOption.TRANSFER) * Unit.BLOCK;
        return new Geometry(
                options.get(SimOption.BLOCKS) * Unit.BLOCK,
                Unit.BLOCK,
                Unit.BLOCK,
                transfer,
                2L * transfer,
                transfer,
                Run.COMPARED_BLOCKS * Unit.BLOCK,
                true,
                false,
                options.is(SimOption.FLUSH_PER_PORT));
    }

    DeviceSettings settings(IoPolicy policy) {
        return DeviceSettings.defaults()
                .withPolicy(policy)
                .withNoPath(Operator.noPath(options.get(SimOption.NO_PATH_MS)))
                .withDelayedRemoval(millis(SimOption.REMOVAL_MS))
                .withRequestTimeout(millis(SimOption.REQUEST_MS))
                .withIoTimeout(millis(SimOption.IO_MS))
                .withCloseTimeout(millis(SimOption.CLOSE_MS))
                .withCheckInterval(millis(SimOption.CHECK_MS))
                .withMaxInFlight(options.count(SimOption.IN_FLIGHT))
                .withHold(millis(SimOption.HOLD_MS))
                .withHoldAtOpen(options.is(SimOption.HOLD_AT_OPEN))
                .withUnsafeReplayOfUnknownWrites(options.is(SimOption.UNSAFE_REPLAY));
    }

    private Duration millis(SimOption option) {
        return Duration.ofMillis(options.get(option));
    }

    SimArray array() {
        return array;
    }

    List<SimPort> ports() {
        return ports;
    }

    List<Unit> units() {
        return units;
    }
}
