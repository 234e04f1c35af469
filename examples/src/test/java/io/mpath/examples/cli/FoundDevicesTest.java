package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.Geometry;
import io.mpath.examples.workload.StopSignal;
import io.mpath.path.PathDescription;
import io.mpath.sim.SimArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Devices named by what a transport finds: by identity, or by a node that it knows. */
@Timeout(60)
class FoundDevicesTest {
    private static final DeviceId WANTED = DeviceId.parse("nguid.2fcf5d2c5a1d4d6e9d4c000000000001");
    private static final DeviceId OTHER = DeviceId.parse("eui.0011223344556677");

    @TempDir
    Path directory;

    /** Two disks behind two ports, with paths {@code a.wanted}, {@code b.wanted}, {@code a.other} and {@code b.other}. */
    private final SimArray array = SimArray.inRealTime()
            .withPort("a")
            .withPort("b")
            .withDisk("wanted", new PathDescription(WANTED, Geometry.of(1 << 20, 512)))
            .withDisk("other", new PathDescription(OTHER, Geometry.of(1 << 20, 512)));

    private Path node(String name) throws IOException {
        Path node = directory.resolve(name);
        return Files.exists(node) ? node : Files.write(node, new byte[1 << 20]);
    }

    /** All paths, each with a node of its own name; the kernel tells what they lead to. */
    private Finding told() throws IOException {
        var finding = new Finding();
        for (String port : List.of("a", "b")) {
            finding.with(array.path(port, "wanted"), Optional.of(WANTED), node(port + ".wanted"), node(port + ".twin"));
            finding.with(array.path(port, "other"), Optional.of(OTHER), node(port + ".other"));
        }
        return finding;
    }

    private static CommandRun run(Finding finding, String... arguments) {
        return CommandRun.of(new StopSignal(), List.of(finding), arguments);
    }

    private static CommandRun looking(Finding finding, String... arguments) {
        CommandRun run = run(finding, arguments);
        assertThat(run.status()).as(run.err()).isZero();
        return run;
    }

    @Test
    void deviceIsFoundByItsIdentityWithAllOfItsPaths() {
        Finding finding = Finding.of(array.paths());

        CommandRun shown = looking(finding, "show", WANTED.toString(), "--json");

        assertThat(shown.out())
                .contains("\"id\":\"" + WANTED + "\"", "\"name\":\"a.wanted\"", "\"name\":\"b.wanted\"")
                .doesNotContain("other");
    }

    @Test
    void onlyThePathsOfTheDeviceAreOpenedWhereTheKernelTells() throws IOException {
        Finding finding = told();

        looking(finding, "show", WANTED.toString());

        assertThat(finding.opened()).containsExactlyInAnyOrder("a.wanted", "b.wanted");
    }

    @Test
    void whatIsOnlyAskedWhoItIsIsNotOpenedToWrite() {
        Finding finding = Finding.of(array.paths());

        looking(finding, "io", WANTED.toString(), "--rw", "randwrite", "--count", "8");

        assertThat(finding.opened())
                .contains("a.other", "a.wanted to write", "b.wanted to write")
                .doesNotContain("a.other to write", "b.other to write");
    }

    @Test
    void identityThatIsNotThereIsToldWithThoseThatAre() {
        CommandRun run = run(Finding.of(array.paths()), "io", "naa.6001405f00000000");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .startsWith(
                        "mpath io: there is no device naa.6001405f00000000 among those that 'mpath list' shows, found are "
                                + OTHER + ", " + WANTED + ": ")
                .hasLineCount(1);
    }

    @Test
    void nodeThatATransportKnowsNeedsNoIdentity() throws IOException {
        CommandRun run = looking(
                told(),
                "show",
                "--path",
                node("a.wanted").toString(),
                "--path",
                node("b.twin").toString(),
                "--json");

        assertThat(run.out()).contains("\"id\":\"" + WANTED + "\"", "\"name\":\"a.wanted\"", "\"name\":\"b.wanted\"");
    }

    @Test
    void linkToANodeIsTheNode() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("by-id"), node("a.wanted"));

        assertThat(looking(told(), "show", "--path", link.toString()).out()).contains("a.wanted");
    }

    @Test
    void identityThatIsStatedMustBeTheDevices() throws IOException {
        String node = node("a.wanted").toString();

        assertThat(looking(told(), "show", "--path", node, "--id", WANTED.toString())
                        .out())
                .contains(WANTED.toString());
        CommandRun run = run(told(), "show", "--path", node, "--id", OTHER.toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(WANTED.toString(), OTHER.toString()).hasLineCount(1);
    }

    @Test
    void plainPathsAreThoseThatTheUserForces() throws IOException {
        Finding finding = told();
        String node = node("a.wanted").toString();

        CommandRun run = looking(finding, "show", "--plain", "--path", node, "--id", "disk", "--json");

        assertThat(run.out()).contains("\"id\":\"name.disk\"", "\"name\":\"" + node + "\"");
        assertThat(finding.opened()).isEmpty();
        assertThat(run(finding, "show", "--plain", "--path", node).err()).contains("add --id ID");
    }

    @Test
    void pathsOfTwoDevicesAreNotOne() throws IOException {
        CommandRun run = run(
                told(),
                "show",
                "--path",
                node("a.wanted").toString(),
                "--path",
                node("a.other").toString());

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("a.other leads to " + OTHER, WANTED.toString(), "leave it out");
    }

    /** Whoever names one path means the device: another path of it may be the one that is mounted. */
    @Test
    void nodesOfAllPathsAreLookedAtBeforeWriting() throws IOException {
        Finding finding = told();
        for (Path used : List.of(node("a.wanted"), node("a.twin"), node("b.wanted"), node("b.twin"))) {
            var guard = new TargetGuard(
                    node -> TargetGuard.Kind.FILE,
                    node -> node.equals(used) ? Optional.of("it is used as swap") : Optional.empty());

            assertThat(refusal(guard, finding, "--path", node("a.wanted").toString()))
                    .contains(used + ": it is used as swap");
            assertThat(refusal(guard, finding, WANTED.toString())).contains(used + ": it is used as swap");
        }
        assertThat(finding.opened()).isEmpty();
    }

    @Test
    void nodesOfOtherDevicesAreNobodysBusiness() throws IOException {
        Path other = node("a.other");
        var guard = new TargetGuard(
                node -> TargetGuard.Kind.FILE,
                node -> node.equals(other) ? Optional.of("it is used as swap") : Optional.empty());

        assertThat(refusal(guard, told(), "--path", node("a.wanted").toString()))
                .isEmpty();
    }

    private static String refusal(TargetGuard guard, Finding finding, String... arguments) {
        var device = CommandLine.populateCommand(new DeviceArguments(), arguments);
        try {
            device.open(List.of(finding), guard, new Use(true, true, 512, 1), DeviceSettings.defaults())
                    .close();
            return "";
        } catch (UsageException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void deviceTakesNoOptionsOfPaths() {
        assertThat(Stream.of("--plain", "--id=x")
                        .map(option -> run(Finding.of(List.of()), "show", "naa.6001405f00000000", option)
                                .err()))
                .allMatch(error -> error.contains("leave them out"));
    }
}
