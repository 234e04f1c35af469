package io.mpath;

import static io.mpath.DataPathBench.GEOMETRY;
import static io.mpath.DataPathBench.room;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DataPathBench.Ending;
import io.mpath.path.PathControl;
import io.mpath.path.PathDescription;
import io.mpath.path.PathPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A port that returns with two paths of one device. */
class PortReturnTest {
    private final DataPathBench bench = new DataPathBench(0);
    private final List<String> steps = new ArrayList<>();

    /** Whichever of them is told first that the port is back. */
    @Test
    void neitherPathIsUsedBeforeItHasSaidAgainWhatItLeadsTo() {
        var port = new PathPort("port");
        PathControl first = join("path 0", port);
        join("path 1", port);
        MultipathDevice device = bench.registry.devices().get(0);

        first.liveness(Liveness.CONNECTING);
        bench.runUntilIdle();
        Ending read = bench.submit(device, IoRequest.create().read(0, room(1)));
        bench.runUntilIdle();
        steps.clear();
        first.liveness(Liveness.LIVE);
        bench.runUntilIdle();

        assertThat(read.once()).isEqualTo(IoStatus.SUCCESS);
        String given = steps.stream()
                .filter(step -> step.startsWith("given"))
                .findFirst()
                .orElseThrow();
        String asked = given.replace("given to", "asked");
        assertThat(steps).contains(asked);
        assertThat(steps.indexOf(asked)).isLessThan(steps.indexOf(given));
    }

    private PathControl join(String name, PathPort port) {
        var path =
                new ScriptedPath(name, port, new PathDescription(DataPathBench.ID, GEOMETRY), io -> {
                    steps.add("given to " + name);
                    io.complete(io.tag());
                    return true;
                }) {
                    @Override
                    public PathDescription describe() {
                        steps.add("asked " + name);
                        return super.describe();
                    }
                };
        bench.world.await(bench.registry.offer(path));
        bench.runUntilIdle();
        return Objects.requireNonNull(path.control);
    }
}
