package io.mpath.nvme.ana;

import io.mpath.AccessState;
import io.mpath.ControlLoop;
import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.Ticker;
import io.mpath.Timers;
import io.mpath.nvme.command.AnaLog;
import io.mpath.nvme.command.AnaLogBytes;
import io.mpath.nvme.command.AnaLogHeader;
import io.mpath.nvme.command.AnaState;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.path.DevicePath;
import io.mpath.path.PathControl;
import io.mpath.path.PathDescription;
import io.mpath.path.PathPort;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A monitor in virtual time, the controller that it reads, and the paths that it reports of. */
final class AnaWorld {
    static final Duration POLL = Duration.ofSeconds(2);
    static final Duration TROUBLE = Duration.ofMillis(200);
    static final int ANATT_SECONDS = 4;
    static final NvmeStatus INACCESSIBLE = new NvmeStatus(0x302);

    final SimWorld world;
    final Controller controller = new Controller();
    final AnaMonitor monitor;
    final List<Integer> bulkReports = new ArrayList<>();
    private int timersPending;

    private AnaWorld(long seed, AnaTiming timing) {
        world = SimWorld.seeded(seed);
        monitor = new AnaMonitor("nvme0", controller, timing);
    }

    /** Where events tell of changes: what the test does not say to the monitor, it does not hear of. */
    static AnaWorld withEvents() {
        return withEvents(1, ANATT_SECONDS);
    }

    static AnaWorld withEvents(long seed, int anattSeconds) {
        return new AnaWorld(seed, new AnaTiming(POLL.toNanos(), TROUBLE.toNanos(), true, anattSeconds));
    }

    static AnaWorld polled() {
        return polled(1);
    }

    static AnaWorld polled(long seed) {
        return new AnaWorld(seed, new AnaTiming(POLL.toNanos(), TROUBLE.toNanos(), false, ANATT_SECONDS));
    }

    /** A path that is a member once the loop has run. */
    Path add(long nsid) {
        var path = new Path(nsid);
        onLoop(() -> monitor.add(path));
        return path;
    }

    void remove(Path path) {
        onLoop(() -> {
            monitor.remove(path);
            path.removed = true;
        });
    }

    void live() {
        onLoop(monitor::live);
    }

    void notLive() {
        onLoop(monitor::notLive);
    }

    void onLoop(Runnable task) {
        world.environment().loop().execute(task);
    }

    void settle() {
        world.runUntilIdle();
    }

    void pass(Duration time) {
        world.runFor(time);
    }

    /** Lets the next look see the log as it is when it begins, and holds back what it found until {@link #answerArrives}. */
    void lookWithoutAnswer() {
        world.blocking().holdMessages();
        settle();
    }

    void answerArrives() {
        world.blocking().releaseMessages();
        settle();
    }

    int timersPending() {
        return timersPending;
    }

    /** The controller's log. A test that changes it does not tell of it by that. */
    static final class Controller implements AnaSource {
        // What a read finds in place of the log, for a test that has no use for the time that it takes to make one.
        @Nullable
        ByteBuffer prepared;

        // Whether the count moves with each look.
        boolean restless;

        @Nullable
        Error crash;

        int reads;
        int headers;

        @Nullable
        String broken;

        long changeCount = 7;
        private final Map<Long, AnaState> states = new TreeMap<>();
        private final Map<Long, Long> groups = new TreeMap<>();
        final List<AnaLog> history = new ArrayList<>();

        /** Puts namespaces into a group, out of those they were in. */
        Controller put(long group, AnaState state, long... nsids) {
            changeCount++;
            states.put(group, state);
            for (long nsid : nsids) {
                groups.put(nsid, group);
            }
            return this;
        }

        Controller unlist(long nsid) {
            changeCount++;
            groups.remove(nsid);
            return this;
        }

        /** The state of a namespace; null when none is listed. */
        @Nullable
        AnaState stateOf(long nsid) {
            Long group = groups.get(nsid);
            return group == null ? null : states.get(group);
        }

        ByteBuffer page() {
            Map<Long, List<Integer>> listed = new TreeMap<>();
            groups.forEach((nsid, group) ->
                    listed.computeIfAbsent(group, none -> new ArrayList<>()).add(nsid.intValue()));
            var bytes = new AnaLogBytes(changeCount);
            states.forEach((group, state) -> bytes.group(
                    group.intValue(),
                    state.code(),
                    listed.getOrDefault(group, List.of()).stream()
                            .mapToInt(Integer::intValue)
                            .toArray()));
            return bytes.page();
        }

        @Override
        public AnaLog read() {
            reads++;
            if (broken != null) {
                history.add(new AnaLog(0, List.of()));
                throw new MultipathException(broken);
            }
            if (crash != null) {
                throw crash;
            }
            AnaLog log = AnaLog.decode(prepared == null ? page() : prepared, 0xffff_ffffL);
            history.add(log);
            return log;
        }

        @Override
        public AnaLogHeader header() {
            headers++;
            if (broken != null) {
                throw new MultipathException(broken);
            }
            changeCount += restless ? 1 : 0;
            return new AnaLogHeader(changeCount, states.size());
        }
    }

    /** A path, and what was reported of it. It starts as the core has it. */
    final class Path implements AnaMember, DevicePath, PathControl {
        final List<AccessState> reports = new ArrayList<>();
        private final long nsid;
        int known;
        boolean removed;

        @Nullable
        RuntimeException refuse;

        Runnable whenReported = () -> {};
        Runnable whenKnown = () -> {};

        Path(long nsid) {
            this.nsid = nsid;
        }

        AccessState state() {
            return reports.isEmpty() ? AccessState.OPTIMIZED : reports.get(reports.size() - 1);
        }

        boolean usable() {
            return known > 0 && state().usable();
        }

        /** An ANA status came back, to this thread. */
        void error() {
            monitor.error(this, INACCESSIBLE);
        }

        private void reported(AccessState state) {
            reports.add(state);
            whenReported.run();
        }

        @Override
        public long nsid() {
            return nsid;
        }

        @Override
        public PathControl control() {
            return this;
        }

        @Override
        public AccessChange change(AccessState state) {
            return new AccessChange(this, state, false);
        }

        @Override
        public void stateKnown() {
            known++;
            whenKnown.run();
        }

        @Override
        public void accessState(AccessState state) {
            reported(state);
        }

        @Override
        public void accessStates(Collection<AccessChange> changes) {
            bulkReports.add(changes.size());
            changes.forEach(change -> ((Path) change.path()).reported(change.state()));
        }

        @Override
        public ControlLoop loop() {
            return world.environment().loop();
        }

        @Override
        public Ticker ticker() {
            return world.environment().ticker();
        }

        @Override
        public Executor blocking() {
            return task -> {
                if (refuse != null) {
                    throw refuse;
                }
                world.environment().blocking().execute(task);
            };
        }

        /** The world's, counted. */
        @Override
        public Timers timers() {
            return (delay, task) -> {
                boolean[] over = {false};
                timersPending++;
                Timers.Timer timer = world.environment().timers().schedule(delay, () -> {
                    over[0] = true;
                    timersPending--;
                    task.run();
                });
                return () -> {
                    timersPending -= over[0] ? 0 : 1;
                    over[0] = true;
                    timer.cancel();
                };
            };
        }

        @Override
        public String name() {
            return "nvme0n" + nsid;
        }

        @Override
        public PathPort port() {
            throw unexpected();
        }

        @Override
        public PathDescription describe() {
            throw unexpected();
        }

        @Override
        public void attach(PathControl control) {
            throw unexpected();
        }

        @Override
        public PathQueue openQueue(QueueKind kind) {
            throw unexpected();
        }

        @Override
        public void close(Runnable closed) {
            throw unexpected();
        }

        @Override
        public void ready() {
            throw unexpected();
        }

        @Override
        public void notReady(String reason) {
            throw unexpected();
        }

        @Override
        public void preferred(boolean preferred) {
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
        public void changed() {
            throw unexpected();
        }

        @Override
        public void identityInDoubt() {
            throw unexpected();
        }

        @Override
        public void gone(String reason) {
            throw unexpected();
        }

        @Override
        public void roomAgain() {
            throw unexpected();
        }

        @Override
        public void reservationsMayHaveChanged() {}

        @Override
        public void acknowledgedWriteLost(String cause) {
            throw unexpected();
        }

        @Override
        public void fenced(long epoch) {
            throw unexpected();
        }

        @Override
        public long holdNanos() {
            throw unexpected();
        }

        @Override
        public CompletableFuture<Void> quiesceDevice() {
            throw unexpected();
        }

        @Override
        public CompletableFuture<Void> resumeDevice() {
            throw unexpected();
        }

        private AssertionError unexpected() {
            return new AssertionError("a monitor has nothing to do with this");
        }
    }
}
