package io.mpath;

import static io.mpath.DataPathBench.BLOCK;
import static io.mpath.DataPathBench.bytes;
import static io.mpath.DataPathBench.data;
import static io.mpath.DataPathBench.room;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DataPathBench.Ending;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimAttempt;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests longer than the limit of the device's paths: 16 blocks for data, 64 for discards, 32 for zeroes. */
class SplitTest {
    private static final int LIMIT = DataPathBench.GEOMETRY.maxTransferBytes();
    private static final int BLOCKS = 100;

    private final DataPathBench bench = new DataPathBench(2);

    @Test
    void dataOfAllPiecesIsWhereItBelongs() {
        ByteBuffer written = data(1, BLOCKS);
        bench.submit(IoRequest.create().write(3 * BLOCK, written));
        bench.runUntilIdle();
        assertThat(written.hasRemaining()).isFalse();
        assertThat(bench.disk().contents(3 * BLOCK, BLOCKS * BLOCK)).isEqualTo(bytes(1, BLOCKS));

        byte[] read = new byte[BLOCKS * BLOCK];
        ByteBuffer into = ByteBuffer.wrap(read);
        bench.submit(IoRequest.create().read(3 * BLOCK, into));
        bench.runUntilIdle();
        assertThat(into.hasRemaining()).isFalse();
        assertThat(read).isEqualTo(bytes(1, BLOCKS));
    }

    @Test
    void noPieceIsLongerThanTheLimitAndTogetherTheyCoverTheRequestOnce() {
        bench.submit(IoRequest.create().write(0, data(1, BLOCKS)));
        bench.submit(IoRequest.create().discard(0, 65 * BLOCK));
        bench.submit(IoRequest.create().writeZeroes(0, 33 * BLOCK));
        bench.runUntilIdle();

        Map<IoOperation, Long> limits = Map.of(
                IoOperation.WRITE,
                (long) LIMIT,
                IoOperation.DISCARD,
                64L * BLOCK,
                IoOperation.WRITE_ZEROES,
                32L * BLOCK);
        Map<IoOperation, Integer> wholes =
                Map.of(IoOperation.WRITE, BLOCKS, IoOperation.DISCARD, 65, IoOperation.WRITE_ZEROES, 33);
        wholes.forEach((operation, blocks) -> {
            var pieces = bench.disk().executions().stream()
                    .filter(execution -> execution.operation() == operation)
                    .toList();
            assertThat(pieces).allMatch(piece -> piece.length() <= limits.get(operation));
            assertThat(pieces.stream().mapToLong(piece -> piece.length()).sum()).isEqualTo((long) blocks * BLOCK);
            assertThat(pieces.stream().map(piece -> piece.offset())).doesNotHaveDuplicates();
        });
    }

    /** Negative control: a request within the limit stays whole. */
    @Test
    void requestWithinTheLimitIsOneAttempt() {
        bench.submit(IoRequest.create().write(0, data(1, LIMIT / BLOCK)));
        bench.runUntilIdle();
        assertThat(bench.disk().executed()).isEqualTo(1);
    }

    @Test
    void onlySixteenPiecesAreUnderWayTogether() {
        allHang();
        Ending ending = bench.submit(IoRequest.create().read(0, room(20 * LIMIT / BLOCK)));
        bench.runUntilIdle();
        assertThat(underWay()).hasSize(16);

        underWay().get(0).complete();
        bench.runUntilIdle();
        assertThat(underWay()).hasSize(16);

        while (!underWay().isEmpty()) {
            underWay().forEach(SimAttempt::complete);
            bench.runUntilIdle();
        }
        assertThat(ending.once()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void failureOfTheLowestPieceIsReportedAndNoFurtherPieceIsSent() {
        allHang();
        IoRequest request = IoRequest.create().read(0, room(20 * LIMIT / BLOCK));
        Ending ending = bench.submit(request);
        bench.runUntilIdle();
        at(5).fail(PathFailure.fail(IoStatus.TARGET_ERROR, "five"));
        at(2).fail(PathFailure.fail(IoStatus.MEDIUM_ERROR, "two"));
        bench.runUntilIdle();
        assertThat(ending.pending()).as("other pieces still have the buffers").isTrue();

        underWay().forEach(SimAttempt::complete);
        bench.runUntilIdle();
        assertThat(ending.once()).isEqualTo(IoStatus.MEDIUM_ERROR);
        assertThat(request.failure()).hasMessageContaining("two").hasMessageContaining("read of 163840 bytes at 0");
        assertThat(bench.path(0).submitted() + bench.path(1).submitted()).isEqualTo(16);
        assertThat(request.effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void writeOfWhichPiecesWereDoneMayHaveHappened() {
        allHang();
        IoRequest request = IoRequest.create().write(0, data(1, 2 * LIMIT / BLOCK));
        Ending ending = bench.submit(request);
        bench.runUntilIdle();
        at(0).complete();
        at(1).fail(PathFailure.fail(IoStatus.RESERVATION_CONFLICT, "another host's"));
        bench.runUntilIdle();

        assertThat(ending.once()).isEqualTo(IoStatus.RESERVATION_CONFLICT);
        assertThat(request.effect()).isEqualTo(Effect.MAY_HAVE_HAPPENED);
    }

    /** The lowest piece is known to have failed; a higher one may still land, and the caller must be told. */
    @Test
    void pieceWithAnUnknownOutcomeMakesTheWholeUnknown() {
        allHang();
        IoRequest request = IoRequest.create().write(0, data(1, 2 * LIMIT / BLOCK));
        Ending ending = bench.submit(request);
        bench.runUntilIdle();
        at(0).fail(PathFailure.fail(IoStatus.MEDIUM_ERROR, "bad block"));
        at(1).fail(new PathFailure(Verdict.FAIL, Certainty.UNKNOWN, IoStatus.TARGET_ERROR, "connection lost", 0, 0, 0));
        bench.runUntilIdle();

        assertThat(ending.once()).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
        assertThat(request.effect()).isEqualTo(Effect.MAY_STILL_HAPPEN);
        assertThat(request.failure()).hasMessageContaining("connection lost");
    }

    @Test
    void pieceThatFailsOverIsSentAgainAlone() {
        bench.path(0).next(1, SimAnswer.fail(PathFailure.failOver(Certainty.NOT_EXECUTED, "lost")));
        Ending ending = bench.submit(IoRequest.create().write(0, data(1, BLOCKS)));
        bench.runFor(Duration.ofSeconds(1));

        assertThat(ending.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(bench.disk().executed()).isEqualTo(7);
        assertThat(bench.disk().contents(0, BLOCKS * BLOCK)).isEqualTo(bytes(1, BLOCKS));
    }

    /** One flight for each piece, one at a time: the whole gives its own slot back while its pieces run. */
    @Test
    void splitRequestGetsThroughADeviceThatTakesOneAtATime() {
        var narrow = new DataPathBench(1, DeviceSettings.defaults().withMaxInFlight(1));
        Ending ending = narrow.submit(IoRequest.create().write(0, data(1, BLOCKS)));
        narrow.runFor(Duration.ofSeconds(1));
        assertThat(ending.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(narrow.disk().contents(0, BLOCKS * BLOCK)).isEqualTo(bytes(1, BLOCKS));
    }

    @Test
    void buffersOfALostPieceStayInUseUntilItEnds() {
        allHang();
        IoRequest request =
                IoRequest.create().write(0, data(1, 2 * LIMIT / BLOCK)).timeout(Duration.ofSeconds(1));
        Ending ending = bench.submit(request);
        bench.runUntilIdle();
        at(0).complete();
        bench.runFor(Duration.ofSeconds(2));
        assertThat(ending.once()).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
        assertThat(ending.inUseWhenTold).isTrue();
        assertThat(ending.releases).isZero();

        at(1).complete();
        bench.runUntilIdle();
        assertThat(ending.releases).isEqualTo(1);
        assertThat(request.buffersInUse()).isFalse();
        assertThat(ending.once()).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
    }

    @Test
    void busyPieceIsRetriedByItself() {
        bench.path(0).next(1, SimAnswer.fail(PathFailure.retry(1_000_000, "busy")));
        bench.path(1).next(1, SimAnswer.fail(PathFailure.retry(1_000_000, "busy")));
        Ending ending = bench.submit(IoRequest.create().read(0, room(2 * LIMIT / BLOCK)));
        bench.runFor(Duration.ofSeconds(1));
        assertThat(ending.once()).isEqualTo(IoStatus.SUCCESS);
    }

    private void allHang() {
        bench.path(0).answer(SimAnswer.hang());
        bench.path(1).answer(SimAnswer.hang());
    }

    private List<SimAttempt> underWay() {
        List<SimAttempt> all = bench.path(0).underWay();
        all.addAll(bench.path(1).underWay());
        return all;
    }

    private SimAttempt at(int piece) {
        return underWay().stream()
                .filter(attempt -> attempt.offset() == (long) piece * LIMIT)
                .findFirst()
                .orElseThrow();
    }
}
