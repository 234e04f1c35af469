package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
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

/** {@code mpath reserve}: each run is a process of its own, and goes on where the one before it ended. */
@Timeout(120)
class ReserveCommandTest {
    private static final DeviceId ID = DeviceId.parse("naa.6001405f00000001");

    private final SimArray array = SimArray.inRealTime()
            .withPort("a")
            .withPort("b")
            .withDisk("disk", new PathDescription(ID, Geometry.of(1 << 20, 512)));
    private final Finding finding =
            new Finding().with(array.path("a", "disk"), Optional.of(ID)).with(array.path("b", "disk"), Optional.of(ID));

    @TempDir
    Path directory;

    private CommandRun reserve(String... arguments) {
        return reserve(finding, arguments);
    }

    private static CommandRun reserve(Finding finding, String... arguments) {
        return CommandRun.of(
                new StopSignal(),
                List.of(finding),
                Stream.concat(Stream.of("reserve", ID.toString()), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private void done(String... arguments) {
        CommandRun run = reserve(arguments);
        assertThat(run.status()).as(run.out() + run.err()).isZero();
    }

    @Test
    void laterRunTakesUpWhatAnEarlierOneRegistered() {
        done("register", "--key", "0xa");
        done("reserve", "--key", "0xa", "--type", "write-exclusive-registrants-only");
        assertThat(reserve("report").out())
                .contains("write-exclusive-registrants-only, held by 0xa\n")
                .contains("registered 0xa");

        done("release", "--key", "0xa", "--type", "write-exclusive-registrants-only");
        assertThat(reserve("report").out()).contains("not reserved\n").contains("registered 0xa");

        done("register", "--key", "0xa", "--new-key", "0xb");
        assertThat(reserve("report").out()).contains("registered 0xb").doesNotContain("0xa");

        done("register", "--key", "0xb", "--new-key", "0");
        assertThat(reserve("report").out()).doesNotContain("registered");
    }

    @Test
    void keyThatIsNotRegisteredReservesNothing() {
        done("register", "--key", "0xa");

        CommandRun run = reserve("reserve", "--key", "0xb", "--type", "write-exclusive", "--json");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.out()).contains("\"outcome\":\"conflict\"").hasLineCount(1);
        assertThat(reserve("report", "--json").out()).contains("\"reservation\":null");
    }

    @Test
    void anotherTypeThanTheReservedOneIsNotReleased() {
        done("register", "--key", "0xa");
        done("reserve", "--key", "0xa", "--type", "write-exclusive");

        CommandRun run = reserve("release", "--key", "0xa", "--type", "exclusive-access");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.out()).contains("write-exclusive is reserved, not exclusive-access");
    }

    @Test
    void laterRunLeavesPersistenceAsItIsUnlessItRegisters() {
        Finding onePath = new Finding().with(array.path("a", "disk"), Optional.of(ID));
        assertThat(reserve(onePath, "register", "--key", "0xa", "--aptpl").status())
                .isZero();
        done("reserve", "--key", "0xa", "--type", "write-exclusive");
        assertThat(reserve("report").out()).contains("outlives a loss of power");

        done("register", "--key", "0xa", "--new-key", "0xb");
        assertThat(reserve("report").out()).doesNotContain("outlives");
    }

    private CommandRun io(String... arguments) {
        return CommandRun.of(
                new StopSignal(),
                List.of(finding),
                Stream.concat(Stream.of("io", ID.toString(), "--count", "10"), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    @Test
    void workloadRegistersAndReservesAndLeavesThat() {
        CommandRun first = io("--key", "0xa", "--reserve", "exclusive-access-registrants-only");
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(reserve("report").out())
                .contains("exclusive-access-registrants-only, held by 0xa\n")
                .contains("registered 0xa");

        assertThat(io("--key", "0xa").status()).isZero();
        assertThat(reserve("report").out()).contains("held by 0xa\n");
    }

    @Test
    void workloadThatCannotRegisterDoesNothing() {
        done("register", "--key", "0xa");

        CommandRun run = io("--key", "0xb");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("mpath io: register 0xb: ").hasLineCount(1);
    }

    @Test
    void nodesAreOpenedForCommandsThatChangeOnlyWhereSomethingIsChanged() {
        reserve("report");
        assertThat(finding.opened()).containsExactly("a.disk", "b.disk");

        done("register", "--key", "0xa");
        assertThat(finding.opened()).endsWith("a.disk to reserve", "b.disk to reserve");

        assertThat(io("--key", "0xa").status()).isZero();
        assertThat(finding.opened()).endsWith("a.disk to reserve", "b.disk to reserve");
    }

    @Test
    void filesHaveNoReservations() throws IOException {
        String file = Files.write(directory.resolve("disk"), new byte[1 << 20]).toString();

        CommandRun change = CommandRun.of("reserve", "register", "--key", "0xa", "--path", file, "--id", "x");
        CommandRun report = CommandRun.of("reserve", "report", "--path", file, "--id", "x");

        assertThat(change.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(report.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(report.err()).startsWith("mpath reserve: ").hasLineCount(1);
    }
}
