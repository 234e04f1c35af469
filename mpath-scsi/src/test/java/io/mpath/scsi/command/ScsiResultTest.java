package io.mpath.scsi.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.Verdict;
import io.mpath.scsi.command.Treatment.Recheck;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScsiResultTest {
    private static final SenseData STANDBY = SenseData.of(SenseKey.NOT_READY, 0x04, 0x0B);

    /** A row of {@code treatment-table.txt}. */
    record Row(String kind, String code, Optional<Treatment> treatment, String name) {
        static Row parse(String line) {
            boolean done = line.contains(" DONE ");
            String[] cells = line.split(" ", done ? 4 : 8);
            return new Row(
                    cells[0],
                    cells[1],
                    done
                            ? Optional.empty()
                            : Optional.of(new Treatment(
                                    Verdict.valueOf(cells[2]),
                                    Certainty.valueOf(cells[3]),
                                    IoStatus.valueOf(cells[4]),
                                    Integer.parseInt(cells[5]),
                                    Recheck.valueOf(cells[6]))),
                    cells[cells.length - 1]);
        }

        ScsiResult result() {
            return switch (kind) {
                case "sense" -> checkCondition(sense(code));
                case "status" -> new ScsiResult(Integer.parseInt(code, 16), 0, Optional.empty(), 0);
                default -> new ScsiResult(0, Integer.parseInt(code, 16), Optional.empty(), 0);
            };
        }
    }

    static List<Row> table() throws IOException, URISyntaxException {
        Path table =
                Path.of(ScsiResultTest.class.getResource("/treatment-table.txt").toURI());
        return Files.readAllLines(table).stream()
                .filter(line -> !line.startsWith("#"))
                .map(Row::parse)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("table")
    void everyEndIsTreatedAsTheTableSays(Row row) {
        assertThat(row.result().treatment()).isEqualTo(row.treatment());
    }

    @Test
    void everyEndIsCalledAsTheTableSays() throws IOException, URISyntaxException {
        for (Row row : table()) {
            String code = row.code().toLowerCase(Locale.ROOT);
            assertThat(row.result())
                    .hasToString(
                            switch (row.kind()) {
                                case "sense" -> "sense " + row.code() + " " + row.name();
                                case "status" -> "status 0x" + code + " " + row.name();
                                default ->
                                    code.equals("00") ? "status 0x00 GOOD" : "host byte 0x" + code + " " + row.name();
                            });
        }
    }

    @Test
    void tableHasEveryStatusEveryHostByteAndEveryKey() throws IOException, URISyntaxException {
        assertThat(codes("status")).contains(numbers(ScsiStatus.values(), ScsiStatus::value));
        assertThat(codes("host")).contains(numbers(HostByte.values(), HostByte::number));
        assertThat(codes("sense").stream().map(code -> code.substring(0, 2)))
                .contains(numbers(SenseKey.values(), SenseKey::number));
        assertThat(table().stream().map(row -> row.kind() + row.code())).doesNotHaveDuplicates();
    }

    private static List<String> codes(String kind) throws IOException, URISyntaxException {
        return table().stream()
                .filter(row -> row.kind().equals(kind))
                .map(Row::code)
                .toList();
    }

    private static <T> String[] numbers(T[] values, ToIntFunction<T> number) {
        return Arrays.stream(values)
                .map(value -> "%02X".formatted(number.applyAsInt(value)))
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @EnumSource(HostByte.class)
    void hostByteAloneNeverProvesThatAWriteWasNotExecuted(HostByte host) {
        new ScsiResult(0, host.number(), Optional.empty(), 0)
                .treatment()
                .ifPresent(treatment -> assertThat(treatment.certainty()).isNotEqualTo(Certainty.NOT_EXECUTED));
    }

    @Test
    void failedTransportIsBelievedBeforeWhatStandsInTheStatusByte() {
        var busyBehindALostTransport =
                new ScsiResult(ScsiStatus.BUSY.value(), HostByte.DID_TRANSPORT_DISRUPTED.number(), Optional.empty(), 0);
        var senseBehindATimeout = new ScsiResult(
                ScsiStatus.CHECK_CONDITION.value(), HostByte.DID_TIME_OUT.number(), Optional.of(STANDBY), 0);

        assertThat(busyBehindALostTransport.treatment()).contains(Treatment.failOver(Certainty.UNKNOWN));
        assertThat(senseBehindATimeout.treatment()).contains(Treatment.failOver(Certainty.UNKNOWN));
        assertThat(senseBehindATimeout).hasToString("host byte 0x03 DID_TIME_OUT");
    }

    @Test
    void reservationConflictThatAnAdapterCallsAnErrorIsOne() {
        var result = new ScsiResult(
                ScsiStatus.RESERVATION_CONFLICT.value(), HostByte.DID_ERROR.number(), Optional.empty(), 0);

        assertThat(result.treatment().orElseThrow().status()).isEqualTo(IoStatus.RESERVATION_CONFLICT);
    }

    @Test
    void hostByteThatWasMadeFromAnAnswerGivesWayToTheAnswer() {
        var result = new ScsiResult(
                ScsiStatus.CHECK_CONDITION.value(),
                HostByte.DID_TARGET_FAILURE.number(),
                Optional.of(SenseData.of(SenseKey.ILLEGAL_REQUEST, 0x20, 0)),
                0);

        assertThat(result.treatment().orElseThrow().status()).isEqualTo(IoStatus.UNSUPPORTED);
    }

    @Test
    void deferredErrorIsOfAnEarlierCommandWhateverItsKey() {
        for (SenseKey key : SenseKey.values()) {
            var deferred = new SenseData(
                    true, key, 0x0C, 0, OptionalLong.of(5), OptionalLong.empty(), false, OptionalInt.empty());

            IoStatus told = key == SenseKey.MEDIUM_ERROR ? IoStatus.MEDIUM_ERROR : IoStatus.TARGET_ERROR;
            assertThat(deferred.treatment()).contains(Treatment.retry(Certainty.NOT_EXECUTED, told, 0));
            assertThat(checkCondition(deferred).tellsOfEarlierFailure())
                    .isEqualTo(key != SenseKey.NO_SENSE && key != SenseKey.RECOVERED_ERROR);
            assertThat(deferred.blocksDone(0, 10)).isZero();
            assertThat(deferred).asString().startsWith("deferred sense ");
        }
    }

    @Test
    void doneBytesAreWhatTheResidualLeaves() {
        assertThat(good(0).doneBytes(100, 8, 512)).isEqualTo(4096);
        assertThat(good(512).doneBytes(100, 8, 512)).isEqualTo(3584);
        assertThat(good(4097).doneBytes(100, 8, 512)).isZero();
        assertThat(good(-1).doneBytes(100, 8, 512)).isEqualTo(4096);
        assertThat(good(Long.MIN_VALUE).doneBytes(0, Integer.MAX_VALUE, Integer.MAX_VALUE))
                .isEqualTo((long) Integer.MAX_VALUE * Integer.MAX_VALUE);
        assertThat(checkCondition(SenseData.of(SenseKey.RECOVERED_ERROR, 0x17, 1))
                        .doneBytes(100, 8, 512))
                .isEqualTo(4096);
    }

    @Test
    void doneBytesEndAheadOfTheBlockThatFailed() {
        assertThat(checkCondition(failedAt(SenseKey.MEDIUM_ERROR, 0x11, 103)).doneBytes(100, 8, 512))
                .isEqualTo(3 * 512);
        assertThat(checkCondition(failedAt(SenseKey.HARDWARE_ERROR, 0x44, 103)).doneBytes(100, 8, 512))
                .isEqualTo(3 * 512);
        assertThat(checkCondition(failedAt(SenseKey.ILLEGAL_REQUEST, 0x10, 107)).doneBytes(100, 8, 512))
                .isEqualTo(7 * 512);
        assertThat(checkCondition(failedAt(SenseKey.ILLEGAL_REQUEST, 0x21, 107)).doneBytes(100, 8, 512))
                .isZero();
        assertThat(checkCondition(failedAt(SenseKey.ABORTED_COMMAND, 0x10, 103)).doneBytes(100, 8, 512))
                .isEqualTo(3 * 512);
        assertThat(new ScsiResult(2, 0, Optional.of(failedAt(SenseKey.MEDIUM_ERROR, 0x11, 103)), 7 * 512)
                        .doneBytes(100, 8, 512))
                .isEqualTo(512);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x08, 0x2f, 0x44, 0x47, 0x4b, 0x4e})
    void informationOfAnAbortNamesNoBlockButForItsProtectionInformation(int asc) {
        assertThat(checkCondition(failedAt(SenseKey.ABORTED_COMMAND, asc, 105)).doneBytes(100, 8, 512))
                .isZero();
    }

    @Test
    void informationOfAnIncorrectLengthNamesNoBlock() {
        var ofLengths = new SenseData(
                false,
                SenseKey.MEDIUM_ERROR,
                0x11,
                0,
                OptionalLong.of(103),
                OptionalLong.empty(),
                true,
                OptionalInt.empty());

        assertThat(checkCondition(ofLengths).doneBytes(100, 8, 512)).isZero();
    }

    @Test
    void blockOutsideOfTheCommandIsNotBelieved() {
        assertThat(checkCondition(failedAt(SenseKey.MEDIUM_ERROR, 0x11, 99)).doneBytes(100, 8, 512))
                .isZero();
        assertThat(checkCondition(failedAt(SenseKey.MEDIUM_ERROR, 0x11, 108)).doneBytes(100, 8, 512))
                .isZero();
        assertThat(checkCondition(failedAt(SenseKey.MEDIUM_ERROR, 0x11, -1)).doneBytes(100, 8, 512))
                .isZero();
    }

    @Test
    void nothingIsDoneOfACommandThatTheHostLost() {
        var lost = new ScsiResult(
                2, HostByte.DID_TIME_OUT.number(), Optional.of(failedAt(SenseKey.MEDIUM_ERROR, 0x11, 103)), 0);

        assertThat(lost.doneBytes(100, 8, 512)).isZero();
    }

    private static ScsiResult good(long residualBytes) {
        return new ScsiResult(0, 0, Optional.empty(), residualBytes);
    }

    private static ScsiResult checkCondition(SenseData sense) {
        return new ScsiResult(ScsiStatus.CHECK_CONDITION.value(), 0, Optional.of(sense), 0);
    }

    private static SenseData failedAt(SenseKey key, int asc, long lba) {
        return new SenseData(
                false, key, asc, 0, OptionalLong.of(lba), OptionalLong.empty(), false, OptionalInt.empty());
    }

    private static SenseData sense(String codes) {
        byte[] numbers = HexFormat.ofDelimiter("/").parseHex(codes);
        return SenseData.of(SenseKey.of(numbers[0]), numbers[1] & 0xff, numbers[2] & 0xff);
    }
}
