package io.mpath;

import static io.mpath.DataPathBench.BLOCK;
import static io.mpath.DataPathBench.GEOMETRY;
import static io.mpath.DataPathBench.bytes;
import static io.mpath.DataPathBench.data;
import static io.mpath.DataPathBench.room;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.DataPathBench.Ending;
import io.mpath.path.Certainty;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.path.Verdict;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimPath;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Every operation, as a future and with a callback and a request that is used again. The blocking form: {@link AwaitTest}. */
class IoFormsTest {
    private static final PathFailure BAD = PathFailure.fail(IoStatus.MEDIUM_ERROR, "unrecovered read error");

    private static final PathFailure LOST =
            new PathFailure(Verdict.FAIL, Certainty.UNKNOWN, IoStatus.TARGET_ERROR, "connection lost", 0, 0, 0);

    private final DataPathBench bench = new DataPathBench(2);

    @Test
    void futuresOfAllOperationsDoWhatTheySay() {
        succeeds(bench.device.write(0, data(1, 8)));
        assertThat(bench.disk().contents(0, 8 * BLOCK)).isEqualTo(bytes(1, 8));

        byte[] read = new byte[2 * BLOCK];
        succeeds(bench.device.read(3 * BLOCK, ByteBuffer.wrap(read)));
        assertThat(read).isEqualTo(Arrays.copyOfRange(bytes(1, 8), 3 * BLOCK, 5 * BLOCK));

        succeeds(bench.device.writeZeroes(BLOCK, BLOCK));
        assertThat(bench.disk().contents(BLOCK, BLOCK)).containsOnly(0);

        succeeds(bench.device.discard(2 * BLOCK, BLOCK));
        succeeds(bench.device.flush());
        succeeds(bench.device.compareAndWrite(0, ByteBuffer.wrap(bytes(1, 1)), data(7, 1)));
        assertThat(bench.disk().contents(0, BLOCK)).isEqualTo(bytes(7, 1));
        assertThat(bench.disk().executions().stream().map(execution -> execution.operation()))
                .containsExactly(
                        IoOperation.WRITE,
                        IoOperation.READ,
                        IoOperation.WRITE_ZEROES,
                        IoOperation.DISCARD,
                        IoOperation.FLUSH,
                        IoOperation.COMPARE_AND_WRITE);
    }

    @Test
    void compareAndWriteThatFindsOtherDataWritesNothing() {
        IoRequest request = IoRequest.create().compareAndWrite(0, data(9, 1), data(7, 1));
        Ending ending = bench.submit(request);
        bench.runUntilIdle();
        assertThat(ending.once()).isEqualTo(IoStatus.MISCOMPARE);
        assertThat(request.effect()).isEqualTo(Effect.NONE);
        assertThat(bench.disk().contents(0, BLOCK)).containsOnly(0);
    }

    @Test
    void durableWriteAndNoOtherAsksForForceUnitAccess() {
        List<Boolean> asked = new ArrayList<>();
        MultipathDevice device = scripted(io -> asked.add(io.forceUnitAccess()));
        assertThat(device.writeDurably(0, data(1, 1))).isCompleted();
        assertThat(device.write(0, data(1, 1))).isCompleted();
        IoRequest request = IoRequest.create().write(0, data(1, 1)).forceUnitAccess(true);
        device.submit(request);
        device.submit(request.write(0, data(1, 1)));
        assertThat(asked).containsExactly(true, false, true, false);
    }

    @Test
    void durableWriteLongerThanTheLimitIsDurableInAllPieces() {
        List<Boolean> asked = new ArrayList<>();
        MultipathDevice device = scripted(io -> asked.add(io.forceUnitAccess()));
        assertThat(device.writeDurably(0, data(1, 20))).isCompleted();
        assertThat(asked).containsExactly(true, true);
    }

    @Test
    void passthroughHandsTheCommandToAPath() {
        PassthroughCommand command = () -> "log page";
        List<Object> given = new ArrayList<>();
        MultipathDevice device = scripted(io -> given.add(io.command()));
        assertThat(device.passthrough(command)).isCompleted();
        assertThat(given).containsExactly(command);
    }

    @Test
    void passthroughGoesDownOnePathOnce() {
        for (PathFailure failure : List.of(
                PathFailure.failOver(Certainty.NOT_EXECUTED, "path lost"), PathFailure.retry(1000, "busy"), BAD)) {
            bench.path(0).next(1, SimAnswer.fail(failure));
            long before = attempts();
            IoRequest request = IoRequest.create().passthrough(() -> "format");
            Ending ending = bench.submit(request);
            bench.runFor(Duration.ofSeconds(1));
            assertThat(ending.once()).isNotEqualTo(IoStatus.SUCCESS);
            assertThat(request.failure()).hasMessageContaining("passthrough format");
            assertThat(attempts()).isEqualTo(before + 1);
        }
    }

    @Test
    void scatteredBuffersOfAllKindsAreUsedFromPositionToLimitInOrder() {
        byte[] expected = bytes(5, 4);
        ByteBuffer heap = ByteBuffer.allocate(900).position(100).limit(800);
        ByteBuffer direct = ByteBuffer.allocateDirect(1000).position(7).limit(7 + 1000 - 300);
        ByteBuffer slice =
                ByteBuffer.allocate(2048).position(512).slice().position(3).limit(3 + 4 * BLOCK - 700 - 700);
        ByteBuffer empty = ByteBuffer.allocate(0);
        ByteBuffer[] list = {heap, empty, direct, slice};
        ByteBuffer whole = ByteBuffer.wrap(expected);
        for (ByteBuffer buffer : list) {
            whole.limit(whole.position() + buffer.remaining());
            buffer.duplicate().put(whole);
        }
        int[] starts = {100, 0, 7, 3};

        succeeds(bench.device.write(2 * BLOCK, list));
        assertThat(bench.disk().contents(2 * BLOCK, 4 * BLOCK)).isEqualTo(expected);
        assertThat(list).allMatch(buffer -> !buffer.hasRemaining());

        for (int i = 0; i < list.length; i++) {
            list[i].position(starts[i]);
            zero(list[i].duplicate());
        }
        succeeds(bench.device.read(2 * BLOCK, list));
        assertThat(list).allMatch(buffer -> !buffer.hasRemaining());
        ByteBuffer gathered = ByteBuffer.allocate(4 * BLOCK);
        for (int i = 0; i < list.length; i++) {
            gathered.put(list[i].duplicate().position(starts[i]));
        }
        assertThat(gathered.flip()).isEqualTo(ByteBuffer.wrap(expected));
    }

    @Test
    void positionsStayWhenTheRequestFails() {
        for (Consumer<SimPath> fault : List.<Consumer<SimPath>>of(
                path -> path.next(1, SimAnswer.fail(BAD)), path -> path.next(1, SimAnswer.fail(LOST)))) {
            fault.accept(bench.path(0));
            ByteBuffer one = data(1, 1).position(256);
            ByteBuffer other = data(1, 1).limit(256);
            Ending ending = bench.submit(IoRequest.create().write(0, one, other));
            bench.runFor(Duration.ofSeconds(1));
            assertThat(ending.once()).isNotEqualTo(IoStatus.SUCCESS);
            assertThat(one.position()).isEqualTo(256);
            assertThat(other.position()).isZero();
        }
    }

    @Test
    void positionsStayWhereTheyAreWhileTheRequestIsUnderWay() {
        bench.path(0).answer(SimAnswer.hang());
        ByteBuffer buffer = data(1, 2);
        bench.submit(IoRequest.create().write(0, buffer));
        bench.runUntilIdle();
        assertThat(buffer.position()).isZero();
        bench.path(0).underWay().get(0).complete();
        bench.runUntilIdle();
        assertThat(buffer.position()).isEqualTo(2 * BLOCK);
    }

    @Test
    void requestIsUsedAgainFromItsOwnCallback() {
        ByteBuffer buffer = data(1, 1);
        IoRequest request = IoRequest.create();
        List<IoStatus> told = new ArrayList<>();
        request.onComplete((it, status) -> {
            assertThat(it).isSameAs(request);
            told.add(status);
            if (told.size() < 10) {
                bench.device.submit(request.write((long) told.size() * BLOCK, buffer.flip()));
            }
        });
        bench.device.submit(request.attachment("mine").write(0, buffer));
        bench.runUntilIdle();
        assertThat(told).hasSize(10).containsOnly(IoStatus.SUCCESS);
        assertThat(bench.disk().executed()).isEqualTo(10);
        assertThat(request.attachment()).isEqualTo("mine");
        assertThat(request.failure()).isNull();
        assertThat(request.effect()).isEqualTo(Effect.DONE);
    }

    @Test
    void failureNamesDevicePathOperationOffsetAndCause() {
        bench.path(0).next(1, SimAnswer.fail(BAD));
        IoRequest request = IoRequest.create().read(4 * BLOCK, room(2));
        bench.submit(request);
        bench.runUntilIdle();
        assertThat(request.failure())
                .hasMessageContaining("name.disk")
                .hasMessageContaining("p0.disk")
                .hasMessageContaining("read of 1024 bytes at 2048")
                .hasMessageContaining("medium error")
                .hasMessageContaining("unrecovered read error");
    }

    /** What the last request left in the object is not the next one's. */
    @Test
    void reusedRequestRemembersNothingOfItsLastEnd() {
        bench.path(0).next(1, SimAnswer.fail(LOST));
        IoRequest request = IoRequest.create().write(0, data(1, 1)).forceUnitAccess(true);
        Ending lost = bench.submit(request);
        bench.runFor(Duration.ofSeconds(1));
        assertThat(lost.once()).isEqualTo(IoStatus.OUTCOME_UNKNOWN);

        Ending next = bench.submit(request.write(BLOCK, data(1, 1)));
        bench.runUntilIdle();
        assertThat(next.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(request.effect()).isEqualTo(Effect.DONE);
        assertThat(request.failure()).isNull();
    }

    @Test
    void futureOfAFailedRequestSaysWhatIsKnown() {
        bench.path(0).next(1, SimAnswer.fail(BAD));
        IoFuture read = bench.device.read(0, room(1));
        bench.runUntilIdle();
        assertThat(read.buffersReleased().toCompletableFuture()).isCompleted();
        assertThatThrownBy(read::get).cause().isInstanceOfSatisfying(DeviceIoException.class, failure -> {
            assertThat(failure.status()).isEqualTo(IoStatus.MEDIUM_ERROR);
            assertThat(failure.effect()).isEqualTo(Effect.NONE);
        });
    }

    @Test
    void cancellingDetachesTheCallerAndTheBuffersStayInUse() {
        bench.path(0).answer(SimAnswer.hang());
        ByteBuffer buffer = room(1);
        IoFuture read = bench.device.read(0, buffer);
        CompletableFuture<Void> released = read.buffersReleased().toCompletableFuture();
        bench.runUntilIdle();
        assertThat(read.cancel(true)).isTrue();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(read::await);
        bench.runUntilIdle();
        assertThat(bench.path(0).underWay()).hasSize(1);
        assertThat(released).isNotDone();

        bench.path(0).underWay().get(0).complete();
        bench.runUntilIdle();
        assertThat(released).isCompleted();
        assertThat(read).isCancelled();
        assertThat(buffer.hasRemaining()).as("it was read nevertheless").isFalse();
    }

    @Test
    void onlyTheLibraryCompletesAFuture() {
        bench.path(0).answer(SimAnswer.hang());
        IoFuture read = bench.device.read(0, room(1));
        List<Callable<CompletableFuture<Void>>> chained = List.of(
                () -> read.completeAsync(() -> null),
                () -> read.completeAsync(() -> null, Runnable::run),
                () -> read.orTimeout(1, TimeUnit.NANOSECONDS),
                () -> read.completeOnTimeout(null, 1, TimeUnit.NANOSECONDS));
        List<ThrowingCallable> attempts = new ArrayList<>(List.of(
                () -> read.complete(null),
                () -> read.completeExceptionally(new IllegalStateException()),
                () -> read.obtrudeValue(null),
                () -> read.obtrudeException(new IllegalStateException())));
        chained.forEach(attempt -> attempts.add(attempt::call));
        assertThat(attempts)
                .hasSize(8)
                .allSatisfy(attempt -> assertThatExceptionOfType(UnsupportedOperationException.class)
                        .isThrownBy(attempt)
                        .withMessageContaining("only the library completes an I/O"));
        read.buffersReleased().toCompletableFuture().complete(null);
        assertThat(read.buffersReleased().toCompletableFuture()).isNotDone();
        assertThat(read).isNotDone();

        CompletableFuture<Void> derived = read.thenRun(() -> {});
        CompletableFuture<Void> copy = read.copy();
        assertThat(derived.complete(null)).isTrue();
        assertThat(copy.complete(null)).isTrue();
        assertThat(read).isNotDone();
        bench.path(0).answer(SimAnswer.succeed());
        bench.runUntilIdle();
        bench.path(0).underWay().get(0).complete();
        bench.runUntilIdle();
        assertThat(read).isCompleted();
    }

    @Test
    void limitsAreTheIntersectionOfThePathsThatAreThere() {
        SimPath narrow = bench.path(1);
        assertThat(bench.device.geometry()).isEqualTo(GEOMETRY);
        bench.world.await(bench.device.removePath("p1.disk"));
        narrow.describeGeometry(
                new Geometry(GEOMETRY.sizeBytes(), BLOCK, 8 * BLOCK, 4 * BLOCK, 0, 64 * BLOCK, BLOCK, false, false));
        bench.world.await(bench.registry.offer(narrow));
        bench.runUntilIdle();
        assertThat(bench.device.geometry())
                .isEqualTo(new Geometry(
                        GEOMETRY.sizeBytes(), BLOCK, 8 * BLOCK, 4 * BLOCK, 0, 32 * BLOCK, BLOCK, true, false));

        succeeds(bench.device.write(0, data(1, 16)));
        assertThat(bench.disk().executed()).as("pieces of four blocks").isEqualTo(4);
        assertThat(bench.device.discard(0, BLOCK)).isCompletedExceptionally();

        bench.world.await(bench.device.removePath("p1.disk"));
        assertThat(bench.device.geometry().maxTransferBytes()).isEqualTo(GEOMETRY.maxTransferBytes());
        succeeds(bench.device.write(0, data(2, 16)));
        assertThat(bench.disk().executed()).as("and one more, whole").isEqualTo(5);
    }

    /** A request that waits while the limits shrink is cut when it is sent. */
    @Test
    void requestThatWaitsIsCutToTheLimitsOfTheTimeItIsSent() {
        bench.array.port("p0").liveness(Liveness.CONNECTING);
        bench.array.port("p1").liveness(Liveness.CONNECTING);
        bench.runUntilIdle();
        IoFuture write = bench.device.write(0, data(1, 16));
        bench.runUntilIdle();
        bench.disk()
                .describe(new PathDescription(
                        DataPathBench.ID,
                        new Geometry(GEOMETRY.sizeBytes(), BLOCK, BLOCK, 4 * BLOCK, 0, 0, 0, true, false)));
        bench.array.port("p0").putBack();
        bench.array.port("p1").putBack();
        bench.runUntilIdle();
        assertThat(write).isCompleted();
        assertThat(bench.disk().executions()).allMatch(execution -> execution.length() <= 4 * BLOCK);
        assertThat(bench.disk().contents(0, 16 * BLOCK)).isEqualTo(bytes(1, 16));
    }

    /** A device over one path that shows {@code look} each attempt and ends it at once. */
    private MultipathDevice scripted(Consumer<PathIo> look) {
        DeviceId id = DeviceId.named("scripted");
        var path = new ScriptedPath("scripted", new PathDescription(id, GEOMETRY), io -> {
            look.accept(io);
            io.complete(io.tag());
            return true;
        });
        bench.world.await(bench.registry.offer(path));
        bench.runUntilIdle();
        return bench.registry.device(id).orElseThrow();
    }

    private void succeeds(IoFuture future) {
        bench.runUntilIdle();
        assertThat(future).isCompleted();
        assertThat(future.buffersReleased().toCompletableFuture()).isCompleted();
    }

    private long attempts() {
        return bench.path(0).submitted() + bench.path(1).submitted();
    }

    private static void zero(ByteBuffer buffer) {
        while (buffer.hasRemaining()) {
            buffer.put((byte) 0);
        }
    }
}
