package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.Geometry;
import io.mpath.observe.PathSnapshot;
import io.mpath.path.PathDescription;
import io.mpath.sim.SimArray;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Paths that are found while a device is open. */
@Timeout(60)
class NewcomersTest {
    private static final DeviceId WANTED = DeviceId.named("wanted");
    private static final DeviceId OTHER = DeviceId.named("other");

    private final SimArray array = SimArray.inRealTime()
            .withPort("a")
            .withPort("b")
            .withDisk("wanted", new PathDescription(WANTED, Geometry.of(1 << 20, 512)))
            .withDisk("other", new PathDescription(OTHER, Geometry.of(1 << 20, 512)));
    private final Finding finding = new Finding().with(array.path("a", "wanted"), Optional.of(WANTED));

    /** Opens the device by what is found now; then the rest is found. */
    private List<String> pathsWith(TargetGuard guard, Runnable more) {
        var use = new Use(true, true, 512, 1);
        List<FoundPath> first = finding.find(use);
        more.run();
        var newcomers = new Newcomers(WANTED, first, List.of(finding), guard, use);
        try (OpenDevice open = OpenDevice.open(
                first.stream().map(FoundPath::candidate).toList(), DeviceSettings.defaults(), newcomers)) {
            return open.snapshot().paths().stream().map(PathSnapshot::name).toList();
        }
    }

    private static TargetGuard guard(String used) {
        return new TargetGuard(
                node -> TargetGuard.Kind.BLOCK_DEVICE,
                node -> node.equals(Path.of(used)) ? Optional.of("it is mounted") : Optional.empty());
    }

    @Test
    void pathThatComesJoins() {
        assertThat(pathsWith(guard("none"), () -> finding.with(array.path("b", "wanted"), Optional.of(WANTED))))
                .containsExactly("a.wanted", "b.wanted");
    }

    @Test
    void whatLeadsElsewhereOrNobodyKnowsWhereIsNotOpened() {
        pathsWith(
                guard("none"),
                () -> finding.with(array.path("b", "other"), Optional.of(OTHER))
                        .with(array.path("b", "wanted"), Optional.empty()));

        assertThat(finding.opened()).containsExactly("a.wanted to write");
    }

    /** What was {@code /dev/nvme0n1} can be another namespace when its controller has come back. */
    @Test
    void nodeOfTheBeginningThatLeadsElsewhereByNowIsNotOpened() {
        var newcomers = new Newcomers(WANTED, finding.find(Use.LOOKING), List.of(finding), guard("none"), Use.LOOKING);
        assertThat(newcomers.admits(array.path("a", "wanted"))).isTrue();

        finding.with(array.path("a", "wanted"), Optional.of(OTHER));

        assertThat(newcomers.admits(array.path("a", "wanted"))).isFalse();
    }

    @Test
    void pathThatIsInUseIsNotOpened() {
        pathsWith(guard("b.wanted"), () -> finding.with(array.path("b", "wanted"), Optional.of(WANTED)));

        assertThat(finding.opened()).containsExactly("a.wanted to write");
    }
}
