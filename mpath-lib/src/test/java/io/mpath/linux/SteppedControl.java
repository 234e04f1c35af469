package io.mpath.linux;

import io.mpath.AccessState;
import io.mpath.ControlLoop;
import io.mpath.Liveness;
import io.mpath.Ticker;
import io.mpath.Timers;
import io.mpath.path.PathControl;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** A control loop with its clock, stepped by the test, that writes down what a path reports. */
final class SteppedControl implements PathControl {
    static final Duration HOLD = Duration.ofSeconds(60);

    final List<String> reports = Collections.synchronizedList(new ArrayList<>());
    final Queue<Runnable> blocking = new ArrayDeque<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<Pending> timers = new ArrayList<>();
    private long now = 1_000;

    private record Pending(long at, Runnable task) {}

    /** Runs what the loop has been given, and what that gives it. */
    void runLoop() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Lets time pass until the next timer, and runs it. @return how long that took */
    Duration runNextTimer() {
        Pending next =
                timers.stream().min(Comparator.comparingLong(Pending::at)).orElseThrow();
        timers.remove(next);
        Duration took = Duration.ofNanos(next.at() - now);
        now = next.at();
        next.task().run();
        runLoop();
        return took;
    }

    void advance(Duration time) {
        now += time.toNanos();
    }

    int timersPending() {
        return timers.size();
    }

    /** Runs what may block, here. */
    void runBlocking() {
        for (Runnable task = blocking.poll(); task != null; task = blocking.poll()) {
            task.run();
        }
        runLoop();
    }

    @Override
    public void ready() {
        reports.add("ready");
    }

    @Override
    public void notReady(String reason) {
        reports.add("not ready: " + reason);
    }

    @Override
    public void changed() {
        reports.add("changed");
    }

    @Override
    public void identityInDoubt() {
        reports.add("identity in doubt");
    }

    @Override
    public void gone(String reason) {
        reports.add("gone: " + reason);
    }

    @Override
    public void roomAgain() {
        reports.add("room");
    }

    @Override
    public ControlLoop loop() {
        return new ControlLoop() {
            @Override
            public boolean inLoop() {
                return true;
            }

            @Override
            public void execute(Runnable task) {
                tasks.add(task);
            }
        };
    }

    @Override
    public Timers timers() {
        return (delay, task) -> {
            var pending = new Pending(now + delay, task);
            timers.add(pending);
            return () -> timers.remove(pending);
        };
    }

    @Override
    public Ticker ticker() {
        return () -> now;
    }

    @Override
    public Executor blocking() {
        return blocking::add;
    }

    @Override
    public void accessState(AccessState state) {
        throw unexpected();
    }

    @Override
    public void preferred(boolean preferred) {
        throw unexpected();
    }

    @Override
    public void accessStates(Collection<AccessChange> changes) {
        throw unexpected();
    }

    @Override
    public void liveness(Liveness liveness) {
        throw unexpected();
    }

    @Override
    public void fastFailExpired() {
        throw unexpected();
    }

    @Override
    public void acknowledgedWriteLost(String cause) {
        throw unexpected();
    }

    @Override
    public void reservationsMayHaveChanged() {
        throw unexpected();
    }

    @Override
    public void fenced(long epoch) {
        throw unexpected();
    }

    @Override
    public long holdNanos() {
        return HOLD.toNanos();
    }

    @Override
    public CompletableFuture<Void> quiesceDevice() {
        throw unexpected();
    }

    @Override
    public CompletableFuture<Void> resumeDevice() {
        throw unexpected();
    }

    private static AssertionError unexpected() {
        return new AssertionError("a plain path has nothing to report here");
    }
}
