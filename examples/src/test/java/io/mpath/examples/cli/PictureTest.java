package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.DeviceState;
import io.mpath.Geometry;
import io.mpath.Liveness;
import io.mpath.NoPathPolicy;
import io.mpath.observe.DeviceCounters;
import io.mpath.observe.DeviceSnapshot;
import io.mpath.observe.MultipathEvent;
import io.mpath.observe.PathCounters;
import io.mpath.observe.PathSnapshot;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PictureTest {
    private static final long SECOND = 1_000_000_000L;

    private final Picture picture = new Picture(PathTraffic.ofThisProcess(), 0);

    private static PathSnapshot path(String name, boolean usable, long requests) {
        return new PathSnapshot(
                name,
                "port",
                -1,
                usable ? AccessState.OPTIMIZED : AccessState.UNAVAILABLE,
                Liveness.LIVE,
                false,
                usable,
                "",
                "",
                usable,
                0,
                new PathCounters(requests, 0, 0, 0, 0, 0, 0, 0));
    }

    private static DeviceSnapshot device(PathSnapshot... paths) {
        return new DeviceSnapshot(
                DeviceId.named("disk"),
                DeviceState.LIVE,
                Geometry.of(1 << 20, 512),
                "round-robin",
                NoPathPolicy.fail(),
                Duration.ZERO,
                0,
                0,
                List.of(),
                List.of(paths),
                new DeviceCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void ratesAreThoseSinceThePictureBefore() {
        picture.draw(device(path("a", true, 1000), path("b", true, 0)), List.of(), SECOND);

        List<String> lines = picture.draw(device(path("a", true, 1200), path("b", true, 100)), List.of(), 3 * SECOND);

        assertThat(lines.get(0)).contains("3.00 s", "name.disk", "round-robin", "150 IOPS");
        assertThat(lines.get(1)).contains("● a", "█".repeat(24), " 100 IOPS");
        assertThat(lines.get(2)).contains("● b", "█".repeat(12) + "·".repeat(12), " 50 IOPS");
    }

    @Test
    void unusablePathIsTold() {
        assertThat(picture.draw(device(path("a", false, 0)), List.of(), SECOND).get(1))
                .contains("○ a", "unavailable", "live", "·".repeat(24));
    }

    /** What is drawn over must not change its height. */
    @Test
    void heightDoesNotDependOnWhatHappened() {
        var events = List.of(new EventLog.Entry(12, new MultipathEvent.PathAdded(12, DeviceId.named("disk"), "a")));
        DeviceSnapshot device = device(path("a", true, 0));

        List<String> lines = picture.draw(device, events, SECOND);

        assertThat(lines).contains("   0.01 s  name.disk: path a added");
        assertThat(picture.draw(device, List.of(), SECOND)).hasSameSizeAs(lines);
    }
}
