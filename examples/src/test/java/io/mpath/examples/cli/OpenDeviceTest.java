package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.Geometry;
import io.mpath.linux.PlainCandidate;
import io.mpath.observe.PathSnapshot;
import io.mpath.path.PathDescription;
import io.mpath.sim.SimArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OpenDeviceTest {
    private static final DeviceId ID = DeviceId.named("disk");
    private static final int BLOCK = 4096;

    @TempDir
    Path directory;

    private SimArray array() {
        return SimArray.inRealTime()
                .withPort("a")
                .withPort("b")
                .withDisk("disk", new PathDescription(ID, Geometry.of(1 << 20, BLOCK)));
    }

    @Test
    void plainPathIsUsableOnceItsDeviceIsOpen() throws IOException {
        Path file = Files.write(directory.resolve("disk"), new byte[1 << 20]);

        try (OpenDevice open = OpenDevice.open(List.of(PlainCandidate.of(file, ID)), DeviceSettings.defaults())) {
            assertThat(open.snapshot().paths()).singleElement().matches(PathSnapshot::usable);
        }
    }

    @Test
    void requestsAreServedAtOnceAndWaitForNoPath() {
        try (OpenDevice open = OpenDevice.open(array().paths(), DeviceSettings.defaults())) {
            open.device().read(0, ByteBuffer.allocateDirect(BLOCK)).await();

            assertThat(open.snapshot().counters().requeues()).isZero();
        }
    }

    @Test
    void deviceWhosePathsAreAllUnusableIsOpenNevertheless() {
        SimArray array = array();
        array.path("a", "disk").notReady("asleep");
        array.path("b", "disk").notReady("asleep");

        try (OpenDevice open = OpenDevice.open(array.paths(), DeviceSettings.defaults())) {
            assertThat(open.snapshot().paths()).hasSize(2).noneMatch(PathSnapshot::usable);
        }
    }

    private OpenDevice openAsFound(SimArray array) {
        List<FoundPath> found = array.paths().stream()
                .map(path -> new FoundPath(path, List.of(), Optional.of(ID)))
                .toList();
        var newcomers = new Newcomers(ID, found, List.of(), TargetGuard.system(), Use.LOOKING);
        return OpenDevice.open(array.paths(), DeviceSettings.defaults(), newcomers);
    }

    @Test
    void ofPathsThatWereFoundThoseThatCannotBeOpenedAreLeftOut() {
        SimArray array = array();
        array.path("a", "disk").openFails("no such device");

        try (OpenDevice open = openAsFound(array)) {
            assertThat(open.snapshot().paths())
                    .singleElement()
                    .matches(path -> path.name().equals("b.disk"));
        }
    }

    @Test
    void deviceOfWhichNoPathCanBeOpenedIsRefused() {
        SimArray array = array();
        array.path("a", "disk").openFails("no such device");
        array.path("b", "disk").openFails("no such device");

        assertThatThrownBy(() -> openAsFound(array))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no such device");
    }

    @Test
    void pathThatIsNamedMustOpen() {
        SimArray array = array();
        array.path("b", "disk").openFails("no such device");

        assertThatThrownBy(() -> OpenDevice.open(array.paths(), DeviceSettings.defaults()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("no such device");
    }

    @Test
    void whatHasOnePathOnlyIsRefusedWithTheWayToDriveIt() {
        SimArray array = array();
        array.path("a", "disk").notCapable("namespace 1 is private to its controller (NMIC)");

        assertThatThrownBy(() -> OpenDevice.open(array.paths(), DeviceSettings.defaults()))
                .isInstanceOf(UsageException.class)
                .hasMessage("a.disk cannot be a path: namespace 1 is private to its controller (NMIC):"
                        + " drive it as a plain one, with --path a.disk --plain --id ID");
    }
}
