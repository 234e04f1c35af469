package io.mpath.examples.cli;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.examples.workload.StopSignal;
import io.mpath.path.Certainty;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimArray;
import io.mpath.sim.SimPath;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What happens to the emulated array of {@code mpath demo}: two controllers, one disk. */
final class DemoStory {
    private static final String LEFT = "controller-a";
    private static final String RIGHT = "controller-b";
    private static final String DISK = "disk";
    private static final long SIZE = 64L << 20;
    private static final int BLOCK = 4096;
    private static final Duration LEAST_LATENCY = Duration.ofMillis(1);
    private static final Duration MOST_LATENCY = Duration.ofMillis(3);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final SimArray array = SimArray.inRealTime();

    DemoStory() {
        var description = new PathDescription(DeviceId.named("demo"), Geometry.of(SIZE, BLOCK));
        array.withPort(LEFT).withPort(RIGHT).withDisk(DISK, description);
        array.paths().forEach(path -> path.latency(LEAST_LATENCY, MOST_LATENCY));
    }

    List<? extends PathCandidate> paths() {
        return array.paths();
    }

    /** Something that happens, at a hundredth of the whole time. */
    private record Scene(int atPercent, Consumer<StopSignal> happens) {}

    private List<Scene> scenes() {
        return List.of(
                new Scene(12, stop -> array.accessState(RIGHT, AccessState.NON_OPTIMIZED)),
                new Scene(24, stop -> array.accessState(RIGHT, AccessState.OPTIMIZED)),
                new Scene(34, this::pullUnderLoad),
                new Scene(50, stop -> array.port(LEFT).putBack()),
                new Scene(62, stop -> array.accessState(RIGHT, AccessState.UNAVAILABLE)),
                new Scene(70, stop -> array.accessState(LEFT, AccessState.TRANSITIONING)),
                new Scene(74, stop -> array.accessState(LEFT, AccessState.NON_OPTIMIZED)),
                new Scene(84, stop -> array.accessState(RIGHT, AccessState.OPTIMIZED)),
                new Scene(92, stop -> array.accessState(LEFT, AccessState.OPTIMIZED)));
    }

    /** Pulls a controller that certainly has something under way: it answers nothing until it is pulled. */
    private void pullUnderLoad(StopSignal stop) {
        SimPath path = array.path(LEFT, DISK);
        path.answer(SimAnswer.hang());
        long startNanos = System.nanoTime();
        while (!hangs(path) && System.nanoTime() - startNanos < LONGEST_WAIT_NANOS && !stop.await(1)) {}
        array.port(LEFT).pull(handedBack());
        path.answer(SimAnswer.succeed());
    }

    /** Whether an attempt is there that is older than the latency of one that is answered. */
    private static boolean hangs(SimPath path) {
        long now = System.nanoTime();
        return path.underWay().stream()
                .anyMatch(attempt -> !attempt.ended() && now - attempt.submittedNanos() > 10 * MOST_LATENCY.toNanos());
    }

    /**
     * What the pulled controller had under way comes back as aborted: the array lives in this process, so that nothing of it
     * can land later.
     */
    private static SimAnswer.Execute handedBack() {
        return SimAnswer.fail(
                PathFailure.failOver(Certainty.TERMINATED, LEFT + " was pulled, its commands are aborted"));
    }

    /** Tells the story in {@code time}, unless {@code stop} comes first. */
    void tell(Duration time, StopSignal stop) {
        long startNanos = System.nanoTime();
        for (Scene scene : scenes()) {
            if (awaits(time.toNanos() / 100 * scene.atPercent(), startNanos, stop)) {
                return;
            }
            scene.happens().accept(stop);
        }
        awaits(time.toNanos(), startNanos, stop);
    }

    private static boolean awaits(long dueNanos, long startNanos, StopSignal stop) {
        long leftNanos = dueNanos - (System.nanoTime() - startNanos);
        return stop.await(TimeUnit.NANOSECONDS.toMillis(Math.max(0, leftNanos)));
    }

    /** Whether both controllers served. */
    boolean bothServed() {
        return array.paths().stream().allMatch(path -> path.submitted() > 0);
    }
}
