package io.mpath.sim;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.DeviceState;
import io.mpath.Geometry;
import io.mpath.Liveness;
import io.mpath.MultipathDevice;
import io.mpath.NoPathPolicy;
import io.mpath.Offer;
import io.mpath.path.Certainty;
import io.mpath.path.Checkable.CheckDone;
import io.mpath.path.PathFailure;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What befalls ports, paths, devices and executors, and what their administrator does: one thing after the other, each undone
 * some time later, whatever else goes on by then. {@link #heal} undoes all of it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // an administrator who does not wait; what goes wrong shows in the run
final class Operator {
    private static final long MILLI = 1_000_000L;
    private static final long LONGEST_OUTAGE = 3_000 * MILLI;
    private static final long LONGEST_STALL = 150 * MILLI;
    private static final long LONGEST_HANG = 60_000 * MILLI;
    private static final int FENCES = 5;
    private static final int POLICIES = IoPolicies.all().size();
    private static final long OFFER_AGAIN = 40 * MILLI;

    private final Run run;
    private final SimWorld world;
    private final SimOptions options;
    private final SimThread thread;
    private final SimRandom random;
    private final List<SimFault> kinds = new ArrayList<>();
    private final List<SimPort> ports;
    private final List<Route> routes = new ArrayList<>();
    private final Set<Route> offering = new LinkedHashSet<>();
    private final List<CheckDone> hanging = new ArrayList<>();
    private final Deque<MultipathDevice> heldStill = new ArrayDeque<>();
    private boolean over;
    private boolean mended;
    private int stalls;

    Operator(Run run, List<SimPort> ports) {
        this.run = run;
        this.world = run.world();
        this.options = run.options();
        this.thread = world.thread("operator");
        this.random = world.random("operator");
        this.ports = ports;
        for (Unit unit : run.units()) {
            unit.routes().forEach(routes::add);
        }
        for (SimFault fault : SimFault.values()) {
            if (!fault.ofAttempts() && options.has(fault)) {
                kinds.add(fault);
            }
        }
    }

    void start() {
        next();
        offerMissing();
    }

    private void next() {
        long mean = options.get(SimOption.FAULT_EVERY_MS) * MILLI;
        later(random.between(1, 2 * mean), () -> {
            if (!kinds.isEmpty()) {
                befall(kinds.get(random.nextInt(kinds.size())));
            }
            next();
        });
    }

    private void later(long nanos, Runnable task) {
        thread.schedule(Duration.ofNanos(nanos), () -> {
            if (!over) {
                task.run();
            }
        });
    }

    /** Shorter than a request, longer than some delays, longer than most of them. */
    private long outage() {
        return switch (random.nextInt(4)) {
            case 0 -> random.between(1, 2 * MILLI);
            case 1, 2 -> random.between(2 * MILLI, 200 * MILLI);
            default -> random.between(200 * MILLI, LONGEST_OUTAGE);
        };
    }

    private <T> T one(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private void befall(SimFault fault) {
        run.coverage().count(SimCoverage.of(fault));
        Route route = one(routes);
        SimPort port = one(ports);
        Unit unit = one(run.units());
        run.story().tell("operator", fault + ": " + subject(fault, route, port, unit));
        switch (fault) {
            case PORT_LOST -> lose(port, outage());
            case PORT_RESET -> reset(port);
            case PORT_DEAD -> kill(port);
            case PARTITION -> partition();
            case TOTAL_LOSS -> loseAll();
            case FAST_FAIL -> port.fastFailExpired();
            case PATH_VANISHES -> vanish(route);
            case OTHER_UNIT -> leadElsewhere(route);
            case OTHER_SIZE -> sayOtherSize(route);
            case RESIZED -> resize(unit);
            case ACCESS_MOVES -> moveAccess(port, unit);
            case ACCESS_STALE -> reportStale(route);
            case ACCESS_UNKNOWN -> access(route, AccessState.UNKNOWN, outage());
            case NOT_READY -> notReady(route);
            case NOT_DESCRIBED -> refuseDescription(route);
            case CHECK_LIES -> lieInChecks(route);
            case CHECK_HANGS -> hangChecks(route);
            case FENCED -> route.path().fence();
            case QUIESCED -> holdStill(unit);
            case EXECUTOR_REJECTS -> reject();
            case LOOP_STALLS -> stallLoop();
            case EXECUTOR_STALLS -> stallExecutor();
            case POLICY_CHANGED -> changePolicy(unit);
            case NO_PATH_CHANGED -> run.noPath(unit.device(), SimOption.NO_PATH_MS.draw(fresh()));
            case REMOVAL_CHANGED -> unit.device().delayedRemoval(Duration.ofMillis(SimOption.REMOVAL_MS.draw(fresh())));
            case PATH_PREFERRED -> unit.device().preferPath(route.name(), random.chance(1, 2));
            case PATH_REMOVED -> route.unit().device().removePath(route.name());
            case DEVICE_CLOSED -> run.close(unit.device());
            case REGISTRY_CLOSED -> run.closeEarly(random.nextInt(20) == 0);
            default -> throw new IllegalStateException(fault + " befalls attempts only");
        }
    }

    private static String subject(SimFault fault, Route route, SimPort port, Unit unit) {
        return switch (fault) {
            case PORT_LOST, PORT_RESET, PORT_DEAD, FAST_FAIL -> port.port().name();
            case PARTITION, TOTAL_LOSS -> "ports";
            case RESIZED, QUIESCED, POLICY_CHANGED, NO_PATH_CHANGED, REMOVAL_CHANGED, DEVICE_CLOSED -> unit.name();
            case ACCESS_MOVES -> port.port().name() + " to " + unit.name();
            case EXECUTOR_REJECTS, LOOP_STALLS, EXECUTOR_STALLS -> "machine";
            case REGISTRY_CLOSED -> "registry";
            default -> route.name();
        };
    }

    private SimRandom fresh() {
        return new SimRandom(random.nextLong());
    }

    private void lose(SimPort port, long outage) {
        cut(port);
        later(outage, () -> restore(port));
    }

    private void cut(SimPort port) {
        if (going(port)) {
            return;
        }
        awayAll(port, "its port was lost");
        Certainty certainty = random.chance(3, 4) ? Certainty.UNKNOWN : Certainty.TERMINATED;
        var lost = PathFailure.failOver(certainty, "port " + port.port() + " was lost");
        port.pull(run.faults().landing(SimAnswer.fail(lost)));
    }

    private void restore(SimPort port) {
        if (port.liveness() == Liveness.DELETING) {
            port.liveness(Liveness.DEAD);
        }
        back(port);
        port.putBack();
        if (stalls == 0) {
            whenLoopKnows(() -> isBack(port));
        }
    }

    /** Whoever leads elsewhere since the port was away has had to say so by then, or to keep silent. */
    private void isBack(SimPort port) {
        for (Route route : routes) {
            if (route.path().port() == port && route.astray) {
                route.strangeSince = world.nanos();
            }
        }
    }

    /** Nothing leads back from there but being found anew. */
    private static boolean going(SimPort port) {
        return port.liveness() == Liveness.DELETING || port.liveness() == Liveness.DEAD;
    }

    private void awayAll(SimPort port, String why) {
        for (Route route : routes) {
            if (route.path().port() == port) {
                away(route, why);
            }
        }
    }

    /** Notes that a path is away when the control loop knows; while that stands still, nobody can tell when. */
    private void away(Route route, String why) {
        int leaving = route.leaves();
        if (stalls == 0) {
            whenLoopKnows(() -> route.away(leaving, world.nanos(), why));
        }
    }

    /**
     * Runs {@code task} on the control loop when that has carried out what is reported now. A report may ride on a message that
     * another thread sends, so that is a moment after this thread's own message has come through.
     */
    private void whenLoopKnows(Runnable task) {
        world.environment().loop().execute(() -> world.environment().timers().schedule(MILLI, task));
    }

    private void back(SimPort port) {
        for (Route route : routes) {
            if (route.path().port() == port) {
                route.back();
            }
        }
    }

    private void reset(SimPort port) {
        if (going(port)) {
            return;
        }
        awayAll(port, "its port was reset");
        port.liveness(Liveness.RESETTING);
        long half = outage() / 2;
        boolean connects = random.chance(1, 2);
        later(half, () -> {
            if (connects && port.liveness() == Liveness.RESETTING) {
                port.liveness(Liveness.CONNECTING);
            }
        });
        later(2 * half, () -> restore(port));
    }

    private void kill(SimPort port) {
        if (going(port)) {
            return;
        }
        awayAll(port, "its port was deleted");
        port.liveness(random.chance(1, 2) ? Liveness.DEAD : Liveness.DELETING);
        later(outage(), () -> restore(port));
    }

    private void partition() {
        for (SimPort port : ports) {
            if (random.chance(2, 3)) {
                later(random.between(0, 20 * MILLI), () -> cut(port));
                later(20 * MILLI + outage(), () -> restore(port));
            }
        }
    }

    private void loseAll() {
        long outage = outage();
        for (SimPort port : ports) {
            lose(port, outage + random.between(0, MILLI));
        }
    }

    private void vanish(Route route) {
        if (route.path().attached()) {
            away(route, "it is gone");
        }
        route.path().vanish();
    }

    private void leadElsewhere(Route route) {
        if (random.chance(1, 2)) {
            vanish(route);
        } else {
            cut(route.path().port());
            later(outage(), () -> restore(route.path().port()));
        }
        route.astray = true;
        route.path().describeIdentity(DeviceId.named("stranger-" + route.name()));
        later(outage() + outage(), () -> bringBack(route));
    }

    private void bringBack(Route route) {
        route.astray = false;
        route.strangeSince = Long.MAX_VALUE;
        route.path().describe(null);
        vanish(route);
    }

    private void sayOtherSize(Route route) {
        if (route.astray) {
            return;
        }
        Geometry real = route.unit().geometry();
        route.path().describeGeometry(real.withSize(real.sizeBytes() + Unit.BLOCK));
        route.path().changed();
        later(outage(), () -> {
            if (!route.astray) {
                route.path().describe(null);
            }
            route.path().changed();
        });
    }

    private void resize(Unit unit) {
        unit.disk().resize(unit.bytes() * (1 + random.nextInt(Contents.MOST_TIMES_ITS_SIZE)));
        unit.routes().forEach(route -> route.path().changed());
    }

    private void moveAccess(SimPort port, Unit unit) {
        AccessState state = one(List.of(AccessState.values()));
        String disk = unit.disk().description().id().toString();
        long outage = outage();
        for (Route route : unit.routes()) {
            if (random.chance(1, 2)) {
                access(route, state, outage);
            }
        }
        run.array().accessState(port.port().name(), List.of(Layout.diskName(unit.number())), state);
        run.story().tell("operator", port.port().name() + " says " + state + " of " + disk);
        later(
                outage,
                () -> run.array()
                        .accessState(
                                port.port().name(),
                                List.of(Layout.diskName(unit.number())),
                                AccessState.NON_OPTIMIZED));
    }

    private void access(Route route, AccessState state, long outage) {
        route.path().accessState(state);
        later(
                outage,
                () -> route.path()
                        .accessState(random.chance(1, 2) ? AccessState.OPTIMIZED : AccessState.NON_OPTIMIZED));
    }

    private void reportStale(Route route) {
        AccessState before = route.path().accessState();
        access(route, one(List.of(AccessState.values())), outage());
        later(random.between(0, 5 * MILLI), () -> route.path().report(to -> to.accessState(before)));
    }

    private void notReady(Route route) {
        away(route, "it is not ready");
        route.path().notReady("it is being moved");
        later(outage(), () -> {
            route.back();
            route.path().ready();
        });
    }

    private void refuseDescription(Route route) {
        route.path().describeFails("it does not answer");
        if (random.chance(1, 2)) {
            lose(route.path().port(), outage());
        } else {
            route.path().changed();
        }
        later(outage(), () -> {
            if (!route.astray) {
                route.path().describe(null);
            }
        });
    }

    private void lieInChecks(Route route) {
        boolean alwaysWorks = random.chance(1, 2);
        route.path().check(done -> {
            boolean works = alwaysWorks || route.path().port().liveness() != Liveness.LIVE;
            done.done(works, "so says its check");
        });
        later(outage(), () -> route.path().check(null));
    }

    private void hangChecks(Route route) {
        long hang = random.between(1, LONGEST_HANG);
        route.path().check(done -> {
            hanging.add(done);
            thread.schedule(Duration.ofNanos(hang), () -> done.done(true, "at last"));
        });
        later(outage(), () -> route.path().check(null));
    }

    private void changePolicy(Unit unit) {
        MultipathDevice device = unit.device();
        IoPolicy policy = run.policy(random.nextInt(POLICIES));
        unit.policyChanges(policy);
        device.policy(policy).whenComplete((done, failed) -> unit.policyChanged(device, failed == null, world.nanos()));
    }

    private void holdStill(Unit unit) {
        MultipathDevice device = unit.device();
        device.quiesce().thenRun(() -> {
            // One that has ended since may have an heir by now, which nobody holds.
            if (heldStill.contains(device) && device.state() == DeviceState.QUIESCED) {
                run.still(unit);
            }
        });
        heldStill.add(device);
        later(outage(), this::letGo);
    }

    private void letGo() {
        MultipathDevice device = heldStill.poll();
        if (device != null) {
            device.resume();
        }
    }

    private void reject() {
        world.rejectCompletions(true);
        later(outage(), () -> world.rejectCompletions(false));
    }

    private void stallLoop() {
        long stall = random.between(1, LONGEST_STALL);
        run.referee().stall(stall);
        world.holdLoop();
        stalls++;
        routes.forEach(Route::leaves);
        thread.schedule(Duration.ofNanos(stall), () -> {
            stalls--;
            world.releaseLoop();
        });
    }

    private void stallExecutor() {
        long stall = random.between(1, LONGEST_STALL);
        SimThread executor = random.chance(1, 2) ? world.completions() : world.blocking();
        run.referee().stall(stall);
        executor.hold();
        thread.schedule(Duration.ofNanos(stall), executor::release);
    }

    /** Discovery: whatever is not a path is offered, from time to time. */
    private void offerMissing() {
        for (Route route : routes) {
            if (!route.path().attached() && offering.add(route)) {
                offer(route);
            }
        }
        if (!run.closing()) {
            thread.schedule(Duration.ofNanos(random.between(1, 2 * OFFER_AGAIN)), this::offerMissing);
        }
    }

    private void offer(Route route) {
        route.back();
        run.registry().offer(route.path()).whenComplete((offer, failure) -> {
            offering.remove(route);
            if (offer instanceof Offer.Admitted admitted
                    && !route.astray
                    && !admitted.device().id().equals(route.unit().id())) {
                route.path().vanish(); // it was described before it came back
            }
            run.joined();
        });
    }

    /** Nothing is wrong from here on. On the thread that broke it, so that nothing is mended before it breaks. */
    void heal() {
        over = true;
        thread.execute(this::mend);
    }

    private void mend() {
        world.releaseLoop();
        world.completions().release();
        world.blocking().release();
        world.rejectCompletions(false);
        for (Route route : routes) {
            route.path().describe(null);
            route.path().check(null);
            if (route.astray) {
                bringBack(route);
            }
        }
        for (SimPort port : ports) {
            restore(port);
        }
        for (Route route : routes) {
            route.path().accessState(AccessState.OPTIMIZED);
            route.path().ready();
            route.path().changed();
        }
        hanging.forEach(done -> done.done(true, "at last"));
        hanging.clear();
        fenceAll(FENCES);
        while (!heldStill.isEmpty()) {
            letGo();
        }
        whenLoopKnows(() -> mended = true);
    }

    /** Again and again: what was under way may be lost some time later. */
    private void fenceAll(int times) {
        routes.forEach(route -> route.path().fence());
        if (times > 1) {
            thread.schedule(Duration.ofNanos(200 * MILLI), () -> fenceAll(times - 1));
        }
    }

    /** Whether every path is one of its unit's device again. */
    boolean allJoined() {
        for (Route route : routes) {
            if (!route.path().attached()) {
                return false;
            }
        }
        return mended;
    }

    static NoPathPolicy noPath(long millis) {
        if (millis < 0) {
            return NoPathPolicy.queueForever();
        }
        return millis == 0 ? NoPathPolicy.fail() : NoPathPolicy.queueFor(Duration.ofMillis(millis));
    }
}
