package io.mpath.sim;

import io.mpath.DeviceState;
import io.mpath.IoOperation;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.observe.DeviceCounters;
import io.mpath.observe.DeviceSnapshot;
import io.mpath.observe.MultipathEvent;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import io.mpath.policy.SelectablePath;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run: the library on a simulated machine with a simulated array, clients that use it, and an operator who breaks things.
 * First the faults; then all is healed, and everything must end; then the registry is closed, and nothing must be left.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what a dependent throws, the referee keeps
final class Run {
    static final int COMPARED_BLOCKS = 2;

    /**
     * How long after the end of all faults the last request may take. The longest that may have to be waited for is the pause of
     * 30 s between two checks of a path that did not work, and a check before it that has hung for 10 s.
     */
    static final long DRAIN_NANOS = 45_000_000_000L;

    private static final long MILLI = 1_000_000L;

    private final SimOptions options;
    private final SimWorld world;
    private final Story story;
    private final SimCoverage coverage = new SimCoverage();
    private final Referee referee;
    private final Layout layout;
    private final List<Unit> units;
    private final Requests requests;
    private final Multipath registry;
    private final AttemptFaults faults;
    private final Operator operator;
    private final Rival rival;
    private final TruthRule truth;
    private final BoundRule bound;
    private final OneTryRule oneTry;
    private final RestRule rest;
    private final Contents contents;
    private final IdentityHashMap<MultipathDevice, DeviceCounters> counted = new IdentityHashMap<>();
    private boolean closing;
    private @Nullable CompletableFuture<Void> closed;

    Run(SimOptions options, @Nullable Consumer<String> listener) {
        this.options = options;
        this.world = SimWorld.seeded(options.seed());
        this.story = new Story(world, listener);
        this.referee = new Referee(world, options);
        this.requests = new Requests(world, options, coverage, story, referee);
        this.layout = new Layout(options, world);
        this.units = layout.units();
        units.forEach(this::watch);
        this.faults = new AttemptFaults(world, options, coverage);
        this.registry = Multipath.builder()
                .environment(world.environment())
                .settings(layout.settings(policy(options.count(SimOption.POLICY))))
                .build();
        this.truth = new TruthRule(referee);
        this.bound = new BoundRule(referee);
        this.oneTry = new OneTryRule(referee);
        this.rest = new RestRule(world, referee, registry, units);
        this.contents = new Contents(world, referee, units);
        this.operator = new Operator(this, layout.ports());
        this.rival = new Rival(this);
        referee.rules(List.of(
                new EndsOnceRule(referee, requests.all()),
                truth,
                bound,
                oneTry,
                new NoPathRule(referee, registry),
                new TableRule(world, referee, registry),
                new TransitionRule(referee, coverage),
                new PublishedRule(referee, registry),
                new RepeatRule(world, referee),
                new CallbackRule(world, referee),
                new BufferRule(referee),
                new OrderRule(referee),
                new FlushRule(referee),
                new ToldPassages(coverage),
                contents,
                rival,
                rest));
        registry.listen(event -> referee.guard(() -> told(event)));
        if (story.told()) {
            world.onTrace(label -> story.tell("path", label));
        }
    }

    private void watch(Unit unit) {
        unit.disk().observe((execution, data) -> landed(unit, execution, data));
        for (Route route : unit.routes()) {
            route.path().script(attempt -> faults().answer(route, attempt));
            route.path().watch(attempt -> requests.given(route, attempt), requests::refused);
        }
    }

    IoPolicy policy(int number) {
        IoPolicy policy = IoPolicies.all().get(number);
        return new ObservedPolicy(
                options.is(SimOption.PREEMPT) ? new InterleavingPolicy(world, policy) : policy,
                this::tier,
                this::choose);
    }

    /** While the control loop is preempted in a choice it cannot keep its bounds. */
    private int choose(IoPolicy policy, String path, IntSupplier choice) {
        Unit unit = unitOf(path);
        ClientRequest request = requests.beingHandedIn();
        long now = world.nanos();
        long began = world.onLoop() ? now : request == null ? 0 : request.beganNanos;
        if (unit != null && unit.choseBefore(policy, began)) {
            throw referee.broken(
                    "a policy that was replaced chooses no more", policy.name() + " chooses for " + unit.name());
        }
        int chosen = choice.getAsInt();
        if (world.onLoop()) {
            referee.stoodStill(world.nanos() - now);
        }
        return chosen;
    }

    /** A device has been held still, and is so. */
    void still(Unit unit) {
        for (Route route : unit.routes()) {
            if (!route.path().underWay().isEmpty()) {
                throw referee.broken(
                        "nothing is with a path of a device held still",
                        route.name() + " has " + route.path().underWay());
            }
        }
    }

    /** A channel follows the table by a selector of its own, some time after the table was published. */
    private void tier(List<? extends SelectablePath> candidates) {
        if (!world.onLoop()) {
            return;
        }
        Unit unit = unitOf(candidates.get(0).name());
        Route route = unit == null ? null : unit.route(candidates.get(0).name());
        if (unit == null || route == null) {
            return;
        }
        if (candidates.size() == 1 && route.astray) {
            route.lastTier = unit.tiers(); // perhaps it is another unit's tier
        } else {
            unit.tier(candidates);
        }
    }

    private @Nullable Unit unitOf(String path) {
        for (Unit unit : units) {
            if (unit.route(path) != null) {
                return unit;
            }
        }
        return null;
    }

    /** Runs it. @throws SimViolation when a rule is broken */
    SimReport play() {
        try {
            story.tell("world", "seed " + options.seed() + ", " + options);
            start();
            step(this::faultsOver, options.get(SimOption.FAULTS_MS) * MILLI);
            heal();
            drain();
            close();
        } catch (SimViolation violation) {
            story.tell("referee", "rule broken: " + violation.rule() + ": " + violation.what());
            throw violation;
        } catch (RuntimeException thrown) {
            throw referee.threw(thrown);
        }
        var report = new SimReport(
                options.seed(),
                requests.made(),
                requests.attempts(),
                coverage.faults(),
                world.nanos(),
                world.traceHash(),
                coverage);
        story.tell(
                "world",
                "over: " + report.requests() + " requests, " + report.attempts() + " attempts, " + report.faults()
                        + " faults");
        story.close("hash " + story.hash());
        return report;
    }

    private void start() {
        if (options.get(SimOption.NO_PATH_MS) < 0) {
            bound.waitsForEver();
        }
        layout.array().offerTo(registry).forEach(world::await);
        joined();
        rival.start(layout.ports());
        for (int client = 0; client < options.get(SimOption.CLIENTS); client++) {
            new Client(this, client).start();
        }
        operator.start();
    }

    /** Runs until {@code done}, for up to {@code nanos}. */
    private boolean step(BooleanSupplier done, long nanos) {
        boolean reached = world.runUntil(
                () -> {
                    rest.between();
                    return referee.failed() || done.getAsBoolean();
                },
                Duration.ofNanos(nanos));
        referee.check();
        return reached;
    }

    private boolean faultsOver() {
        return closing || (!takesRequests() && !requests.anyOpen());
    }

    private void heal() {
        story.tell("world", "all is healed");
        faults.end();
        operator.heal();
        rival.heal();
    }

    private void drain() {
        List<ClientRequest> old = List.copyOf(requests.all());
        if (!closing && !step(() -> over(old) && operator.allJoined(), DRAIN_NANOS)) {
            throw referee.broken("everything drains when nothing is wrong", late(old));
        }
        if (!closing && !step(() -> !takesRequests() && !requests.anyOpen(), 100 * DRAIN_NANOS)) {
            throw referee.broken("everything drains when nothing is wrong", late(requests.all()));
        }
        if (!closing && !step(() -> operator.allJoined() && allLive(), DRAIN_NANOS)) {
            throw referee.broken(
                    "every path is used when nothing is wrong",
                    registry.topology().toString());
        }
        if (!closing && !step(rival::settled, DRAIN_NANOS)) {
            throw rival.unsettled();
        }
        if (!closing) {
            readBack();
            referee.drained();
        }
    }

    private boolean allLive() {
        for (Unit unit : units) {
            if (registry.device(unit.id()).isEmpty() || unit.device().state() != DeviceState.LIVE) {
                return false;
            }
        }
        return true;
    }

    private void readBack() {
        for (Unit unit : units) {
            for (int block = 0; block < unit.blocks(); block++) {
                ByteBuffer into = ByteBuffer.allocate(Unit.BLOCK);
                world.await(unit.device().read((long) block * Unit.BLOCK, into));
                contents.readBack(unit, block, into);
            }
        }
        referee.check();
    }

    private static boolean over(List<ClientRequest> all) {
        for (int i = all.size() - 1; i >= 0; i--) {
            if (!all.get(i).over()) {
                return false;
            }
        }
        return true;
    }

    private String late(List<ClientRequest> all) {
        for (ClientRequest request : all) {
            if (!request.over()) {
                return request + ", handed in at "
                        + Story.time(request.beganNanos).strip() + ", has not ended";
            }
        }
        return "a path has not joined: " + registry.topology();
    }

    private void close() {
        closing = true;
        truth.closing();
        count();
        story.tell("world", "the registry is closed");
        CompletableFuture<Void> done = closed == null ? registry.closeAsync() : closed;
        long most = options.get(SimOption.CLOSE_MS) * MILLI + Referee.TWO_TICKS + referee.stalledNanos();
        if (!step(done::isDone, most)) {
            throw referee.broken(
                    "closing is bounded",
                    "the registry is not closed after " + Story.time(most).strip());
        }
        step(() -> false, Referee.TWO_TICKS);
        faults.end();
        step(() -> !requests.anyOpen(), DRAIN_NANOS);
        referee.closed();
    }

    // What the library tells.

    private void told(MultipathEvent event) {
        if (story.told()) {
            story.tell("event", event.toString());
        }
        referee.told(event);
    }

    /** Counters go with their device. */
    private void count() {
        for (Unit unit : units) {
            for (MultipathDevice device : unit.devices()) {
                DeviceSnapshot snapshot = device.snapshot();
                DeviceCounters counters = snapshot.counters();
                if (counted.put(device, counters) == null) {
                    coverage.count(Passage.FAILOVER.toString(), counters.failovers());
                    coverage.count(Passage.REQUEUE.toString(), counters.requeues());
                    coverage.count(Passage.NO_PATH_FAILURE.toString(), counters.noPathFailures());
                    coverage.count(Passage.LATE_COMPLETION.toString(), counters.lateCompletions());
                    coverage.count(Passage.STRAY_COMPLETION.toString(), counters.strayCompletions());
                    coverage.count(Passage.HELD.toString(), counters.heldWrites());
                    coverage.count(Passage.OVERLAP.toString(), counters.overlaps());
                    coverage.count(Passage.OVERDUE.toString(), counters.overdueAttempts());
                    coverage.count(Passage.FLUSH_UNREACHED.toString(), counters.unreachedFlushes());
                    coverage.count(Passage.RETRY_PAUSE.toString(), snapshot.retries());
                }
            }
            for (Route route : unit.routes()) {
                coverage.count(Passage.ABORT.toString(), route.path().aborted());
            }
        }
    }

    private void landed(Unit unit, SimDisk.Execution execution, byte[] data) {
        if (execution.operation() == IoOperation.COMPARE_AND_WRITE) {
            ClientRequest request = requests.replacing(data);
            if (request != null) {
                request.landings++;
                oneTry.replaced(request);
            }
        }
        referee.landed(unit, execution, data);
    }

    /** Offers have been answered: clients use the devices that there are. */
    void joined() {
        for (Unit unit : units) {
            registry.device(unit.id()).ifPresent(unit::use);
        }
    }

    // What clients do.

    boolean takesRequests() {
        return requests.made() < options.get(SimOption.REQUESTS) && !closing && !referee.failed();
    }

    // What the operator does.

    void noPath(MultipathDevice device, long millis) {
        if (millis < 0) {
            bound.waitsForEver();
        }
        device.noPath(Operator.noPath(millis));
    }

    void close(MultipathDevice device) {
        truth.closing();
        long began = world.nanos();
        CompletableFuture<Void> done = device.closeAsync();
        done.whenComplete((nothing, failure) -> {
            long most = options.get(SimOption.CLOSE_MS) * MILLI + Referee.TWO_TICKS + referee.stalledNanos();
            if (world.nanos() - began > most) {
                throw referee.broken(
                        "closing is bounded",
                        device.id() + " took "
                                + Story.time(world.nanos() - began).strip());
            }
        });
    }

    void closeEarly(boolean now) {
        if (now) {
            closing = true;
            truth.closing();
            count();
            closed = registry.closeAsync();
        }
    }

    boolean closing() {
        return closing;
    }

    SimWorld world() {
        return world;
    }

    SimOptions options() {
        return options;
    }

    Story story() {
        return story;
    }

    SimCoverage coverage() {
        return coverage;
    }

    Referee referee() {
        return referee;
    }

    SimArray array() {
        return layout.array();
    }

    Requests requests() {
        return requests;
    }

    Multipath registry() {
        return registry;
    }

    List<Unit> units() {
        return units;
    }

    AttemptFaults faults() {
        return faults;
    }
}
