package io.mpath.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceSnapshotTest {
    @Test
    void sumsAreThoseOfThePathsItHas() {
        DeviceSnapshot device = Snapshots.device(
                Snapshots.ID,
                List.of(Snapshots.selected("a"), Snapshots.unusable("b", "lost"), Snapshots.selected("c")));

        assertThat(device.requests()).isEqualTo(4000);
        assertThat(device.bytes()).isEqualTo(16_384_000);
        assertThat(device.errors()).isEqualTo(36);
        assertThat(device.retries()).isEqualTo(42);
    }

    @Test
    void deviceWithoutPathsHasSumsOfZero() {
        DeviceSnapshot device = Snapshots.device(Snapshots.ID, List.of());

        assertThat(List.of(device.requests(), device.bytes(), device.errors(), device.retries()))
                .containsOnly(0L);
    }
}
