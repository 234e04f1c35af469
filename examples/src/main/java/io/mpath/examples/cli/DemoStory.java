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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What happens to the emulated array of {@code mpath demo}: two controllers, one disk. */
final class DemoStory {
    private static final String LEFT = "controller-a";
    private static final String RIGHT = "controller-b";
    private static final String DISK = "disk";
    private static final long SIZE = 64L << 20;
    private static final int BLOCK = 4096;
    private static final Duration LEAST_LATENCY = Duration.ofMillis(1);
    private static final Duration MOST_LATENCY = Duration.ofMillis(3);

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
    private record Scene(int atPercent, Runnable happens) {}

    private List<Scene> scenes() {
        return List.of(
                new Scene(12, () -> array.accessState(RIGHT, AccessState.NON_OPTIMIZED)),
                new Scene(24, () -> array.accessState(RIGHT, AccessState.OPTIMIZED)),
                new Scene(34, () -> array.port(LEFT).pull(handedBack())),
                new Scene(50, () -> array.port(LEFT).putBack()),
                new Scene(62, () -> array.accessState(RIGHT, AccessState.UNAVAILABLE)),
                new Scene(70, () -> array.accessState(LEFT, AccessState.TRANSITIONING)),
                new Scene(74, () -> array.accessState(LEFT, AccessState.NON_OPTIMIZED)),
                new Scene(84, () -> array.accessState(RIGHT, AccessState.OPTIMIZED)),
                new Scene(92, () -> array.accessState(LEFT, AccessState.OPTIMIZED)));
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
            scene.happens().run();
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
