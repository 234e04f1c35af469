package io.mpath.internal.reservation;

import io.mpath.Environment;
import io.mpath.Timers;
import io.mpath.path.DevicePath;
import io.mpath.path.ReservationCommand.Clear;
import io.mpath.path.ReservationCommand.Release;
import io.mpath.reservation.Standing;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reservations of one device each of whose nexuses has a key of its own, so that one that lost a write can be {@linkplain Fencing
 * fenced} by the reservation. Everything is carried out on the control loop, one thing after the other.
 */
public final class KeyPerPathEngine extends ReservationFront {
    private static final long LOOK_NANOS = 30_000_000_000L;
    private static final int JITTER_STEPS = 1 << 10;

    private final ReservedDevice device;
    private final Environment environment;
    private final Turns turns;
    private final NexusLedger ledger;
    private final Wire wire;
    private final Enrolling enrolling;
    private final NexusRegistering registering;
    private final NexusReserving reserving;
    private final Fencing fencing;
    private final LookPace pace = new LookPace();
    private final Set<Member> suspects = new LinkedHashSet<>();
    private final Set<Nexus> toBeFenced = new LinkedHashSet<>();
    private boolean over;
    private boolean joinAsked;
    private boolean lookAsked;
    private Timers.@Nullable Timer nextJoin;
    private long nextJoinAt;
    private Timers.@Nullable Timer nextLook;
    private Timers.@Nullable Timer pacedLook;

    /** For {@code device}. */
    public KeyPerPathEngine(ReservedDevice device) {
        this(device, new Turns());
    }

    private KeyPerPathEngine(ReservedDevice device, Turns turns) {
        super(device, turns);
        this.device = device;
        this.environment = device.environment();
        this.turns = turns;
        this.ledger = new NexusLedger(device);
        this.wire = new Wire(device, command -> command instanceof Release || command instanceof Clear);
        var nexuses = new NexusWire(ledger, wire);
        this.enrolling = new Enrolling(device, ledger, nexuses, pace);
        this.registering = new NexusRegistering(ledger, nexuses, enrolling);
        this.reserving = new NexusReserving(ledger, nexuses, enrolling);
        this.fencing = new Fencing(device, ledger, nexuses, enrolling);
    }

    @Override
    public void joined(Member member) {
        ledger.joined(member);
    }

    @Override
    public void left(Member member) {
        ledger.left(member);
    }

    @Override
    public void pathsChanged() {
        if (over || joinAsked) {
            return;
        }
        if (enrolling.pending()) {
            joinAsked = true;
            environment
                    .loop()
                    .execute(() -> turns.take(enrolling::joinAll, () -> {
                        joinAsked = false;
                        watch();
                    }));
        } else {
            awaitJoin();
        }
    }

    /** Unless it is awaited by then anyway. */
    private void awaitJoin() {
        long wait = enrolling.waitNanos();
        long at = wire.now() + wait;
        if (wait == Long.MAX_VALUE || (nextJoin != null && nextJoinAt - at <= 0)) {
            return;
        }
        cancel(nextJoin);
        nextJoinAt = at;
        nextJoin = environment.timers().schedule(wait, this::watch);
    }

    /** One that is registered, for all that is known, should have met none. */
    @Override
    public void conflictMet(Member member) {
        if (ledger.registered() && !member.conflictsByItself()) {
            suspects.add(member);
            mayHaveChanged();
        }
    }

    /** Whom another host keeps out has every request tell that, see {@link LookPace}. */
    private void lookPaced() {
        long pause = pace.pauseNanos(wire.now());
        if (pause == 0) {
            look();
        } else if (!over && ledger.registered() && pacedLook == null) {
            pacedLook = environment.timers().schedule(pause, () -> {
                pacedLook = null;
                lookPaced();
            });
        }
    }

    @Override
    public boolean keepsOut(DevicePath path) {
        Nexus nexus = ledger.of(path);
        return nexus != null && nexus.member().conflictsByItself();
    }

    @Override
    public void fenced() {
        pathsChanged();
    }

    @Override
    public void mayHaveChanged() {
        ledger.alarm();
        lookPaced();
    }

    private void look() {
        if (!over && ledger.registered() && !lookAsked) {
            lookAsked = true;
            turns.take(
                    () -> {
                        lookAsked = false;
                        List<Member> doubted = List.copyOf(suspects);
                        suspects.clear();
                        return enrolling.look(doubted);
                    },
                    this::watch);
        }
    }

    @Override
    public void writeLost(DevicePath path) {
        Nexus nexus = ledger.of(path);
        if (!over && nexus != null && ledger.registered() && toBeFenced.add(nexus)) {
            turns.take(() -> fencing.fence(nexus), () -> {
                toBeFenced.remove(nexus);
                watch();
            });
        }
    }

    /** Compares again after a while, for as long as something is registered, and does what waits when it can be done. */
    @Override
    void watch() {
        if (over) {
            return;
        }
        if (nextLook == null && ledger.registered()) {
            long jitter = LOOK_NANOS / 4 / JITTER_STEPS * environment.entropy().nextInt(JITTER_STEPS);
            nextLook = environment.timers().schedule(LOOK_NANOS - jitter, () -> {
                nextLook = null;
                look();
            });
        }
        cancel(nextJoin);
        nextJoin = null;
        enrolling.tell();
        pathsChanged();
    }

    private static void cancel(Timers.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** What was fenced is held again: the device may be opened anew by who knows nothing of it. */
    @Override
    public void end() {
        over = true;
        turns.end();
        wire.end();
        ledger.end();
        cancel(nextLook);
        cancel(pacedLook);
        cancel(nextJoin);
    }

    @Override
    public Standing standing() {
        return ledger.standing();
    }

    @Override
    Wire wire() {
        return wire;
    }

    @Override
    RegistersHost registering() {
        return registering;
    }

    @Override
    ReservesDevice reserving() {
        return reserving;
    }
}
