package io.mpath.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
    private static final List<Bound> BOUNDS = bounds();

    private final List<Figure> recorded = Recorded.usual(BOUNDS);

    @Test
    void whatIsUsualIsWithinTheBounds() {
        assertThat(wrong(BOUNDS, recorded)).isEmpty();
    }

    @Test
    void somethingTwiceAsSlowBreaksItsBound() {
        List<Bound> ratios = BOUNDS.stream()
                .filter(bound -> bound.kind() == Bound.Kind.RATIO && !bound.control())
                .toList();
        assertThat(ratios).hasSizeGreaterThan(5);
        for (Bound bound : ratios) {
            String subject = bound.subject().benchmark();
            assertThat(wrong(BOUNDS, Recorded.changed(recorded, subject, Recorded::doubled)))
                    .as(bound.line())
                    .contains(bound);
        }
    }

    @Test
    void anObjectForEachRequestBreaksItsBound() {
        List<Bound> bytes = BOUNDS.stream()
                .filter(bound -> bound.kind() == Bound.Kind.BYTES)
                .toList();
        assertThat(bytes).isNotEmpty();
        for (Bound bound : bytes) {
            double object = Math.max(16, bound.limit() / 2);
            String subject = bound.subject().benchmark();
            assertThat(wrong(
                            BOUNDS, Recorded.changed(recorded, subject, figure -> Recorded.allocating(figure, object))))
                    .as(bound.line())
                    .contains(bound);
        }
    }

    @Test
    void aControlThatHoldsIsFound() {
        List<Bound> bounds = Bound.read("control "
                + BOUNDS.stream()
                        .filter(bound -> !bound.control())
                        .findFirst()
                        .orElseThrow()
                        .line());
        assertThat(wrong(bounds, recorded)).containsExactlyElementsOf(bounds);
    }

    @Test
    void theBoundsHaveAControl() {
        assertThat(BOUNDS).filteredOn(Bound::control).isNotEmpty();
    }

    @Test
    void whatWasNotMeasuredDoesNotHold() {
        List<Bound> bounds = Bound.read("bytes SubmitBenchmark.unheardOf <= 1");
        assertThat(wrong(bounds, recorded)).containsExactlyElementsOf(bounds);
    }

    @Test
    void theVerdictNamesWhatIsBroken() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Bound> bounds =
                Bound.read("ratio SubmitBenchmark.multipath[paths=4,policy=numa] / SubmitBenchmark.bare <= 0.1");
        new Gate(bounds, new PrintStream(out, true, StandardCharsets.UTF_8)).wrong(recorded);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("BROKEN")
                .contains("1 of 1 bounds do not hold: SubmitBenchmark.multipath[paths=4,policy=numa]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ratio A.b <= 1",
                "bytes A.b / A.c <= 1",
                "bytes A.b",
                "bytes A.b < 1",
                "nanos A.b <= 1",
                "bytes A.b[x=1 <= 1",
                "bytes A.b <= one"
            })
    void whatIsNoBoundIsRefused(String line) {
        assertThatThrownBy(() -> Bound.read(line)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void commentsAndEmptyLinesMeanNothing() {
        assertThat(Bound.read("# a\n\n  bytes A.b <= 1 # b\n"))
                .singleElement()
                .extracting(Bound::line)
                .isEqualTo("bytes A.b <= 1");
    }

    private static List<Bound> wrong(List<Bound> bounds, List<Figure> figures) {
        return new Gate(bounds, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8))
                .wrong(figures);
    }

    private static List<Bound> bounds() {
        try {
            return Bound.read(Files.readString(Path.of("bounds.txt")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
