package io.mpath;

import static io.mpath.DataPathBench.BLOCK;
import static io.mpath.DataPathBench.GEOMETRY;
import static io.mpath.DataPathBench.bytes;
import static io.mpath.DataPathBench.data;
import static io.mpath.DataPathBench.room;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.DataPathBench.Ending;
import io.mpath.observe.PathSnapshot;
import io.mpath.path.Certainty;
import io.mpath.path.PathControl;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.path.Verdict;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimDisk;
import io.mpath.sim.SimPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A path as a device of its own: what it says is what the caller hears, and nothing is done about it. */
@Timeout(30)
class BareDeviceTest {
    private final DataPathBench bench = new DataPathBench(1);
    private final SimPath path = alone();
    private final BlockDevice device = open(path);

    @Test
    void whatIsNotAdmittedOpensBareAndIsNoDeviceOfTheRegistry() {
        SimPath disk = new SimPath("sda", bench.array.port("p0"), new SimDisk(DeviceId.named("sda"), GEOMETRY));
        disk.notCapable("an ATA disk");
        assertThat(bench.world.await(bench.registry.offer(disk))).isEqualTo(new Offer.LeftOut("sda", "an ATA disk"));

        BlockDevice bare = open(disk);
        assertThat(bench.registry.devices()).containsExactly(bench.device);
        assertThat(bare.id()).isEqualTo(DeviceId.named("sda"));
        assertThat(bare.geometry()).isEqualTo(GEOMETRY);
        assertThat(bare).isNotInstanceOf(MultipathDevice.class);
    }

    @Test
    void whatHasOnePathOnlyIsClosedAgainAndWorksBare() {
        var alone = new PathDescription(DeviceId.named("alone"), GEOMETRY).withNotCapable("a private namespace");
        var only = new ScriptedPath("only", alone, io -> true);

        assertThat(bench.world.await(bench.registry.offer(only)))
                .isEqualTo(new Offer.LeftOut("only", "a private namespace; it can be opened bare"));
        assertThat(only.closes).hasValue(1);
        assertThat(bench.registry.openBare(only).id()).isEqualTo(alone.id());
    }

    @Test
    void pathOfADeviceIsNotOpenedBare() {
        assertThatExceptionOfType(MultipathException.class)
                .isThrownBy(() -> bench.registry.openBare(bench.path(0)))
                .withMessage("p0.disk is a path here already, or open bare");
        assertThatExceptionOfType(MultipathException.class)
                .isThrownBy(() -> bench.registry.openBare(path))
                .withMessage("alone is a path here already, or open bare");
        assertThat(bench.world.await(bench.registry.offer(path))).isInstanceOf(Offer.Refused.class);
    }

    @Test
    void everyOperationGoesToThePathAsItIs() {
        assertThat(ends(IoRequest.create().write(BLOCK, data(1, 2)))).isEqualTo(IoStatus.SUCCESS);
        assertThat(path.disk().contents(BLOCK, 2 * BLOCK)).isEqualTo(bytes(1, 2));
        assertThat(ends(IoRequest.create().read(BLOCK, room(2)))).isEqualTo(IoStatus.SUCCESS);
        assertThat(ends(IoRequest.create().flush())).isEqualTo(IoStatus.SUCCESS);
        assertThat(ends(IoRequest.create().discard(0, BLOCK))).isEqualTo(IoStatus.SUCCESS);
        assertThat(ends(IoRequest.create().writeZeroes(0, BLOCK))).isEqualTo(IoStatus.SUCCESS);
        assertThat(ends(IoRequest.create().compareAndWrite(0, room(1), data(1, 1))))
                .isEqualTo(IoStatus.SUCCESS);
        assertThat(ends(IoRequest.create().compareAndWrite(0, room(1), data(1, 1))))
                .isEqualTo(IoStatus.MISCOMPARE);
        assertThat(path.submitted()).isEqualTo(7);
    }

    /** Under the layer the same failures would have been retried, failed over or waited out. */
    @Test
    void failureIsTheCallersAtOnce() {
        for (PathFailure failure : List.of(
                PathFailure.failOver(Certainty.NOT_EXECUTED, "path lost"),
                PathFailure.retry(1_000, "busy"),
                PathFailure.fail(IoStatus.MEDIUM_ERROR, "bad block"))) {
            path.next(1, SimAnswer.fail(failure));
            long before = path.submitted();
            IoRequest request = IoRequest.create().read(0, room(1));
            assertThat(ends(request)).isEqualTo(failure.status());
            assertThat(request.failure()).hasMessageContaining("bare alone").hasMessageContaining(failure.cause());
            assertThat(path.submitted()).isEqualTo(before + 1);
        }
    }

    @Test
    void lostWriteIsUnknown() {
        for (Verdict verdict : Verdict.values()) {
            path.next(
                    1,
                    SimAnswer.fail(new PathFailure(verdict, Certainty.UNKNOWN, IoStatus.PATH_ERROR, "lost", 0, 0, 0)));
            IoRequest write = IoRequest.create().write(0, data(1, 1));
            assertThat(ends(write)).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
            assertThat(write.effect()).isEqualTo(Effect.MAY_STILL_HAPPEN);
        }
    }

    @Test
    void fullPathIsAFullDeviceForTheCallbackFormAndAWaitForTheOthers() {
        path.answer(SimAnswer.hang()).capacity(1);
        Ending first = bench.submit(device, IoRequest.create().read(0, room(1)));
        bench.runUntilIdle();
        assertThat(bench.submit(device, IoRequest.create().write(0, data(1, 1))).once())
                .isEqualTo(IoStatus.QUEUE_FULL);
        IoFuture waits = device.write(0, data(1, 1));
        bench.runUntilIdle();
        assertThat(waits).isNotDone();

        path.answer(SimAnswer.succeed());
        path.underWay().get(0).complete();
        bench.runUntilIdle();
        assertThat(first.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(waits).isCompleted();
    }

    /** Its pieces wait for one another where the path takes one at a time. */
    @Test
    void longRequestGetsThroughAShallowPath() {
        path.capacity(1);
        assertThat(ends(IoRequest.create().write(0, data(1, 100)))).isEqualTo(IoStatus.SUCCESS);
        assertThat(path.disk().contents(0, 100 * BLOCK)).isEqualTo(bytes(1, 100));
    }

    @Test
    void whatNoDeviceCouldTakeIsNotSent() {
        assertThat(ends(IoRequest.create().read(1, room(1)))).isEqualTo(IoStatus.MISALIGNED);
        assertThat(ends(IoRequest.create().read(GEOMETRY.sizeBytes(), room(1)))).isEqualTo(IoStatus.OUT_OF_RANGE);
        assertThat(path.submitted()).isZero();
    }

    @Test
    void longRequestIsSplit() {
        assertThat(ends(IoRequest.create().write(0, data(1, 100)))).isEqualTo(IoStatus.SUCCESS);
        assertThat(path.disk().contents(0, 100 * BLOCK)).isEqualTo(bytes(1, 100));
        assertThat(path.submitted()).isEqualTo(7);
    }

    @Test
    void pathThatChangesIsDescribedAnew() {
        path.disk().resize(2 * GEOMETRY.sizeBytes());
        path.changed();
        bench.runUntilIdle();
        assertThat(device.geometry().sizeBytes()).isEqualTo(2 * GEOMETRY.sizeBytes());

        path.describe(() -> {
            throw new StackOverflowError("parsing");
        });
        path.changed();
        bench.runUntilIdle();
        assertThat(device.geometry().sizeBytes()).isEqualTo(2 * GEOMETRY.sizeBytes());
    }

    /** Another disk's geometry would let requests through to blocks that this one's caller never meant. */
    @Test
    void geometryOfAnotherDiskIsNotTaken() {
        path.describe(() -> new PathDescription(DeviceId.named("another"), GEOMETRY.withSize(BLOCK)));
        path.changed();
        bench.runUntilIdle();
        assertThat(device.geometry()).isEqualTo(GEOMETRY);
    }

    @Test
    void pathThatLeadsElsewhereByNowIsGivenNothing() {
        path.describe(() -> new PathDescription(DeviceId.named("another"), GEOMETRY));
        path.changed();
        bench.runUntilIdle();

        IoRequest write = IoRequest.create().write(0, data(1, 1));
        assertThat(ends(write)).isEqualTo(IoStatus.NO_PATH);
        assertThat(write.effect()).isEqualTo(Effect.NONE);
        assertThat(write.failure())
                .hasMessageContaining("bare alone")
                .hasMessageContaining("it leads elsewhere by now: its identity is name.another, not name.alone");
        assertThat(ends(IoRequest.create().flush())).isEqualTo(IoStatus.NO_PATH);
        assertThat(path.submitted()).isZero();
    }

    @Test
    void pathThatLeadsBackIsUsedAgain() {
        path.describe(() -> new PathDescription(DeviceId.named("another"), GEOMETRY));
        path.identityInDoubt();
        bench.runUntilIdle();
        assertThat(ends(IoRequest.create().read(0, room(1)))).isEqualTo(IoStatus.NO_PATH);

        path.describe(() -> new PathDescription(DeviceId.named("alone"), GEOMETRY));
        path.identityInDoubt();
        bench.runUntilIdle();

        assertThat(ends(IoRequest.create().read(0, room(1)))).isEqualTo(IoStatus.SUCCESS);
    }

    /** From the report on, and not from when the control loop gets to it. */
    @Test
    void requestsWaitWhileThePathIsAskedForItsIdentity() {
        bench.world.holdLoop();
        path.identityInDoubt();
        Ending small = bench.submit(device, IoRequest.create().write(0, data(1, 1)));
        IoFuture split = device.write(BLOCK, data(1, 100));
        bench.runUntilIdle();
        assertThat(path.submitted()).isZero();
        assertThat(small.told).isEmpty();

        bench.world.releaseLoop();
        bench.runFor(Duration.ofMillis(1));

        assertThat(small.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(split).isCompleted();
        assertThat(path.disk().contents(BLOCK, 100 * BLOCK)).isEqualTo(bytes(1, 100));
    }

    @Test
    void requestThatWaitedForAnIdentityThatIsAnotherIsNotSent() {
        path.describe(() -> new PathDescription(DeviceId.named("another"), GEOMETRY));
        bench.world.holdLoop();
        path.identityInDoubt();
        Ending write = bench.submit(device, IoRequest.create().write(0, data(1, 1)));
        bench.world.releaseLoop();
        bench.runUntilIdle();

        assertThat(write.once()).isEqualTo(IoStatus.NO_PATH);
        assertThat(path.submitted()).isZero();
    }

    /** It waits for room, and when there is some its path leads elsewhere. */
    @Test
    void requestThatWaitedForRoomIsNotSentElsewhere() {
        path.answer(SimAnswer.hang()).capacity(1);
        Ending first = bench.submit(device, IoRequest.create().read(0, room(1)));
        IoFuture waits = device.write(0, data(1, 1));
        bench.runUntilIdle();
        path.describe(() -> new PathDescription(DeviceId.named("another"), GEOMETRY));
        path.changed();
        bench.runUntilIdle();

        assertThat(waits.handle((nothing, failure) -> ((DeviceIoException) failure).status()))
                .isCompletedWithValue(IoStatus.NO_PATH);
        path.underWay().get(0).complete();
        bench.runUntilIdle();
        assertThat(first.once()).isEqualTo(IoStatus.SUCCESS);
    }

    /** What it said before it was doubted is no answer to the doubt. */
    @Test
    void answerThatIsOlderThanTheDoubtDoesNotEndIt() {
        List<PathDescription> answers = new ArrayList<>(List.of(
                new PathDescription(DeviceId.named("alone"), GEOMETRY),
                new PathDescription(DeviceId.named("another"), GEOMETRY)));
        path.describe(() -> {
            if (answers.size() == 2) {
                path.identityInDoubt();
            }
            return answers.remove(0);
        });
        path.changed();
        bench.runUntilIdle();

        assertThat(answers).isEmpty();
        assertThat(ends(IoRequest.create().write(0, data(1, 1)))).isEqualTo(IoStatus.NO_PATH);
    }

    @Test
    void pathInDoubtThatDoesNotAnswerIsGivenNothingAndAskedAgain() {
        path.describe(() -> {
            throw new MultipathException("alone does not answer");
        });
        path.identityInDoubt();
        bench.runUntilIdle();
        IoRequest write = IoRequest.create().write(0, data(1, 1));
        assertThat(ends(write)).isEqualTo(IoStatus.NO_PATH);
        assertThat(write.failure())
                .hasMessageContaining("its identity is in doubt: it could not be described: alone does not answer");

        path.describe(() -> new PathDescription(DeviceId.named("alone"), GEOMETRY));
        bench.runFor(Duration.ofSeconds(1));

        assertThat(ends(IoRequest.create().write(0, data(1, 1)))).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void requestThatWaitsForAnIdentityEndsWithTheDevice() {
        bench.world.blocking().hold();
        path.identityInDoubt();
        Ending write = bench.submit(device, IoRequest.create().write(0, data(1, 1)));
        bench.runUntilIdle();
        assertThat(write.told).isEmpty();

        bench.world.await(bench.registry.closeAsync());

        assertThat(write.once()).isEqualTo(IoStatus.CLOSED);
        assertThat(path.submitted()).isZero();
    }

    @Test
    void deviceThatShrankRefusesWhatIsBehindItsEnd() {
        path.describe(() -> new PathDescription(DeviceId.named("alone"), GEOMETRY.withSize(BLOCK)));
        path.changed();
        bench.runUntilIdle();

        assertThat(ends(IoRequest.create().read(BLOCK, room(1)))).isEqualTo(IoStatus.OUT_OF_RANGE);
        assertThat(path.submitted()).isZero();
    }

    /** It reports to the device from the first request on. */
    @Test
    void pathIsAttachedBeforeItIsGivenAnything() {
        List<Boolean> attached = new ArrayList<>();
        ScriptedPath[] self = new ScriptedPath[1];
        self[0] = new ScriptedPath("early", new PathDescription(DeviceId.named("early"), GEOMETRY), io -> {
            attached.add(self[0].control != null);
            io.complete(io.tag());
            return true;
        });
        try (Multipath real = Multipath.create();
                BlockDevice early = real.openBare(self[0])) {
            early.flush().await();
        }
        assertThat(attached).containsExactly(true);
    }

    @Test
    void whatItsPathReportsOfItsPortCountsForTheOtherPathsThere() {
        PathControl speaker = speaker();
        speaker.liveness(Liveness.CONNECTING);
        bench.runUntilIdle();
        assertThat(disksPath().liveness()).isEqualTo(Liveness.CONNECTING);
        assertThat(bench.device.snapshot().state()).isEqualTo(DeviceState.WAITING);

        speaker.fastFailExpired();
        bench.runUntilIdle();
        assertThat(bench.device.snapshot().state()).isEqualTo(DeviceState.FAILED);

        speaker.liveness(Liveness.LIVE);
        bench.runUntilIdle();
        assertThat(disksPath().usable()).isTrue();
    }

    @Test
    void accessStatesThatItsPathReportsAreThoseOfTheOthers() {
        var other = new ScriptedPath("other", new PathDescription(DataPathBench.ID, GEOMETRY), io -> true);
        bench.world.await(bench.registry.offer(other));
        var bare = new ScriptedPath("bare", new PathDescription(DeviceId.named("bare"), GEOMETRY), io -> true);
        bench.registry.openBare(bare);
        bench.runUntilIdle();

        bare.control.accessStates(List.of(
                new PathControl.AccessChange(bare, AccessState.UNAVAILABLE, false),
                new PathControl.AccessChange(other, AccessState.NON_OPTIMIZED, true)));
        bench.runUntilIdle();
        PathSnapshot told = bench.device.snapshot().paths().get(1);
        assertThat(told.accessState()).isEqualTo(AccessState.NON_OPTIMIZED);
        assertThat(told.preferred()).isTrue();
    }

    @Test
    void portThatNoDeviceUsesIsReportedInVain() {
        var lonely = new ScriptedPath("lonely", new PathDescription(DeviceId.named("lonely"), GEOMETRY), io -> true);
        bench.registry.openBare(lonely);
        bench.runUntilIdle();
        lonely.control.liveness(Liveness.DEAD);
        lonely.control.fastFailExpired();
        bench.runUntilIdle();
        assertThat(disksPath().usable()).isTrue();
    }

    /** Of a bare path through the port of the device's only path. */
    private PathControl speaker() {
        var speaker = new ScriptedPath(
                "speaker",
                bench.array.port("p0").port(),
                new PathDescription(DeviceId.named("speaker"), GEOMETRY),
                io -> true);
        bench.registry.openBare(speaker);
        bench.runUntilIdle();
        return Objects.requireNonNull(speaker.control);
    }

    private PathSnapshot disksPath() {
        return bench.device.snapshot().paths().get(0);
    }

    @Test
    void closeAnswersWhatCameAfterItAndWaitsForWhatCameBefore() throws Exception {
        LinkedBlockingQueue<PathIo> taken = new LinkedBlockingQueue<>();
        List<Runnable> closings = new ArrayList<>();
        CompletableFuture<Void> closeAsked = new CompletableFuture<>();
        var slow = new ScriptedPath("slow", new PathDescription(DeviceId.named("slow"), GEOMETRY), taken::add) {
            @Override
            public void close(Runnable closed) {
                closings.add(closed);
                closeAsked.complete(null);
            }
        };
        try (Multipath real = Multipath.create()) {
            BlockDevice bare = real.openBare(slow);
            IoFuture before = bare.read(0, room(1));
            PathIo io = taken.poll(10, TimeUnit.SECONDS);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(bare::close);
            closeAsked.get(10, TimeUnit.SECONDS);
            assertThat(bare.read(0, room(1)).handle((nothing, failure) -> ((DeviceIoException) failure).status()))
                    .isCompletedWithValue(IoStatus.CLOSED);
            assertThat(closing).isNotDone();

            io.complete(io.tag());
            before.await();
            closings.get(0).run();
            closing.get(10, TimeUnit.SECONDS);
            bare.close();
        }
    }

    @Test
    void pathOfABareDeviceThatIsBeingClosedIsOfferedBehindIt() throws Exception {
        var closings = new LinkedBlockingQueue<Runnable>();
        var slow = new ScriptedPath("slow", new PathDescription(DeviceId.named("slow"), GEOMETRY), io -> true) {
            @Override
            public void close(Runnable closed) {
                closings.add(closed);
            }
        };
        try (Multipath real = Multipath.create()) {
            BlockDevice bare = real.openBare(slow);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(bare::close);
            Runnable closed = closings.poll(10, TimeUnit.SECONDS);
            CompletableFuture<Offer> offer =
                    real.offer(new MemoryDisk(DeviceId.named("slow"), GEOMETRY).pathAtOnce("slow"));
            assertThat(offer).isNotDone();
            closed.run();

            assertThat(offer.get(10, TimeUnit.SECONDS)).isInstanceOf(Offer.Admitted.class);
            closing.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void closedBareDeviceIsOpenedAgainAtOnce() {
        var path = new MemoryDisk(DeviceId.named("own"), GEOMETRY).pathAtOnce("own");
        try (Multipath real = Multipath.create()) {
            for (int i = 0; i < 50; i++) {
                real.openBare(path).close();
            }
        }
    }

    @Test
    void closingOnTheControlLoopIsRefused() {
        List<Throwable> thrown = new ArrayList<>();
        bench.world.environment().loop().execute(() -> {
            try {
                device.close();
            } catch (IllegalStateException e) {
                thrown.add(e);
            }
        });
        bench.runUntilIdle();
        assertThat(thrown).singleElement().asString().contains("waits for the control loop");
    }

    @Test
    void registryClosesItsBareDevicesAndOpensNoMore() {
        ScriptedPath own = new MemoryDisk(DeviceId.named("own"), GEOMETRY).pathAtOnce("own");
        Multipath real = Multipath.create();
        BlockDevice bare = real.openBare(own);
        bare.write(0, data(1, 1)).await();
        real.close();

        assertThat(own.closes).hasValue(1);
        assertThat(bare.flush()).isCompletedExceptionally();
        bare.close();
        assertThatExceptionOfType(MultipathException.class)
                .isThrownBy(() -> real.openBare(own))
                .withMessage("own: the registry is closed");
    }

    @Test
    void closeReturnsThoughThePathNeverDoes() {
        var stuck = new ScriptedPath("stuck", new PathDescription(DeviceId.named("stuck"), GEOMETRY), io -> true) {
            @Override
            public void close(Runnable closed) {}
        };
        Multipath real = Multipath.builder()
                .settings(DeviceSettings.defaults().withCloseTimeout(Duration.ofMillis(10)))
                .build();
        real.openBare(stuck).close();
        real.close();
    }

    @Test
    void pathThatCannotBeDescribedIsClosedAgain() {
        var mute = new ScriptedPath("mute", new PathDescription(DeviceId.named("mute"), GEOMETRY), io -> true) {
            @Override
            public PathDescription describe() {
                throw new MultipathException("mute does not answer");
            }
        };
        assertThatExceptionOfType(MultipathException.class)
                .isThrownBy(() -> bench.registry.openBare(mute))
                .withMessage("mute does not answer");
        bench.runUntilIdle();
        assertThat(mute.closes).hasValue(1);
    }

    private IoStatus ends(IoRequest request) {
        Ending ending = bench.submit(device, request);
        bench.runFor(Duration.ofMillis(1));
        return ending.once();
    }

    private SimPath alone() {
        return new SimPath("alone", bench.array.port("p0"), new SimDisk(DeviceId.named("alone"), GEOMETRY));
    }

    private BlockDevice open(SimPath candidate) {
        BlockDevice opened = bench.registry.openBare(candidate);
        bench.runUntilIdle();
        return opened;
    }
}
