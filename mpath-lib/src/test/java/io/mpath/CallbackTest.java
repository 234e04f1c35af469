package io.mpath;

import static io.mpath.DataPathBench.room;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DataPathBench.Ending;
import io.mpath.path.Certainty;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.sim.SimAnswer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On which thread ends are told. */
class CallbackTest {
    private enum Place {
        PATH_OR_CALLER,
        COMPLETIONS,
        LOOP
    }

    private final DataPathBench bench =
            new DataPathBench(2, DeviceSettings.defaults(), DataPathBench.GEOMETRY, this::withMarkedCompletions);
    private final List<Place> toldOn = new ArrayList<>();
    private boolean onCompletions;

    @Test
    void successOnTheFirstPathIsToldWhereThePathCompletes() {
        bench.device.submit(noting(IoRequest.create().read(0, room(1))));
        assertThat(toldOn).isEmpty();
        bench.runUntilIdle();
        assertThat(toldOn).containsExactly(Place.PATH_OR_CALLER);
    }

    @Test
    void endInsideSubmitIsToldInsideSubmit() {
        bench.path(0).answer(SimAnswer.succeed().inSubmit());
        bench.device.submit(noting(IoRequest.create().read(0, room(1))));
        assertThat(toldOn).containsExactly(Place.PATH_OR_CALLER);
    }

    @Test
    void whatCouldNotBeSentIsToldInsideSubmit() {
        bench.device.submit(noting(IoRequest.create().read(1, room(1))));
        assertThat(toldOn).containsExactly(Place.PATH_OR_CALLER);
    }

    @Test
    void successAfterAFailoverIsToldOnTheCompletionExecutor() {
        bench.path(0).next(1, SimAnswer.fail(PathFailure.failOver(Certainty.NOT_EXECUTED, "lost")));
        bench.device.submit(noting(IoRequest.create().read(0, room(1))));
        bench.runUntilIdle();
        assertThat(toldOn).containsExactly(Place.COMPLETIONS);
    }

    @Test
    void failureIsToldOnTheCompletionExecutor() {
        bench.path(0).answer(SimAnswer.fail(PathFailure.fail(IoStatus.MEDIUM_ERROR, "bad")));
        bench.device.submit(noting(IoRequest.create().read(0, room(1))));
        bench.runUntilIdle();
        assertThat(toldOn).containsExactly(Place.COMPLETIONS);
    }

    /** A path may complete on the control loop, where a callback that blocks would stop every device. */
    @Test
    void successThatAPathReportsOnTheControlLoopIsToldElsewhere() {
        List<PathIo> taken = new ArrayList<>();
        var path =
                new ScriptedPath("own", new PathDescription(DeviceId.named("own"), DataPathBench.GEOMETRY), taken::add);
        bench.world.await(bench.registry.offer(path));
        bench.runUntilIdle();
        MultipathDevice device = bench.registry.device(DeviceId.named("own")).orElseThrow();

        device.submit(noting(IoRequest.create().read(0, room(1))));
        bench.world
                .environment()
                .loop()
                .execute(() -> taken.get(0).complete(taken.get(0).tag()));
        bench.runUntilIdle();
        assertThat(toldOn).containsExactly(Place.COMPLETIONS);
    }

    @Test
    void soIsSuccessOnABareDevice() {
        List<PathIo> taken = new ArrayList<>();
        var path =
                new ScriptedPath("own", new PathDescription(DeviceId.named("own"), DataPathBench.GEOMETRY), taken::add);
        BlockDevice device = bench.registry.openBare(path);
        bench.runUntilIdle();

        device.submit(noting(IoRequest.create().read(0, room(1))));
        bench.world
                .environment()
                .loop()
                .execute(() -> taken.get(0).complete(taken.get(0).tag()));
        bench.runUntilIdle();
        assertThat(toldOn).containsExactly(Place.COMPLETIONS);
    }

    @Test
    void callbackThatThrowsHarmsNobody() {
        for (SimAnswer answer : List.of(
                SimAnswer.succeed(),
                SimAnswer.succeed().inSubmit(),
                SimAnswer.fail(PathFailure.fail(IoStatus.MEDIUM_ERROR, "bad")))) {
            bench.path(0).answer(answer);
            bench.device.submit(IoRequest.create().read(0, room(1)).onComplete((request, status) -> {
                throw new IllegalStateException("thrown by a test's callback");
            }));
            bench.runUntilIdle();
        }
        bench.path(0).answer(SimAnswer.succeed());
        Ending next = bench.submit(IoRequest.create().read(0, room(1)));
        bench.runUntilIdle();
        assertThat(next.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(bench.device.snapshot().paths()).allMatch(path -> path.inFlight() == 0);
    }

    @Test
    void requestWithoutACallbackJustEnds() {
        IoRequest request = IoRequest.create().read(0, room(1));
        bench.device.submit(request);
        bench.runUntilIdle();
        assertThat(request.status()).isEqualTo(IoStatus.SUCCESS);
    }

    private IoRequest noting(IoRequest request) {
        return request.onComplete((ended, status) -> toldOn.add(place()));
    }

    private Place place() {
        if (bench.world.environment().loop().inLoop()) {
            return Place.LOOP;
        }
        return onCompletions ? Place.COMPLETIONS : Place.PATH_OR_CALLER;
    }

    private Environment withMarkedCompletions(Environment environment) {
        return environment.withCompletions(task -> environment.completions().execute(() -> {
            onCompletions = true;
            task.run();
            onCompletions = false;
        }));
    }
}
