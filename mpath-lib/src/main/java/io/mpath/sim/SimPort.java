package io.mpath.sim;

import io.mpath.Liveness;
import io.mpath.path.Certainty;
import io.mpath.path.PathControl;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A simulated port: an NVMe controller, a SCSI I_T nexus, with the thread that completes what goes through it. It can be pulled
 * and put back.
 *
 * <p>Threading: any thread in real time; the world's own in a {@link SimWorld}.
 */
public final class SimPort {
    private final PathPort port;
    private final @Nullable SimWorld world;
    private final @Nullable SimThread thread;
    private final List<SimPath> paths = new ArrayList<>();
    private volatile Liveness liveness = Liveness.LIVE;

    private SimPort(PathPort port, @Nullable SimWorld world) {
        this.port = port;
        this.world = world;
        this.thread = world == null ? null : world.thread("port " + port.name());
    }

    /** A port of {@code world}, whose delays are the world's and hold up no one. */
    public static SimPort in(SimWorld world, PathPort port) {
        return new SimPort(port, world);
    }

    /** A port that uses the timers and the blocking executor of whichever registry its paths join. */
    public static SimPort inRealTime(PathPort port) {
        return new SimPort(port, null);
    }

    /** What its paths say they go through. */
    public PathPort port() {
        return port;
    }

    /** How it stands. */
    public Liveness liveness() {
        return liveness;
    }

    /** Changes and reports how it stands. Unless live, it fails what it is given as {@link Certainty#NOT_EXECUTED}. */
    public void liveness(Liveness value) {
        liveness = value;
        trace(() -> "port " + port + " is " + value);
        report(to -> to.liveness(value));
    }

    /** Pulls it: it is connecting from here on, and what is under way fails as lost, having had no effect. */
    public void pull() {
        pull(SimAnswer.fail(PathFailure.failOver(Certainty.UNKNOWN, "port " + port + " was pulled")));
    }

    /** Pulls it: it is connecting from here on, and what is under way ends at once as {@code answer} says. */
    public void pull(SimAnswer.Execute answer) {
        liveness(Liveness.CONNECTING);
        for (SimPath path : paths()) {
            path.endAll(answer);
        }
    }

    /** Puts it back: it is live. */
    public void putBack() {
        liveness(Liveness.LIVE);
    }

    /** Reports that its driver has given up hope soon enough to matter. */
    public void fastFailExpired() {
        report(PathControl::fastFailExpired);
    }

    /** The paths through it. */
    public List<SimPath> paths() {
        synchronized (paths) {
            return new ArrayList<>(paths);
        }
    }

    void add(SimPath path) {
        synchronized (paths) {
            paths.add(path);
        }
    }

    boolean usable() {
        return liveness == Liveness.LIVE;
    }

    /** Reports once, for all paths, through whichever of them is attached. */
    private void report(Consumer<PathControl> report) {
        for (SimPath path : paths()) {
            if (path.attached()) {
                path.report(report);
                return;
            }
        }
    }

    /** Chance for the path of that name. */
    SimRandom random(String path) {
        return world == null ? new SimRandom(TraceHash.of(path)) : world.random("path " + path);
    }

    void trace(Supplier<String> label) {
        if (world != null) {
            world.trace(label.get());
        }
    }

    /** Runs {@code task} as {@link #after} does; a world does not wait for it. */
    void longAfter(@Nullable PathControl control, long delayNanos, Runnable task) {
        if (thread != null) {
            thread.scheduleAftermath(delayNanos, task);
        } else {
            after(control, delayNanos, task);
        }
    }

    /** Runs {@code task} here and now without a delay, else as {@link #after} does. */
    void afterPerhaps(@Nullable PathControl control, long delayNanos, Runnable task) {
        if (delayNanos == 0) {
            task.run();
        } else {
            after(control, delayNanos, task);
        }
    }

    /** Runs {@code task} on a thread of this port; on the caller's when it is in no world and the path is not attached. */
    void after(@Nullable PathControl control, long delayNanos, Runnable task) {
        if (thread != null && delayNanos == 0) {
            thread.execute(task);
        } else if (thread != null) {
            thread.schedule(Duration.ofNanos(delayNanos), task);
        } else if (control == null) {
            task.run();
        } else if (delayNanos == 0) {
            control.blocking().execute(task);
        } else {
            Runnable onThread = () -> control.blocking().execute(task);
            control.loop().execute(() -> control.timers().schedule(delayNanos, onThread));
        }
    }
}
