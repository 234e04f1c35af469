package io.mpath.internal.reservation;

import io.mpath.Environment;
import io.mpath.MultipathException;
import io.mpath.Timers;
import io.mpath.path.DevicePath;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Clear;
import io.mpath.path.ReservationCommand.Release;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationCapabilities;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.Standing;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The reservations of one device each of whose nexuses has a key of its own, so that one that lost a write can be {@linkplain Fencing
 * fenced} by the reservation. Everything is carried out on the control loop, one thing after the other.
 */
public final class KeyPerPathEngine implements ReservationControl {
    private static final long LOOK_NANOS = 30_000_000_000L;
    private static final int JITTER_STEPS = 1 << 10;

    private final ReservedDevice device;
    private final Environment environment;
    private final Turns turns = new Turns();
    private final Asking asking;
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
        this.device = device;
        this.environment = device.environment();
        this.asking = new Asking(device, turns, this::watch);
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
    private void watch() {
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
    public CompletableFuture<ReservationState> report() {
        return asking.reading(() -> wire.read(
                CompletableFuture::completedFuture, reply -> CompletableFuture.failedFuture(unreadable(reply))));
    }

    @Override
    public CompletableFuture<ReservationCapabilities> capabilities() {
        return asking.reading(() -> wire.sendThroughAny(wire.reachable(), new ReservationCommand.ReadAbilities())
                .thenCompose(sent -> sent.reply() instanceof ReservationReply.Abilities abilities
                        ? CompletableFuture.completedFuture(abilities.capabilities())
                        : CompletableFuture.failedFuture(unreadable(sent.reply()))));
    }

    private MultipathException unreadable(ReservationReply reply) {
        return new MultipathException(device.id() + ": reservations cannot be read: " + reply.cause());
    }

    @Override
    public CompletableFuture<ReservationOutcome> register(Registration wanted) {
        Objects.requireNonNull(wanted, "registration");
        return asking.changing(() -> registering.register(wanted, false));
    }

    @Override
    public CompletableFuture<ReservationOutcome> registerIgnoring(Registration wanted) {
        Objects.requireNonNull(wanted, "registration");
        return asking.changing(() -> registering.register(wanted, true));
    }

    @Override
    public CompletableFuture<ReservationOutcome> adopt(Registration existing) {
        Objects.requireNonNull(existing, "registration");
        return asking.changing(() -> registering.adopt(existing));
    }

    @Override
    public CompletableFuture<ReservationOutcome> unregister() {
        return asking.changing(registering::unregister);
    }

    @Override
    public CompletableFuture<ReservationOutcome> reserve(ReservationType type) {
        Objects.requireNonNull(type, "type");
        return asking.changing(() -> reserving.reserve(type));
    }

    @Override
    public CompletableFuture<ReservationOutcome> release() {
        return asking.changing(reserving::release);
    }

    @Override
    public CompletableFuture<ReservationOutcome> preempt(ReservationKey victim, ReservationType type) {
        return asking.changing(() -> reserving.preempt(victim, type, false));
    }

    @Override
    public CompletableFuture<ReservationOutcome> preemptAndAbort(ReservationKey victim, ReservationType type) {
        return asking.changing(() -> reserving.preempt(victim, type, true));
    }

    @Override
    public CompletableFuture<ReservationOutcome> clear() {
        return asking.changing(reserving::clear);
    }
}
