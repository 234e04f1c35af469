package io.mpath;

import static io.mpath.DataPathBench.GEOMETRY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.observe.MultipathEvent;
import io.mpath.observe.PathSnapshot;
import io.mpath.path.PathControl;
import io.mpath.path.PathControl.AccessChange;
import io.mpath.path.PathDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Access states of many paths that one report changes: what a device makes of it, and that nothing old is taken for new. */
class BulkChangeTest {
    private final DataPathBench bench = new DataPathBench(0);
    private final List<ScriptedPath> paths = new ArrayList<>();

    @BeforeEach
    void join() {
        for (int i = 0; i < 4; i++) {
            var path = new ScriptedPath("path " + i, new PathDescription(DataPathBench.ID, GEOMETRY), io -> true);
            bench.world.await(bench.registry.offer(path));
            paths.add(path);
        }
        bench.runUntilIdle();
    }

    @Test
    void severalPathsOfOneDeviceChangeAtOnce() {
        control()
                .accessStates(List.of(
                        new AccessChange(paths.get(0), AccessState.UNAVAILABLE, false),
                        new AccessChange(paths.get(1), AccessState.NON_OPTIMIZED, false),
                        new AccessChange(paths.get(3), AccessState.STANDBY, false)));
        bench.runUntilIdle();

        assertThat(snapshots())
                .extracting(PathSnapshot::accessState)
                .containsExactly(
                        AccessState.UNAVAILABLE, AccessState.NON_OPTIMIZED, AccessState.OPTIMIZED, AccessState.STANDBY);
        assertThat(snapshots()).extracting(PathSnapshot::usable).containsExactly(false, true, true, false);
        assertThat(snapshots()).extracting(PathSnapshot::selected).containsExactly(false, false, true, false);
    }

    @Test
    void preferenceOfOneIsThatOfOne() {
        control().accessStates(List.of(new AccessChange(paths.get(2), AccessState.OPTIMIZED, true)));
        bench.runUntilIdle();
        assertThat(snapshots()).extracting(PathSnapshot::preferred).containsExactly(false, false, true, false);

        control().accessStates(List.of(new AccessChange(paths.get(1), AccessState.STANDBY, false)));
        bench.runUntilIdle();
        assertThat(snapshots()).extracting(PathSnapshot::preferred).containsExactly(false, false, true, false);
    }

    /** What else happened to another one just before it, and behind it, is not overlooked. */
    @Test
    void changesOfAnotherKindAroundItAreSeenAsWell() {
        Objects.requireNonNull(paths.get(0).control).notReady("away");
        control().accessStates(List.of(new AccessChange(paths.get(1), AccessState.STANDBY, false)));
        Objects.requireNonNull(paths.get(3).control).notReady("gone for lunch");
        bench.runUntilIdle();

        assertThat(snapshots())
                .extracting(PathSnapshot::reason)
                .containsExactly("away", "access state standby", "", "gone for lunch");
    }

    @Test
    void eachPathThatBecameUselessIsToldOnce() {
        List<String> told = new ArrayList<>();
        bench.registry.listen(event -> {
            if (event instanceof MultipathEvent.PathUsable usable) {
                told.add(usable.path() + ' ' + usable.usable());
            }
        });
        control()
                .accessStates(List.of(
                        new AccessChange(paths.get(0), AccessState.UNAVAILABLE, false),
                        new AccessChange(paths.get(2), AccessState.UNAVAILABLE, false)));
        control().accessStates(List.of(new AccessChange(paths.get(2), AccessState.OPTIMIZED, false)));
        bench.runUntilIdle();

        assertThat(told).containsExactly("path 0 false", "path 2 false", "path 2 true");
    }

    private PathControl control() {
        return Objects.requireNonNull(paths.get(0).control);
    }

    private List<PathSnapshot> snapshots() {
        return Objects.requireNonNull(bench.registry.devices().get(0))
                .snapshot()
                .paths();
    }
}
