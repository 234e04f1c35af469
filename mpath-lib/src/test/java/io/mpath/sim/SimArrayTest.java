package io.mpath.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.path.PathControl.AccessChange;
import io.mpath.path.PathDescription;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimArrayTest {
    private final SimWorld world = SimWorld.seeded(1);
    private final RecordingControl control = new RecordingControl(world.environment());
    private final SimArray array = SimArray.in(world)
            .withPort("c0")
            .withDisk("red", description("red"))
            .withPort("c1")
            .withDisk("blue", description("blue"));

    private static PathDescription description(String name) {
        return new PathDescription(DeviceId.named(name), Geometry.of(1 << 20, 512));
    }

    @Test
    void everyPortLeadsToEveryDisk() {
        assertThat(array.paths()).extracting(SimPath::name).containsExactly("c0.red", "c1.red", "c0.blue", "c1.blue");
        assertThat(array.path("c1", "red").disk()).isSameAs(array.disk("red"));
        assertThat(array.path("c1", "red").port()).isSameAs(array.port("c1"));
    }

    @Test
    void groupMovesInOneReport() {
        array.paths().forEach(path -> path.open().attach(control));
        array.accessState("c0", List.of("red"), AccessState.NON_OPTIMIZED);
        array.accessState("c1", AccessState.UNAVAILABLE);

        assertThat(control.bulkChanges()).hasSize(2);
        assertThat(control.bulkChanges().get(0))
                .extracting(change -> change.path().name(), AccessChange::state)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("c0.red", AccessState.NON_OPTIMIZED));
        assertThat(control.bulkChanges().get(1))
                .extracting(change -> change.path().name())
                .containsExactly("c1.red", "c1.blue");
        assertThat(array.path("c0", "blue").accessState()).isEqualTo(AccessState.OPTIMIZED);
    }

    @Test
    void stateMovedBeforeAPathIsAttachedIsWhatItStartsWith() {
        array.accessState("c0", AccessState.STANDBY);

        assertThat(control.bulkChanges()).isEmpty();
        assertThat(array.path("c0", "blue").accessState()).isEqualTo(AccessState.STANDBY);
    }

    @Test
    void unknownAndDoubleNamesAreRefused() {
        assertThatThrownBy(() -> array.port("c9")).hasMessageContaining("c9").hasMessageContaining("c0");
        assertThatThrownBy(() -> array.withPort("c0")).hasMessageContaining("already");
    }
}
