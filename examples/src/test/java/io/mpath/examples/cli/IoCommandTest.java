package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.examples.workload.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code mpath io} on files, which stand in for block devices. */
@Timeout(120)
class IoCommandTest {
    private static final String NUMBER = "-?\\d+(\\.\\d+(E-?\\d+)?)?";

    @TempDir
    Path directory;

    private Path disk;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = disk("disk");
    }

    private Path disk(String name) throws IOException {
        return Files.write(directory.resolve(name), new byte[4 << 20]);
    }

    private static CommandRun io(Path first, Path second, String... more) {
        Stream<String> paths = Stream.of("io", "--path", first.toString(), "--path", second.toString(), "--id", "disk");
        return CommandRun.of(Stream.concat(paths, Stream.of(more)).toArray(String[]::new));
    }

    private static long field(CommandRun run, String name) {
        Matcher field = Pattern.compile("\"" + name + "\":(\\d+)").matcher(run.out());
        assertThat(field.find()).as("field %s of %s", name, run.out()).isTrue();
        return Long.parseLong(field.group(1));
    }

    private static List<Long> requestsOfPaths(CommandRun run) {
        String paths = run.out().substring(run.out().indexOf("\"paths\""));
        return Pattern.compile("\"requests\":(\\d+)")
                .matcher(paths)
                .results()
                .map(match -> Long.parseLong(match.group(1)))
                .toList();
    }

    @Test
    void twoPathsToOneFileServeAVerifiedWorkloadInTurn() {
        CommandRun run =
                io(disk, disk, "--rw", "randrw", "--verify", "--count", "4000", "--policy", "round-robin", "--json");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(field(run, "requests")).isEqualTo(4000);
        assertThat(field(run, "errors")).isZero();
        assertThat(field(run, "miscompares")).isZero();
        assertThat(field(run, "read_back")).isPositive();
        assertThat(requestsOfPaths(run)).hasSize(2).allMatch(requests -> requests > 1000);
    }

    @Test
    void latenciesOfTheRampAreLeftOut() {
        String all = io(disk, disk, "--count", "50", "--json").out();
        String none =
                io(disk, disk, "--count", "50", "--ramp-time", "1h", "--json").out();

        assertThat(all).doesNotContain("\"max\":0.0,\"max_at_ms\":null}");
        assertThat(none).contains("\"requests\":50", "\"max\":0.0,\"max_at_ms\":null}");
    }

    /** Two files under one identity: each path holds what the other did not get. */
    @Test
    void lostWritesAreFound() throws IOException {
        CommandRun run = io(
                disk,
                disk("other"),
                "--rw",
                "randrw",
                "--verify",
                "--count",
                "2000",
                "--policy",
                "round-robin",
                "--json");

        assertThat(run.status()).isEqualTo(1);
        assertThat(field(run, "errors")).isZero();
        assertThat(field(run, "miscompares")).isPositive();
        assertThat(run.err()).contains("miscompare offset ", ": expected ", ", found ");
    }

    @Test
    void jsonHasTheFieldsThatProgramsReadInTheirOrder() {
        CommandRun run = io(disk, disk, "--count", "100", "--json");

        String path = "{'name':'%s','port':'%s','access_state':'optimized','liveness':'live','requests':0,'errors':0}";
        String second = disk + "#2";
        assertThat(run.out().replace('"', '\'').replaceAll("(?<=:)" + NUMBER, "0"))
                .startsWith("{'device':'name.disk','policy':'numa','requests':0,'bytes':0,'seconds':0,'iops':0,"
                        + "'errors':0,'miscompares':0,'failovers':0,'requeues':0,'held':0,"
                        + "'unfenced':[],'read_back':0,'interrupted':false,"
                        + "'latency_us':{'p50':0,'p99':0,'p999':0,'max':0,'max_at_ms':0},"
                        + "'paths':[" + path.formatted(disk, disk) + "," + path.formatted(second, disk) + "],"
                        + "'events':[{'at_ms':0,'path':null,'what':'name.disk: device added'},")
                .hasLineCount(1);
        assertThat(field(run, "bytes")).isEqualTo(100 * 4096);
        assertThat(Double.parseDouble(run.out().replaceAll("(?s).*\"max\":(" + NUMBER + ").*", "$1")))
                .isPositive();
    }

    @Test
    void workloadStaysWithinItsRange() throws IOException {
        CommandRun run = io(
                disk,
                disk,
                "--rw",
                "write",
                "--bs",
                "512",
                "--offset",
                "8k",
                "--size",
                "64k",
                "--count",
                "1000",
                "--threads",
                "3",
                "--depth",
                "4",
                "--verify",
                "--json");

        assertThat(run.status()).as(run.err()).isZero();
        byte[] content = Files.readAllBytes(disk);
        assertThat(Stream.of(0, 8 << 10, (72 << 10) - 512, 72 << 10).map(at -> content[at] != 0))
                .containsExactly(false, true, true, false);
        assertThat(run.err()).contains("overwriting 65536 bytes from offset 8192 of name.disk through " + disk);
    }

    @Test
    void readingWritesNothing() {
        CommandRun run = io(disk, disk, "--count", "100");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).doesNotContain("overwriting");
        assertThat(disk).hasBinaryContent(new byte[4 << 20]);
    }

    @Test
    void interruptEndsTheWorkloadAndStillPrintsTheResult() {
        var stop = new StopSignal();
        stop.stop();

        CommandRun run = CommandRun.of(
                stop, List.of(), "io", "--path", disk.toString(), "--id", "disk", "--time", "1h", "--json");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("\"interrupted\":true");
    }

    @Test
    void scriptTellsWhatIsAsExpectedAndWhatIsNot() throws IOException {
        Path story = Files.writeString(
                directory.resolve("story"),
                "write 4k 8k 0x11\nwrite 8k 4k 0x22\nwait 1\nexpect 4k 4k 0x11\nexpect 8k 4k 0x11\n");

        CommandRun run = io(disk, disk, "--script", story.toString());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("offset 8192: expected 0x11, found 0x22 (line 5)", "errors     0, and 1 miscompares");
        assertThat(run.err()).contains("line 4: done", "line 5: miscompare");
    }

    @Test
    void scriptThatIsRightSucceeds() throws IOException {
        Path story = Files.writeString(directory.resolve("story"), "write 0 4k 0x5a\nread 0 4k\nexpect 0 4k 0x5a\n");

        CommandRun run = io(disk, disk, "--script", story.toString(), "--json");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(field(run, "requests")).isEqualTo(3);
        assertThat(Files.readAllBytes(disk)[4095]).isEqualTo((byte) 0x5a);
    }
}
