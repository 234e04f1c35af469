package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.examples.workload.StopSignal;
import io.mpath.path.PathDescription;
import io.mpath.reservation.conformance.ConformanceScenario;
import io.mpath.reservation.conformance.ConformanceSuite;
import io.mpath.reservation.conformance.KnownDefect;
import io.mpath.sim.SimArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mpath reserve conformance}, of an emulated array that two hosts reach: one through two paths, one through a third. */
@Timeout(120)
class ConformanceCommandTest {
    private static final DeviceId ID = DeviceId.parse("naa.6001405f00000001");
    private static final DeviceId OTHER_ID = DeviceId.parse("naa.6001405f00000002");
    private static final PathDescription DISK = new PathDescription(ID, Geometry.of(1 << 20, 512));

    private final SimArray array = SimArray.inRealTime()
            .withPort("a")
            .withPort("b")
            .withPort("c")
            .withDisk("disk", DISK)
            .withDisk("another", new PathDescription(OTHER_ID, Geometry.of(1 << 20, 512)));
    private final Finding finding = new Finding();

    @TempDir
    private Path directory;

    @BeforeEach
    void connect() throws IOException {
        array.path("c", "disk").host("remote");
        for (String name : List.of("a.disk", "b.disk", "c.disk", "c.another")) {
            String[] ends = name.split("\\.", -1);
            finding.with(
                    array.path(ends[0], ends[1]),
                    Optional.of(ends[1].equals("disk") ? ID : OTHER_ID),
                    Files.createFile(node(name)));
        }
    }

    private Path node(String path) {
        return directory.resolve(path);
    }

    private CommandRun conformance(String... more) {
        List<String> arguments = new ArrayList<>(List.of("reserve", "conformance"));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(new StopSignal(), List.of(finding), arguments.toArray(String[]::new));
    }

    private CommandRun ofTheDevice(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of(ID.toString(), "--other", node("c.disk").toString()));
        arguments.addAll(Arrays.asList(more));
        return conformance(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deviceThatKeepsTheRulesPasses(boolean perNexus) {
        array.disk("disk").reservations().perNexus(perNexus);

        CommandRun run = ofTheDevice("--destroy-reservations");

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).as(run.out()).isZero();
        assertThat(run.out())
                .startsWith("RESULT")
                .contains("CLAUSE")
                .contains(perNexus ? "SPC-6" : "NVMe Base")
                .contains("pass           register.")
                .doesNotContain("FAIL", "NOT RUN", "TIMED OUT")
                .hasLineCount(1 + ConformanceSuite.scenarios().size() + notSupported(run.out()) + 1);
    }

    /** Each has its reason in a line of its own. */
    private static int notSupported(String table) {
        return (int)
                table.lines().filter(line -> line.startsWith("not supported")).count();
    }

    @Test
    void programsGetOneDocument() {
        CommandRun run = ofTheDevice("--destroy-reservations", "--json");

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .startsWith("{\"target\":\"" + ID
                        + "\",\"knows\":\"nexuses\",\"passed\":true,\"stopped\":null,\"results\":[")
                .contains("\"result\":\"pass\"", "\"clause\":\"SPC-6")
                .hasLineCount(1);
    }

    @Test
    void deviceIsNamedByItsPathsToo() {
        CommandRun run = conformance(
                "--path", node("a.disk").toString(), "--other", node("c.disk").toString(), "--destroy-reservations");

        assertThat(run.status()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("it needs a second nexus of one host");
    }

    @Test
    void deviceMayStandBeforeTheAction() {
        CommandRun run = CommandRun.of(
                new StopSignal(),
                List.of(finding),
                "reserve",
                ID.toString(),
                "conformance",
                "--other",
                node("c.disk").toString(),
                "--destroy-reservations");

        assertThat(run.status()).as(run.out() + run.err()).isZero();
    }

    /** What knows hosts, and is told that both are the same one, keeps none of them from anything. */
    @Test
    void deviceThatBreaksTheRulesFails() {
        array.disk("disk").reservations().perNexus(false);
        array.path("c", "disk").host("host");

        CommandRun run = ofTheDevice("--destroy-reservations");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.out()).containsPattern("FAIL +access\\.").contains("step ");
    }

    @Test
    void defectThatIsListedAndIsNotThereIsAFailure() {
        CommandRun run = ofTheDevice("--destroy-reservations", "--known-defects", "lio");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(KnownTarget.LIO.defects())
                .isNotEmpty()
                .allSatisfy(defect -> assertThat(run.out())
                        .containsPattern("FAIL +" + Pattern.quote(defect.scenario()) + " ")
                        .contains("listed, but passes: " + defect.reason()));
    }

    @Test
    void abortIsLeftOutWhereItIsNotToBeTried() {
        CommandRun run = ofTheDevice("--destroy-reservations", "--no-abort");

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .containsPattern("not supported +abort\\.holder")
                .contains("PREEMPT AND ABORT is not to be tried on this target");
    }

    @Test
    void nothingIsRemovedUnlessItIsAskedFor() {
        CommandRun.of(new StopSignal(), List.of(finding), "reserve", ID.toString(), "register", "--key", "0xa");
        int opened = finding.opened().size();

        CommandRun run = ofTheDevice();

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("add --destroy-reservations").hasLineCount(1);
        assertThat(finding.opened()).hasSize(opened);
    }

    @Test
    void oneHostAloneShowsNothing() {
        CommandRun run = conformance(ID.toString(), "--destroy-reservations");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("--other NODE").hasLineCount(1);
        assertThat(finding.opened()).isEmpty();
    }

    @Test
    void otherHostsPathHasToLeadToTheSameDevice() {
        CommandRun run = conformance(
                "--path",
                node("a.disk").toString(),
                "--other",
                node("c.another").toString(),
                "--destroy-reservations");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err())
                .contains("c.another leads to " + OTHER_ID)
                .contains("a.disk to " + ID)
                .hasLineCount(1);
    }

    @Test
    void otherHostsPathIsNoneOfThisHosts() {
        CommandRun run = conformance(
                "--path", node("c.disk").toString(), "--other", node("c.disk").toString(), "--destroy-reservations");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("there is no path of this host besides").hasLineCount(1);
    }

    @Test
    void fileHasNoReservations() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[1 << 16]);

        CommandRun run = conformance("--path", file.toString(), "--other", file.toString(), "--destroy-reservations");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("has no reservations").hasLineCount(1);
    }

    @Test
    void itsOptionsAreNobodyElses() {
        CommandRun run = CommandRun.of(
                new StopSignal(),
                List.of(finding),
                "reserve",
                ID.toString(),
                "clear",
                "--key",
                "0xa",
                "--destroy-reservations");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("are about conformance").hasLineCount(1);
    }

    @ParameterizedTest
    @EnumSource(KnownTarget.class)
    void knownDefectsAreOfScenariosThatThereAre(KnownTarget target) {
        assertThat(target.defects().stream().map(KnownDefect::scenario))
                .doesNotHaveDuplicates()
                .isSubsetOf(ConformanceSuite.scenarios().stream()
                        .map(ConformanceScenario::id)
                        .toList());
    }
}
