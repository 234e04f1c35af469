package io.mpath.observe;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.DeviceState;
import io.mpath.Geometry;
import io.mpath.Liveness;
import io.mpath.Multipath.LeftOutPath;
import io.mpath.NoPathPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Snapshots built by hand, every number in them different, so that a test notices two that are exchanged. */
final class Snapshots {
    static final DeviceId ID = DeviceId.parse("naa.600140512345678900000000000000ab");

    private Snapshots() {}

    static Topology topology() {
        return new Topology(
                List.of(device(ID, List.of(selected("/dev/sda"), unusable("/dev/sdb", "access state standby")))),
                List.of(new LeftOutPath("/dev/vda", "no device identifier")));
    }

    static Topology empty() {
        return new Topology(List.of(), List.of());
    }

    static DeviceSnapshot device(DeviceId id, List<PathSnapshot> paths) {
        return new DeviceSnapshot(
                id,
                paths.isEmpty() ? DeviceState.REMOVING : DeviceState.LIVE,
                Geometry.of(3L << 29, 4096),
                "round-robin",
                NoPathPolicy.queueFor(Duration.ofSeconds(60)),
                Duration.ofMillis(2500),
                7,
                1,
                List.of(
                        new UnfencedRange(4096, 512, "/dev/sda", true, Optional.of(Duration.ofMillis(2500))),
                        new UnfencedRange(8192, 512, "/dev/sdb", false, Optional.empty())),
                paths,
                new DeviceCounters(21, 22, 23, 24, 25, 28, 29, 30, 26, 27, 43));
    }

    static DeviceSnapshot with(DeviceSnapshot device, Geometry geometry) {
        return with(device, geometry, device.unfenced());
    }

    static DeviceSnapshot with(DeviceSnapshot device, List<UnfencedRange> unfenced) {
        return with(device, device.geometry(), unfenced);
    }

    private static DeviceSnapshot with(DeviceSnapshot device, Geometry geometry, List<UnfencedRange> unfenced) {
        return new DeviceSnapshot(
                device.id(),
                device.state(),
                geometry,
                device.policy(),
                device.noPath(),
                device.delayedRemoval(),
                device.waiting(),
                device.held(),
                unfenced,
                device.paths(),
                device.counters());
    }

    static PathSnapshot selected(String name) {
        return new PathSnapshot(
                name,
                "host0",
                1,
                AccessState.OPTIMIZED,
                Liveness.LIVE,
                true,
                true,
                "",
                "slow",
                true,
                3,
                new PathCounters(1000, 4096000, 11, 12, 13, 31, 32, 41));
    }

    static PathSnapshot unusable(String name, String reason) {
        return new PathSnapshot(
                name,
                "host1",
                -1,
                AccessState.STANDBY,
                Liveness.LIVE,
                false,
                false,
                reason,
                "",
                false,
                0,
                new PathCounters(2000, 8192000, 14, 15, 16, 33, 34, 42));
    }
}
