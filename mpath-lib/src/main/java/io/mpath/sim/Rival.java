package io.mpath.sim;

import io.mpath.DeviceState;
import io.mpath.IoStatus;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Clear;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationCommand.Reserve;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.Reservations;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Another host. The units are reserved for this one, whose commands of reservations are lost, late and refused; at some moment, maybe
 * between two of them, the other preempts it. From there on no write of this host is carried out, and it never has its registration
 * back; until then it loses nothing, and meets no conflict. What a device that ends leaves behind, the other host clears.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a host that does not wait; what goes wrong shows in the run
final class Rival implements Rule {
    private static final String KEPT_OUT = "no write of a preempted host is carried out";
    private static final String LET_IN = "a host that nobody preempted meets no conflict";
    private static final String KEPT = "a host that nobody preempted stays registered";
    private static final String GONE = "a preempted host does not regain its registration";
    private static final SimNexus NEXUS = new SimNexus("rival", "r");
    private static final ReservationKey KEY = new ReservationKey(0xf);
    private static final ReservationType TYPE = ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
    private static final List<ReservationType> TYPES = List.of(
            TYPE,
            ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY,
            ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS,
            ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS);
    private static final long MILLI = 1_000_000L;

    /** Behind the answer of the last command that met a fault. */
    private static final long LAST_FENCE = 4_000 * MILLI;

    private static final int COMMANDS_PER_PREEMPT = 40;

    private final Run run;
    private final SimWorld world;
    private final SimOptions options;
    private final SimThread thread;
    private final SimRandom random;
    private final List<Claim> claims = new ArrayList<>();
    private final IdentityHashMap<ClientRequest, SimAttempt> lastAttempts = new IdentityHashMap<>();
    private boolean over;

    Rival(Run run) {
        this.run = run;
        this.world = run.world();
        this.options = run.options();
        this.thread = world.thread("rival");
        this.random = world.random("rival");
    }

    /** Reserves all units for the host, of which some ports are away meanwhile, if the run is one with reservations. */
    void start(List<SimPort> ports) {
        if (!options.is(SimOption.RESERVED)) {
            return;
        }
        List<SimPort> away = new ArrayList<>(ports.subList(1, ports.size()));
        away.removeIf(port -> random.chance(2, 3));
        world.runUntilIdle();
        away.forEach(SimPort::pull);
        world.runUntilIdle();
        run.units().forEach(this::claim);
        away.forEach(SimPort::putBack);
    }

    private void claim(Unit unit) {
        Reservations reservations = unit.device().reservations();
        ReservationOutcome registered = world.await(reservations.register(new Registration(Claim.KEY)));
        ReservationOutcome reserved = world.await(reservations.reserve(TYPE));
        if (!registered.done() || !reserved.done()) {
            throw run.referee().broken("what is asked for is done when nothing is wrong", registered + ", " + reserved);
        }
        var claim = new Claim(unit, unit.device());
        claims.add(claim);
        for (Route route : unit.routes()) {
            SimRandom own = random.split(route.name());
            var faults =
                    new SimReservationFaults(own.split("faults"), options.count(SimOption.RESERVATION_FAULTS), hold());
            route.path()
                    .reserving()
                    .latency(Duration.ZERO, Duration.ofNanos(options.get(SimOption.LATENCY_US) * 1000))
                    .notices(own.chance(1, 2))
                    .script(command -> answer(claim, own, faults, command));
        }
        if (options.is(SimOption.RIVAL)) {
            later(() -> preempt(claim));
        }
        if (random.chance(1, 2)) {
            later(() -> changeType(claim));
        }
    }

    private Duration hold() {
        return Duration.ofMillis(
                options.is(SimOption.HOLD_MS) ? options.get(SimOption.HOLD_MS) : Long.MAX_VALUE / MILLI);
    }

    private void later(Runnable task) {
        long moment = random.between(0, options.get(SimOption.FAULTS_MS) * MILLI);
        thread.schedule(Duration.ofNanos(moment), () -> {
            if (!over) {
                task.run();
            }
        });
    }

    private SimReservationAnswer answer(
            Claim claim, SimRandom moments, SimReservationFaults faults, ReservationCommand command) {
        if (over) {
            return SimReservationAnswer.carryOut();
        }
        if (options.is(SimOption.RIVAL) && moments.chance(1, COMMANDS_PER_PREEMPT)) {
            preempt(claim);
        }
        return faults.answer(command);
    }

    /** All at once; a victim that has not reserved is kept out nevertheless. */
    private void preempt(Claim claim) {
        if (claim.over() || claim.preempted() || claim.registrations() == 0) {
            return;
        }
        run.story().tell("rival", "preempts " + claim);
        carryOut(claim, new Register(ReservationKey.NONE, KEY, true, false));
        carryOut(claim, new Preempt(KEY, claim.heldByAll() ? ReservationKey.NONE : Claim.KEY, TYPE, false));
        carryOut(claim, new Reserve(KEY, TYPE));
        claim.preempted(world.nanos());
    }

    private void changeType(Claim claim) {
        ReservationType type = TYPES.get(random.nextInt(TYPES.size()));
        run.story().tell("host", "reserves " + type + " on " + claim.unit().name());
        claim.typeChanges();
        claim.device().reservations().reserve(type);
    }

    private static void carryOut(Claim claim, ReservationCommand command) {
        claim.unit().disk().reservations().carryOut(NEXUS, command);
    }

    /** Commands meet no faults from here on, and it preempts nobody any more. */
    void heal() {
        over = true;
        for (Claim claim : claims) {
            thread.schedule(
                    Duration.ofNanos(LAST_FENCE),
                    () -> claim.unit().routes().forEach(route -> route.path().fence()));
        }
    }

    /** Whether every host knows where it stands. */
    boolean settled() {
        return claims.stream().allMatch(Claim::settled);
    }

    /** They do not, though there was time enough. */
    SimViolation unsettled() {
        Claim claim =
                claims.stream().filter(each -> !each.settled()).findFirst().orElseThrow();
        return run.referee().broken(claim.preempted() ? GONE : KEPT, claim.toString());
    }

    private @Nullable Claim of(Unit unit) {
        for (Claim claim : claims) {
            if (claim.unit() == unit) {
                return claim;
            }
        }
        return null;
    }

    @Override
    public void submitted(Route route, SimAttempt attempt, @Nullable ClientRequest request) {
        if (!claims.isEmpty() && request != null && request.pieces == 1) {
            lastAttempts.put(request, attempt);
        }
    }

    @Override
    public void landed(Unit unit, SimDisk.Execution execution, byte[] data) {
        Claim claim = of(unit);
        ClientRequest request = claim == null
                ? null
                : switch (execution.operation()) {
                    case WRITE -> run.requests().numbered(ByteBuffer.wrap(data).getLong(0));
                    case COMPARE_AND_WRITE -> run.requests().replacing(data);
                    case READ, WRITE_ZEROES, DISCARD, FLUSH, PASSTHROUGH -> null;
                };
        if (claim != null && request != null && claim.keepsOut(request)) {
            throw run.referee().broken(KEPT_OUT, request + " takes effect: " + claim);
        }
    }

    @Override
    public void ended(ClientRequest request) {
        Claim claim = of(request.unit);
        SimAttempt last = lastAttempts.remove(request);
        if (claim == null) {
            return;
        }
        if (request.status == IoStatus.SUCCESS && claim.keepsOut(request)) {
            throw run.referee().broken(KEPT_OUT, request + " ended well: " + claim);
        }
        if (request.status == IoStatus.RESERVATION_CONFLICT
                && last != null
                && last.isBarred()
                && claim.letsIn(request)) {
            throw run.referee().broken(LET_IN, request + " ended so: " + claim);
        }
    }

    @Override
    public void told(MultipathEvent event) {
        for (Claim claim : claims) {
            if (!claim.over()) {
                told(claim, event);
            }
        }
    }

    private void told(Claim claim, MultipathEvent event) {
        if (event instanceof MultipathEvent.DeviceStateChanged change
                && change.device().equals(claim.unit().id())
                && change.to() == DeviceState.CLOSED) {
            claim.end();
            carryOut(claim, new Register(ReservationKey.NONE, KEY, true, false));
            carryOut(claim, new Clear(KEY));
        }
        if (event instanceof MultipathEvent.PathRemoved removed
                && removed.device().equals(claim.unit().id())) {
            claim.left(removed.path());
        }
        if (event instanceof MultipathEvent.RegistrationLost lost
                && lost.device().equals(claim.unit().id())
                && claim.keeps()) {
            throw run.referee().broken(KEPT, lost + ": " + claim);
        }
    }
}
