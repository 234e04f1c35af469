package io.mpath;

import static io.mpath.DataPathBench.BLOCK;
import static io.mpath.DataPathBench.SIZE;
import static io.mpath.DataPathBench.data;
import static io.mpath.DataPathBench.room;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.mpath.DataPathBench.Ending;
import io.mpath.sim.SimAnswer;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that cannot be meant: what is said about them, and that nothing is sent. */
class BadInputTest {
    private final DataPathBench bench = new DataPathBench(2);

    @ParameterizedTest
    @CsvSource({
        "1, 512",
        "511, 512",
        "0, 1",
        "0, 511",
        "0, 513",
        "512, 0",
        "0, 0",
        "-1, 512",
    })
    void misalignedRequestSaysWhatAndWhere(long offset, int length) {
        IoRequest request = IoRequest.create().read(offset, ByteBuffer.allocate(length));
        assertRefused(request, IoStatus.MISALIGNED);
        assertThat(request.failure())
                .hasMessageContaining("name.disk")
                .hasMessageContaining("read of " + length + " bytes at " + offset)
                .hasMessageContaining("multiples of 512 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "1048576, 512",
        "1048064, 1024",
        "-512, 512",
        "-9223372036854775808, 512",
        "9223372036854775296, 512",
        "9223372036854774784, 1024",
    })
    void requestOutOfRangeSaysHowLargeTheDeviceIs(long offset, int length) {
        IoRequest request = IoRequest.create().write(offset, ByteBuffer.allocate(length));
        assertRefused(request, IoStatus.OUT_OF_RANGE);
        assertThat(request.failure())
                .hasMessageContaining("write of " + length + " bytes at " + offset)
                .hasMessageContaining("the device has " + SIZE + " bytes");
    }

    @ParameterizedTest
    @CsvSource({"0, 9223372036854775296", "512, 9223372036854775296", "9223372036854775296, 9223372036854775296"})
    void rangesThatOverflowAreOutOfRange(long offset, long length) {
        assertRefused(IoRequest.create().discard(offset, length), IoStatus.OUT_OF_RANGE);
        assertRefused(IoRequest.create().writeZeroes(offset, length), IoStatus.OUT_OF_RANGE);
    }

    @ParameterizedTest
    @CsvSource({"-512", "-9223372036854775808", "0", "100"})
    void rangeOfNoWholeBlocksIsMisaligned(long length) {
        assertRefused(IoRequest.create().discard(0, length), IoStatus.MISALIGNED);
        assertRefused(IoRequest.create().writeZeroes(0, length), IoStatus.MISALIGNED);
    }

    /** Negative control: the last block is within range, the first is aligned. */
    @Test
    void firstAndLastBlockAreFine() {
        Ending first = bench.submit(IoRequest.create().read(0, room(1)));
        Ending last = bench.submit(IoRequest.create().read(SIZE - BLOCK, room(1)));
        bench.runUntilIdle();
        assertThat(first.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(last.once()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void requestWithoutBuffersIsMisaligned() {
        assertRefused(IoRequest.create().read(0, new ByteBuffer[0]), IoStatus.MISALIGNED);
        assertRefused(IoRequest.create().write(0, new ByteBuffer[0]), IoStatus.MISALIGNED);
    }

    @Test
    void futureTellsTheSame() {
        assertThat(bench.device.read(1, room(1)))
                .isCompletedExceptionally()
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(DeviceIoException.class)
                .withMessageContaining("misaligned");
    }

    @Test
    void whatTheDeviceCannotDoIsUnsupported() {
        var plain =
                new DataPathBench(1, DeviceSettings.defaults(), Geometry.of(SIZE, BLOCK), environment -> environment);
        for (IoRequest request : List.of(
                IoRequest.create().discard(0, BLOCK),
                IoRequest.create().writeZeroes(0, BLOCK),
                IoRequest.create().compareAndWrite(0, data(0, 1), data(1, 1)))) {
            assertThat(plain.submit(request).once()).isEqualTo(IoStatus.UNSUPPORTED);
            assertThat(request.failure()).hasMessageContaining("no " + request.operation());
        }
        assertRefused(IoRequest.create().compareAndWrite(0, data(0, 2), data(1, 2)), IoStatus.UNSUPPORTED);
    }

    @ParameterizedTest
    @EnumSource(
            value = IoOperation.class,
            names = {"READ", "FLUSH", "PASSTHROUGH"},
            mode = EnumSource.Mode.EXCLUDE)
    void readOnlyDeviceRefusesChanges(IoOperation operation) {
        Geometry g = DataPathBench.GEOMETRY;
        Geometry readOnly = new Geometry(
                g.sizeBytes(),
                BLOCK,
                BLOCK,
                g.maxTransferBytes(),
                g.maxDiscardBytes(),
                g.maxWriteZeroesBytes(),
                BLOCK,
                true,
                true);
        var fixed = new DataPathBench(1, DeviceSettings.defaults(), readOnly, environment -> environment);
        assertThat(fixed.submit(some(operation)).once()).isEqualTo(IoStatus.READ_ONLY);
        assertThat(fixed.path(0).submitted()).isZero();
        Ending read = fixed.submit(some(IoOperation.READ));
        fixed.runUntilIdle();
        assertThat(read.once()).isEqualTo(IoStatus.SUCCESS);
    }

    @ParameterizedTest
    @EnumSource(IoOperation.class)
    void closedDeviceAnswersEverythingAsClosed(IoOperation operation) {
        bench.world.await(bench.device.closeAsync());
        assertRefused(some(operation), IoStatus.CLOSED);
        assertThat(bench.device.flush()).isCompletedExceptionally();
    }

    @Test
    void closedWinsOverMisaligned() {
        bench.world.await(bench.device.closeAsync());
        IoRequest request = IoRequest.create().read(1, room(1));
        assertRefused(request, IoStatus.CLOSED);
        assertThat(request.failure()).hasMessageContaining("it was closed");
    }

    @Test
    void readOnlyBufferCannotBeReadInto() {
        ByteBuffer fixed = room(1).asReadOnlyBuffer();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bench.device.read(0, fixed))
                .withMessageContaining("read needs a buffer that can be written to");
        assertThatIllegalArgumentException().isThrownBy(() -> IoRequest.create().read(0, fixed));
        assertThatIllegalArgumentException().isThrownBy(() -> IoRequest.create().read(0, room(1), fixed));

        Ending write = bench.submit(IoRequest.create().write(0, fixed));
        bench.runUntilIdle();
        assertThat(write.once()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void compareAndWriteNeedsTwoOfALength() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IoRequest.create().compareAndWrite(0, room(1), room(2)))
                .withMessageContaining("512 bytes expected")
                .withMessageContaining("1024 to replace them");
    }

    @Test
    void nullArgumentsThrow() {
        IoRequest request = IoRequest.create();
        ByteBuffer none = null;
        assertThatNullPointerException().isThrownBy(() -> request.read(0, none)).withMessage("buffer");
        assertThatNullPointerException()
                .isThrownBy(() -> request.read(0, room(1), none))
                .withMessage("buffer");
        assertThatNullPointerException()
                .isThrownBy(() -> request.write(0, none))
                .withMessage("buffer");
        assertThatNullPointerException()
                .isThrownBy(() -> request.write(0, room(1), none))
                .withMessage("buffer");
        assertThatNullPointerException().isThrownBy(() -> request.compareAndWrite(0, none, room(1)));
        assertThatNullPointerException().isThrownBy(() -> request.compareAndWrite(0, room(1), none));
        assertThatNullPointerException()
                .isThrownBy(() -> request.passthrough(null))
                .withMessage("command");
        assertThatNullPointerException().isThrownBy(() -> request.flush().timeout(null));
        assertThatNullPointerException().isThrownBy(() -> bench.device.submit(null));
        assertThatNullPointerException().isThrownBy(() -> bench.device.policy(null));
        assertThatNullPointerException().isThrownBy(() -> bench.device.noPath(null));
        assertThatNullPointerException().isThrownBy(() -> bench.device.delayedRemoval(null));
    }

    /** What threw has changed nothing: half a scatter list would be a shorter write than was asked for. */
    @Test
    void failedSetUpLeavesTheRequestAsItWas() {
        IoRequest request = IoRequest.create().read(BLOCK, room(3));
        assertThatNullPointerException().isThrownBy(() -> request.write(0, room(1), null));
        assertThat(request.operation()).isEqualTo(IoOperation.READ);
        assertThat(request.offset()).isEqualTo(BLOCK);
        assertThat(request.length()).isEqualTo(3 * BLOCK);
    }

    @Test
    void requestThatWasNotSetUpCannotBeSubmitted() {
        assertThatIllegalStateException()
                .isThrownBy(() -> bench.device.submit(IoRequest.create()))
                .withMessage("the request was not set up");
    }

    @Test
    void requestUnderWayIsTheLibrarys() {
        bench.path(0).answer(SimAnswer.hang());
        IoRequest request = IoRequest.create().read(0, room(1));
        Ending ending = bench.submit(request);
        bench.runUntilIdle();

        for (Runnable use : List.<Runnable>of(
                () -> bench.device.submit(request),
                () -> request.read(0, room(1)),
                () -> request.write(0, room(1)),
                request::flush,
                () -> request.discard(0, BLOCK),
                () -> request.writeZeroes(0, BLOCK),
                () -> request.compareAndWrite(0, room(1), room(1)),
                () -> request.passthrough(() -> "command"),
                () -> request.timeout(java.time.Duration.ofSeconds(1)),
                () -> request.forceUnitAccess(true),
                () -> request.onComplete(null),
                request::status,
                request::effect,
                request::failure)) {
            assertThatIllegalStateException()
                    .isThrownBy(use::run)
                    .withMessage("the request is under way: read of 512 bytes at 0");
        }
        assertThat(ending.pending()).isTrue();

        bench.path(0).underWay().get(0).complete();
        bench.runUntilIdle();
        assertThat(ending.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(request.flush().operation()).isEqualTo(IoOperation.FLUSH);
    }

    /** Not allowed, and must not harm: the thread that completes it is the path's. */
    @Test
    void limitMovedUnderARequestHarmsNobody() {
        bench.path(0).answer(SimAnswer.hang());
        ByteBuffer mine = data(1, 2);
        Ending ending = bench.submit(IoRequest.create().write(0, mine));
        bench.runUntilIdle();
        mine.limit(BLOCK);
        bench.path(0).underWay().get(0).complete();
        bench.runUntilIdle();
        assertThat(ending.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(mine.position()).isEqualTo(BLOCK);
    }

    @Test
    void unknownPathsAreNamed() {
        assertThatExceptionOfType(MultipathException.class)
                .isThrownBy(() -> join(bench.device.preferPath("nowhere", true)))
                .withMessage("name.disk has no path 'nowhere'");
        assertThatExceptionOfType(MultipathException.class)
                .isThrownBy(() -> join(bench.device.removePath("nowhere")))
                .withMessage("name.disk has no path 'nowhere'");
    }

    @Test
    void pathOfferedTwiceIsRefused() {
        Offer second = bench.world.await(bench.registry.offer(bench.path(0)));
        assertThat(second).isEqualTo(new Offer.Refused("p0.disk", "is a path here already"));
        assertThat(bench.device.snapshot().paths()).hasSize(2);
    }

    private void join(java.util.concurrent.CompletableFuture<Void> change) {
        try {
            bench.world.await(change);
        } catch (java.util.concurrent.CompletionException e) {
            throw (MultipathException) e.getCause();
        }
    }

    private void assertRefused(IoRequest request, IoStatus status) {
        long before = bench.disk().executed();
        Ending ending = bench.submit(request);
        assertThat(ending.once()).as("told inside submit").isEqualTo(status);
        assertThat(request.status()).isEqualTo(status);
        assertThat(request.effect()).isEqualTo(Effect.NONE);
        assertThat(request.buffersInUse()).isFalse();
        bench.runUntilIdle();
        assertThat(bench.disk().executed()).isEqualTo(before);
    }

    private static IoRequest some(IoOperation operation) {
        IoRequest request = IoRequest.create();
        return switch (operation) {
            case READ -> request.read(0, room(1));
            case WRITE -> request.write(0, room(1));
            case FLUSH -> request.flush();
            case DISCARD -> request.discard(0, BLOCK);
            case WRITE_ZEROES -> request.writeZeroes(0, BLOCK);
            case COMPARE_AND_WRITE -> request.compareAndWrite(0, room(1), room(1));
            case PASSTHROUGH -> request.passthrough(() -> "anything");
        };
    }
}
