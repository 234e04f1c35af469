package io.mpath.scsi.alua;

import io.mpath.AccessState;
import io.mpath.ControlLoop;
import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.Ticker;
import io.mpath.Timers;
import io.mpath.path.DevicePath;
import io.mpath.path.PathControl;
import io.mpath.path.PathDescription;
import io.mpath.path.PathPort;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.scsi.ScsiReply;
import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.command.HostByte;
import io.mpath.scsi.command.ReportTargetPortGroups;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.SenseData;
import io.mpath.scsi.command.SenseKey;
import io.mpath.scsi.command.SetTargetPortGroups;
import io.mpath.scsi.command.TestUnitReady;
import io.mpath.sim.SimThread;
import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Monitors in virtual time, the logical units that they ask, and the paths that they report of. */
final class AluaWorld {
    static final SenseData TRANSITION = SenseData.of(SenseKey.NOT_READY, 0x04, 0x0a);
    static final SenseData TRANSITION_ATTENTION = SenseData.of(SenseKey.UNIT_ATTENTION, 0x04, 0x0a);
    static final SenseData STANDBY = SenseData.of(SenseKey.NOT_READY, 0x04, 0x0b);
    static final SenseData UNAVAILABLE = SenseData.of(SenseKey.NOT_READY, 0x04, 0x0c);
    static final SenseData STATE_CHANGED = SenseData.of(SenseKey.UNIT_ATTENTION, 0x2a, 0x06);
    static final SenseData RESET = SenseData.of(SenseKey.UNIT_ATTENTION, 0x29, 0x00);
    static final SenseData INVALID_FIELD = SenseData.of(SenseKey.ILLEGAL_REQUEST, 0x24, 0x00);
    static final Duration CHECK = Duration.ofSeconds(40);

    final SimWorld world;
    final AluaBudgets budgets;
    final AluaBudget budget;
    final Map<String, PathPort> ports = new HashMap<>();
    /** Looks handed to threads that have not ended. */
    int lookingNow;

    int mostLooking;
    /** How long it takes to ask one path, on as many threads as there are looks; zero: one thread, without delay. */
    Duration latency = Duration.ZERO;

    private int timersPending;
    private final Deque<SimThread> idle = new ArrayDeque<>();
    private int threads;

    private AluaWorld(long seed, int atOnce) {
        world = SimWorld.seeded(seed);
        budgets = new AluaBudgets(atOnce);
        budget = budgets.use("array");
    }

    static AluaWorld seeded(long seed) {
        return new AluaWorld(seed, 1);
    }

    static AluaWorld atOnce(int most) {
        return new AluaWorld(1, most);
    }

    Unit unit() {
        return unit("lun0", Duration.ZERO);
    }

    Unit checkedUnit() {
        return unit("lun0", CHECK);
    }

    Unit activatedUnit() {
        return new Unit("lun0", Duration.ZERO, true);
    }

    Unit unit(String name, Duration check) {
        return new Unit(name, check, false);
    }

    void onLoop(Runnable task) {
        world.environment().loop().execute(task);
    }

    /** Does what there is to do now. */
    void settleNow() {
        world.runUntilIdle();
    }

    /** Does that and the looks that let requests go first. */
    void settle() {
        settleNow();
        pass(Duration.ofNanos(AluaMonitor.SOON_NANOS));
        settleNow();
    }

    void pass(Duration time) {
        world.runFor(time);
    }

    /** Lets the next look see the states as they are when it begins, and holds back what it found until {@link #answerArrives}. */
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

    static ScsiReply ended(SenseData sense) {
        return new ScsiReply(new ScsiResult(0x02, 0, Optional.of(sense), 0), ByteBuffer.allocate(0));
    }

    static ScsiReply failed(HostByte host) {
        return new ScsiReply(new ScsiResult(0, host.number(), Optional.empty(), 0), ByteBuffer.allocate(0));
    }

    static ScsiReply good(ByteBuffer data) {
        return new ScsiReply(new ScsiResult(0, 0, Optional.empty(), 0), data);
    }

    /** A target port group, as the unit has it. */
    static final class Group {
        AluaState state = AluaState.OPTIMIZED;
        boolean preferred;
        int supported = 0xdf;
        int ports = 1;
        /** Whether the state that it is listed in is a reserved one. */
        boolean odd;
    }

    /** A logical unit with its monitor. A test that changes it does not tell of it by that. */
    final class Unit {
        final AluaMonitor monitor;
        final Map<Integer, Group> groups = new TreeMap<>();
        /** Each command that it or its paths saw, as {@code RTPG a}. */
        final List<String> commands = new ArrayList<>();
        /** How long each of them was given at least. */
        final List<Duration> timeouts = new ArrayList<>();
        /** What each answer to a REPORT TARGET PORT GROUPS said, by group. */
        final List<Map<Integer, AluaState>> history = new ArrayList<>();

        final List<Integer> bulkReports = new ArrayList<>();
        boolean knowsExtended = true;
        boolean refusesExtended;
        int transitionSeconds;

        @Nullable
        ByteBuffer nonsense;

        @Nullable
        ByteBuffer nonsenseInExtendedForm;

        @Nullable
        SenseData refusesActivation;

        @Nullable
        AluaState activatedTo = AluaState.OPTIMIZED;

        Unit(String name, Duration check, boolean activates) {
            monitor = new AluaMonitor(name, new AluaTiming(check.toNanos()), activates);
        }

        Unit put(int group, AluaState state) {
            groups.computeIfAbsent(group, id -> new Group()).state = state;
            return this;
        }

        Group group(int id) {
            return Objects.requireNonNull(groups.get(id));
        }

        /** A path that is a member once the loop has run. */
        Path add(String name, int group) {
            var path = new Path(this, name, group);
            onLoop(() -> monitor.add(path));
            return path;
        }

        void remove(Path path) {
            onLoop(() -> {
                monitor.remove(path);
                path.removed = true;
            });
        }

        /** What it says now, to be said whatever it is later. */
        ByteBuffer frozen() {
            return page(knowsExtended);
        }

        long count(String command) {
            return commands.stream().filter(each -> each.startsWith(command)).count();
        }

        private ScsiReply execute(Path path, ScsiCommand command, @Nullable ByteBuffer data) {
            if (command instanceof ReportTargetPortGroups report) {
                return report(report);
            }
            if (command instanceof TestUnitReady) {
                Group group = groups.get(path.group);
                return switch (group == null ? AluaState.OFFLINE : group.state) {
                    case TRANSITIONING -> ended(TRANSITION);
                    case STANDBY -> ended(STANDBY);
                    case UNAVAILABLE -> ended(UNAVAILABLE);
                    default -> good(ByteBuffer.allocate(0));
                };
            }
            if (command instanceof SetTargetPortGroups && data != null) {
                if (refusesActivation != null) {
                    return ended(refusesActivation);
                }
                if (activatedTo != null && data.remaining() == 8 && data.get(4) == 0) {
                    put(data.getShort(6), activatedTo);
                }
                return good(ByteBuffer.allocate(0));
            }
            throw new AssertionError(command);
        }

        private ScsiReply report(ReportTargetPortGroups command) {
            if (command.extended() && refusesExtended) {
                return ended(INVALID_FIELD);
            }
            Map<Integer, AluaState> now = new HashMap<>();
            groups.forEach((id, group) -> now.put(id, group.state));
            history.add(now);
            ByteBuffer odd = command.extended() && nonsenseInExtendedForm != null ? nonsenseInExtendedForm : nonsense;
            ByteBuffer all = odd == null ? page(command.extended() && knowsExtended) : odd.duplicate();
            all.limit(Math.min(all.limit(), command.allocationBytes()));
            return good(all.slice());
        }

        /** From SPC-6 tables 6.36: RETURN DATA LENGTH, the extended header, and a descriptor for each group. */
        private ByteBuffer page(boolean extended) {
            ByteBuffer page = ByteBuffer.allocate(1 << 17).position(4);
            if (extended) {
                page.put((byte) 0x10).put((byte) transitionSeconds).putShort((short) 0);
            }
            groups.forEach((id, group) -> {
                page.put((byte) ((group.preferred ? 0x80 : 0) | (group.odd ? 5 : group.state.value())))
                        .put((byte) group.supported)
                        .putShort(id.shortValue())
                        .putInt(group.ports);
                for (int port = 1; port <= group.ports; port++) {
                    page.putInt(port);
                }
            });
            page.flip();
            return page.putInt(0, page.limit() - 4);
        }
    }

    /** A path, and what was reported of it. It starts as the core has it. */
    final class Path implements AluaMember, DevicePath, PathControl {
        final List<AccessState> reports = new ArrayList<>();
        /** What the next commands through it end with, ahead of what the unit does. */
        final Deque<ScsiReply> script = new ArrayDeque<>();

        private final Unit unit;
        private final String name;
        private final PathPort port;
        AluaBudget ofTarget = budget;
        int group;
        boolean live = true;
        boolean preferred;
        boolean removed;
        int known;
        long ended;

        /** How long a command takes that is not answered; zero: they are. */
        Duration hangs = Duration.ZERO;

        @Nullable
        HostByte broken;

        @Nullable
        RuntimeException crash;

        @Nullable
        RuntimeException refuse;

        Runnable whenReported = () -> {};
        Runnable whenKnown = () -> {};
        Runnable whenAsked = () -> {};

        Path(Unit unit, String name, int group) {
            this.unit = unit;
            this.name = name;
            this.group = group;
            port = ports.computeIfAbsent(name, PathPort::new);
        }

        AccessState state() {
            return reports.isEmpty() ? AccessState.OPTIMIZED : reports.get(reports.size() - 1);
        }

        boolean usable() {
            return known > 0 && state().usable();
        }

        String unitName() {
            return unit.monitor.toString();
        }

        /** I/O came back with it, to this thread. */
        void sense(SenseData sense) {
            unit.monitor.sense(this, sense);
        }

        void nexusLive() {
            onLoop(() -> {
                live = true;
                unit.monitor.nexusLive(this);
            });
        }

        void nexusNotLive() {
            onLoop(() -> {
                live = false;
                unit.monitor.nexusNotLive(this);
            });
        }

        private void reported(AccessState state, boolean prefers) {
            reports.add(state);
            preferred = prefers;
            whenReported.run();
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public PathPort port() {
            return port;
        }

        @Override
        public int targetPortGroup() {
            return group;
        }

        @Override
        public int relativeTargetPort() {
            return 1;
        }

        @Override
        public boolean live() {
            return live;
        }

        @Override
        public long commandsEnded() {
            return ended;
        }

        @Override
        public PathControl control() {
            return this;
        }

        @Override
        public AccessChange change(AccessState state, boolean prefers) {
            return new AccessChange(this, state, prefers);
        }

        @Override
        public void stateKnown() {
            known++;
            whenKnown.run();
        }

        @Override
        public AluaBudget budget() {
            return ofTarget;
        }

        @Override
        public ScsiReply execute(ScsiCommand command, @Nullable ByteBuffer data, long leastTimeoutNanos) {
            String what = command instanceof ReportTargetPortGroups
                    ? "RTPG "
                    : command instanceof TestUnitReady ? "TUR " : "STPG ";
            unit.commands.add(what + name);
            unit.timeouts.add(Duration.ofNanos(leastTimeoutNanos));
            whenAsked.run();
            if (removed) {
                throw new MultipathException(name + ": closed");
            }
            if (crash != null) {
                throw crash;
            }
            if (!hangs.isZero()) {
                world.runFor(hangs);
                return failed(HostByte.DID_TIME_OUT);
            }
            if (broken != null) {
                return failed(broken);
            }
            return script.isEmpty() ? unit.execute(this, command, data) : script.remove();
        }

        @Override
        public void accessState(AccessState state) {
            throw unexpected();
        }

        @Override
        public void accessStates(Collection<AccessChange> changes) {
            unit.bulkReports.add(changes.size());
            changes.forEach(change -> ((Path) change.path()).reported(change.state(), change.preferred()));
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
                lookingNow++;
                mostLooking = Math.max(mostLooking, lookingNow);
                Runnable counted = () -> {
                    lookingNow--;
                    task.run();
                };
                if (latency.isZero()) {
                    world.environment().blocking().execute(counted);
                } else {
                    SimThread thread = idle.isEmpty() ? world.thread("look" + threads++) : idle.remove();
                    thread.schedule(latency, () -> {
                        counted.run();
                        idle.add(thread);
                    });
                }
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
        public void preferred(boolean value) {
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
        public void reservationsMayHaveChanged() {
            throw unexpected();
        }

        @Override
        public void roomAgain() {
            throw unexpected();
        }

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

        @Override
        public String toString() {
            return name;
        }
    }
}
