package io.mpath;

import static io.mpath.DataPathBench.GEOMETRY;
import static io.mpath.DataPathBench.room;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DataPathBench.Ending;
import io.mpath.observe.MultipathEvent;
import io.mpath.observe.PathSnapshot;
import io.mpath.path.Certainty;
import io.mpath.path.DevicePath;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import io.mpath.policy.NumaTopology;
import io.mpath.policy.PathSelector;
import io.mpath.policy.SelectablePath;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** Adapters and policies that report at an awkward moment, or throw what nobody expects. */
class AdapterCornersTest {
    private static final PathFailure LOST = PathFailure.failOver(Certainty.NOT_EXECUTED, "lost");

    /** Its port goes and comes back while it rests: the end of the rest must not make it usable before the check does. */
    @Test
    void pathThatComesBackFromARestIsNotUsedBeforeItsIdentityIsChecked() {
        var bench = new DataPathBench(1);
        bench.path(0).next(1, SimAnswer.fail(LOST));
        Ending ending = bench.submit(IoRequest.create().read(0, room(1)));
        bench.runUntilIdle();
        assertThat(snapshot(bench, 0).reason()).startsWith("rests after");
        bench.world.blocking().hold();

        bench.array.port("p0").liveness(Liveness.RESETTING);
        bench.array.port("p0").liveness(Liveness.LIVE);
        bench.runUntilIdle();
        assertThat(bench.path(0).submitted()).as("attempts so far").isEqualTo(1);
        assertThat(snapshot(bench, 0).reason()).isEqualTo("its identity is being checked");

        bench.world.blocking().release();
        bench.runUntilIdle();
        assertThat(ending.once()).isEqualTo(IoStatus.SUCCESS);
    }

    /** The doubt is reported first, and so it is no use that the path would rest if it were usable. */
    @Test
    void pathThatRaisesADoubtWithEachFailureIsGivenPauses() {
        var bench = new DataPathBench(0);
        var attempts = new AtomicInteger();
        DeviceId id = DeviceId.named("doubtful");
        ScriptedPath[] self = new ScriptedPath[1];
        self[0] = new ScriptedPath("doubtful", new PathDescription(id, DataPathBench.GEOMETRY), io -> {
            attempts.incrementAndGet();
            self[0].control.identityInDoubt();
            io.fail(io.tag(), LOST);
            return true;
        });
        bench.world.await(bench.registry.offer(self[0]));
        bench.runUntilIdle();

        Ending ending = bench.submit(
                bench.registry.device(id).orElseThrow(), IoRequest.create().read(0, room(1)));
        bench.runFor(Duration.ofSeconds(5));

        assertThat(ending.told).isEmpty();
        assertThat(attempts.get()).isBetween(5, 12);
    }

    /** The first failure has woken the control loop already when the report is made; the second one follows it. */
    @Test
    void reportCountsBeforeAFailureThatTheSameThreadReportsAfterIt() {
        var bench = new DataPathBench(3, DeviceSettings.defaults().withPolicy(IoPolicies.roundRobin()));
        for (int i = 0; i < 3; i++) {
            bench.path(i).answer(SimAnswer.hang());
            bench.submit(IoRequest.create().read(0, room(1)));
        }
        bench.world.holdLoop();
        bench.path(0).underWay().get(0).fail(LOST);
        bench.path(1).accessState(AccessState.STANDBY);
        bench.path(1).underWay().get(0).fail(LOST);
        bench.world.releaseLoop();
        bench.runUntilIdle();
        bench.path(1).accessState(AccessState.OPTIMIZED);
        bench.runUntilIdle();

        assertThat(snapshot(bench, 0).reason()).isEqualTo("rests after: lost");
        assertThat(snapshot(bench, 1).usable())
                .as("it had said that it was in standby")
                .isTrue();
    }

    @Test
    void offerIsAnsweredThoughThePathThatWasAskedAboutTheSizeWentAway() {
        var bench = new DataPathBench(1);
        AtomicInteger asked = new AtomicInteger();
        bench.path(0).describe(() -> {
            asked.incrementAndGet();
            bench.path(0).vanish();
            return bench.disk().description();
        });
        bench.array.withPort("larger");
        SimPath larger =
                bench.array.path("larger", "disk").describeGeometry(GEOMETRY.withSize(2 * GEOMETRY.sizeBytes()));

        Offer offer = bench.world.await(bench.registry.offer(larger));
        assertThat(asked).hasValue(1);
        assertThat(offer).isInstanceOf(Offer.Admitted.class);
        assertThat(bench.registry
                        .device(DataPathBench.ID)
                        .orElseThrow()
                        .geometry()
                        .sizeBytes())
                .isEqualTo(2 * GEOMETRY.sizeBytes());
    }

    @Test
    void offerIsAnsweredThoughTheDeviceClosesWhileItsPathIsAsked() {
        var bench = new DataPathBench(1);
        List<CompletableFuture<Void>> closings = new ArrayList<>();
        bench.path(0).describe(() -> {
            closings.add(bench.device.closeAsync());
            return bench.disk().description();
        });
        bench.array.withPort("larger");
        SimPath larger =
                bench.array.path("larger", "disk").describeGeometry(GEOMETRY.withSize(2 * GEOMETRY.sizeBytes()));
        CompletableFuture<Offer> offer = bench.registry.offer(larger);
        bench.runUntilIdle();
        assertThat(closings).hasSize(1).allMatch(CompletableFuture::isDone);
        assertThat(offer).isCompleted();
    }

    @Test
    void adapterWhoseLibraryIsMissingFailsTheOffer() {
        var bench = new DataPathBench(0);
        var path = new ScriptedPath("native", new PathDescription(DataPathBench.ID, GEOMETRY), io -> true) {
            @Override
            public DevicePath open() {
                throw new NoClassDefFoundError("com/sun/jna/Native");
            }
        };
        CompletableFuture<Offer> offer = bench.registry.offer(path);
        bench.runUntilIdle();

        assertThat(offer)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(MultipathException.class)
                .withMessageContaining("native could not be opened")
                .withMessageContaining("com/sun/jna/Native");
        assertThat(bench.registry.leftOut()).hasSize(1);
    }

    @Test
    void pathThatCannotEvenFailProperlyWhenItIsDescribedIsAskedAgain() {
        var bench = new DataPathBench(1);
        bench.array.port("p0").liveness(Liveness.CONNECTING);
        bench.path(0).describe(() -> {
            throw new StackOverflowError("parsing");
        });
        bench.array.port("p0").liveness(Liveness.LIVE);
        bench.runUntilIdle();
        assertThat(snapshot(bench, 0).reason())
                .contains("could not be described")
                .contains("parsing");

        bench.path(0).describe(null);
        bench.runFor(Duration.ofSeconds(2));
        assertThat(snapshot(bench, 0).usable()).isTrue();
    }

    @Test
    void policyThatFailsOnThePathsAtHandIsRefusedAndTheOldOneStays() {
        var bench = new DataPathBench(2);
        CompletableFuture<Void> change = bench.device.policy(failingFor(count -> true));
        bench.runUntilIdle();

        assertThat(change)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .withMessage("not these 2");
        assertThat(bench.device.snapshot().policy()).isEqualTo("numa");
        bench.array.port("p0").liveness(Liveness.CONNECTING);
        bench.runUntilIdle();
        assertThat(snapshot(bench, 0).selected()).isFalse();
    }

    @Test
    void policyThatFailsLaterIsComplainedOfAndAPathIsChosenNevertheless() {
        var bench = new DataPathBench(2);
        CompletableFuture<Void> change = bench.device.policy(failingFor(count -> count == 1));
        bench.runUntilIdle();
        assertThat(change).isCompleted();

        bench.array.port("p0").liveness(Liveness.CONNECTING);
        bench.runUntilIdle();
        Ending ending = bench.submit(IoRequest.create().read(0, room(1)));
        bench.runUntilIdle();
        assertThat(ending.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(bench.path(1).submitted()).isEqualTo(1);
        assertThat(bench.events)
                .filteredOn(MultipathEvent.PathMisbehaved.class::isInstance)
                .singleElement()
                .asString()
                .contains("policy picky made no selector");
        assertThat(bench.world.await(bench.device.closeAsync())).isNull();
    }

    private static PathSnapshot snapshot(DataPathBench bench, int path) {
        return bench.device.snapshot().paths().get(path);
    }

    private static IoPolicy failingFor(IntPredicate count) {
        return new IoPolicy() {
            @Override
            public String name() {
                return "picky";
            }

            @Override
            public boolean countsInFlight() {
                return false;
            }

            @Override
            public PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa) {
                if (count.test(candidates.size())) {
                    throw new IllegalStateException("not these " + candidates.size());
                }
                return cursor -> 0;
            }
        };
    }
}
