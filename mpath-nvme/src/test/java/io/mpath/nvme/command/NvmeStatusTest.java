package io.mpath.nvme.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.Verdict;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NvmeStatusTest {
    private static final int DNR = 1 << 14;
    private static final int MORE = 1 << 13;
    private static final int CRD = 1 << 11;

    /** A row of {@code status-table.txt}. */
    record Row(
            int value,
            Verdict verdict,
            Verdict verdictWithDnr,
            IoStatus ioStatus,
            Certainty certainty,
            boolean rereads,
            String name) {
        static Row parse(String line) {
            String[] cells = line.split(" ", 6);
            boolean rereads = cells[5].startsWith("*");
            return new Row(
                    Integer.parseInt(cells[0], 16),
                    Verdict.valueOf(cells[1]),
                    Verdict.valueOf(cells[2]),
                    IoStatus.valueOf(cells[3]),
                    Certainty.valueOf(cells[4]),
                    rereads,
                    rereads ? cells[5].substring(1) : cells[5]);
        }
    }

    static List<Row> table() throws IOException, URISyntaxException {
        Path table =
                Path.of(NvmeStatusTest.class.getResource("/status-table.txt").toURI());
        return Files.readAllLines(table).stream()
                .filter(line -> !line.startsWith("#"))
                .map(Row::parse)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("table")
    void everyStatusIsTreatedAsTheTableSays(Row row) {
        var status = new NvmeStatus(row.value());
        var withDnr = new NvmeStatus(row.value() | DNR | MORE | 3 * CRD);

        assertThat(status.verdict()).isEqualTo(row.verdict());
        assertThat(withDnr.verdict()).isEqualTo(row.verdictWithDnr());
        for (NvmeStatus each : List.of(status, withDnr)) {
            assertThat(each.ioStatus()).isEqualTo(row.ioStatus());
            assertThat(each.certainty()).isEqualTo(row.certainty());
            assertThat(each.rereadsAccessState()).isEqualTo(row.rereads());
            assertThat(each.code()).map(StatusCode::text).hasValue(row.name());
        }
    }

    @Test
    void tableHasEveryStatusOnce() throws IOException, URISyntaxException {
        assertThat(table().stream().map(Row::value))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(StatusCode.values())
                        .map(StatusCode::value)
                        .toList());
    }

    @Test
    void targetIsNotBlamedOnThePath() throws IOException, URISyntaxException {
        assertThat(table())
                .allSatisfy(row -> assertThat(new NvmeStatus(row.value()).verdict() == Verdict.FAIL_OVER)
                        .isEqualTo(row.value() >= 0x300));
    }

    @Test
    void statusWithoutANameIsTheTargetsAnswer() {
        for (int value : new int[] {0x0c0, 0x1ff, 0x2c0, 0x700}) {
            var status = new NvmeStatus(value);

            assertThat(status.code()).isEmpty();
            assertThat(status.verdict()).isEqualTo(Verdict.RETRY);
            assertThat(new NvmeStatus(value | DNR).verdict()).isEqualTo(Verdict.FAIL);
            assertThat(status.ioStatus()).isEqualTo(IoStatus.TARGET_ERROR);
            assertThat(status.certainty()).isEqualTo(Certainty.TERMINATED);
        }
    }

    @Test
    void pathStatusWithoutANameMayHaveBeenMadeUpByTheHost() {
        var status = new NvmeStatus(0x3c0 | DNR);

        assertThat(status.verdict()).isEqualTo(Verdict.FAIL_OVER);
        assertThat(status.ioStatus()).isEqualTo(IoStatus.PATH_ERROR);
        assertThat(status.certainty()).isEqualTo(Certainty.UNKNOWN);
        assertThat(status.rereadsAccessState()).isFalse();
    }

    @Test
    void controllerSaysHowLongToWait() {
        var controller = IdentifyController.decode(Vectors.zeroes()
                .putShort(128, (short) 1)
                .putShort(130, (short) 20)
                .putShort(132, (short) 300));

        assertThat(new NvmeStatus(0x082).retryDelayMillis(controller)).isZero();
        assertThat(new NvmeStatus(0x082 | CRD).retryDelayMillis(controller)).isEqualTo(100);
        assertThat(new NvmeStatus(0x082 | 2 * CRD).retryDelayMillis(controller)).isEqualTo(2000);
        assertThat(new NvmeStatus(0x082 | 3 * CRD).retryDelayMillis(controller)).isEqualTo(30_000);
    }

    @Test
    void successIsNoFailure() {
        assertThat(NvmeStatus.SUCCESS.success()).isTrue();
        assertThat(NvmeStatus.SUCCESS.code()).isEmpty();
        assertThat(NvmeStatus.SUCCESS).hasToString("status 0x000 Successful Completion");
        assertThat(new NvmeStatus(1).success()).isFalse();
        assertThatIllegalStateException().isThrownBy(NvmeStatus.SUCCESS::verdict);
        assertThatIllegalStateException().isThrownBy(NvmeStatus.SUCCESS::ioStatus);
        assertThatIllegalStateException().isThrownBy(NvmeStatus.SUCCESS::certainty);
    }

    @Test
    void flagsAreReadFromTheirOwnBits() {
        assertThat(new NvmeStatus(0x2281).more()).isTrue();
        assertThat(new NvmeStatus(0x2281).doNotRetry()).isFalse();
        assertThat(new NvmeStatus(0x4281).doNotRetry()).isTrue();
        assertThat(new NvmeStatus(0x4281).more()).isFalse();
        assertThat(new NvmeStatus(0x1a81).retryDelayIndex()).isEqualTo(3);
        assertThat(new NvmeStatus(0x7a81)).hasToString("status 0x281 Unrecovered Read Error (DNR More CRD 3)");
        assertThat(new NvmeStatus(0x3c0)).hasToString("status 0x3c0 unnamed");
        assertThatExceptionOfType(CommandFieldException.class).isThrownBy(() -> new NvmeStatus(0x8000));
        assertThatExceptionOfType(CommandFieldException.class).isThrownBy(() -> new NvmeStatus(-1));
    }
}
