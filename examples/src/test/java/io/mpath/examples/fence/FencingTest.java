package io.mpath.examples.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example of two processes that fence each other: that it is true, and that it would tell if it were not. */
@Timeout(300)
class FencingTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return Fencing.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void eachFencesTheOther() {
        assertThat(run()).as(out() + err()).isZero();
        assertThat(out())
                .contains("host a: reserve write-exclusive-registrants-only")
                .containsPattern("host b: write \\d+ was its last, \\d+ after it met the conflict")
                .containsPattern("host a: write \\d+ was its last, \\d+ after it met the conflict")
                .containsPattern("verdict: each fenced the other, and \\d{3,} writes met the conflict");
    }

    @Test
    void eachFencesTheOtherWithoutAborting() {
        assertThat(run("--no-abort")).as(out() + err()).isZero();
    }

    private static WriteCounts counts(long accepted, long last, long conflicts, long failures) {
        return new WriteCounts(accepted, last, conflicts, failures, failures == 0 ? "" : "it broke");
    }

    private static Optional<String> broken(boolean aborted, long atOnce, long settled, WriteCounts later, long last) {
        return new FenceEvidence(aborted, atOnce, counts(10, 10, 1, 0), settled, later, last).broken();
    }

    @Test
    void evidenceOfAFenceIsNoneAcceptedAndSomeRefused() {
        assertThat(broken(true, 10, 10, counts(10, 10, 51, 0), 10)).isEmpty();
        assertThat(broken(false, 9, 10, counts(10, 10, 51, 0), 10)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "9, 10, 10, 10, 51, 0, 10, write 9 was there",
        "10, 10, 11, 11, 51, 0, 10, were accepted after the preempt",
        "11, 10, 10, 10, 51, 0, 11, landed after the preempt",
        "9, 9, 10, 10, 51, 0, 9, 'was accepted, and 9 is there'",
        "10, 10, 10, 10, 51, 1, 10, it broke",
        "10, 10, 10, 10, 1, 0, 10, none of its writes met the conflict"
    })
    void whatMustNotBeIsTold(
            long atOnce,
            long settled,
            long accepted,
            long lastAccepted,
            long conflicts,
            long failures,
            long last,
            String what) {
        assertThat(broken(true, atOnce, settled, counts(accepted, lastAccepted, conflicts, failures), last))
                .hasValueSatisfying(text -> assertThat(text).contains(what));
    }

    @Test
    void devicesAreNotWrittenToUnlessThatIsAskedFor() throws IOException {
        String node = Files.createFile(directory.resolve("node")).toString();

        assertThat(run("--host-a", node, "--host-b", node)).isEqualTo(2);
        assertThat(err()).contains("--destroy-data").hasLineCount(1);
    }

    @Test
    void oneHostFencesNobody() {
        assertThat(run("--host-a", "/dev/sda", "--destroy-data")).isEqualTo(2);
        assertThat(err()).contains("two hosts are needed").hasLineCount(1);
    }

    @Test
    void countsAreToldInALine() {
        WriteCounts counts = WriteCounts.NONE.taken(1).refused().taken(3).failed("two\nlines");

        assertThat(WriteCounts.ofLine(counts.toLine())).isEqualTo(counts);
        assertThat(counts.toLine()).isEqualTo("2 3 1 1 two lines");
        assertThat(WriteCounts.ofLine(WriteCounts.NONE.toLine())).isEqualTo(WriteCounts.NONE);
    }
}
