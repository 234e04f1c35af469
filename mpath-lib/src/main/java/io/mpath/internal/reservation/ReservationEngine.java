package io.mpath.internal.reservation;

import io.mpath.Environment;
import io.mpath.Timers;
import io.mpath.path.DevicePath;
import io.mpath.reservation.Standing;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The reservations of one device. What is asked for is carried out on the control loop, one thing after the other; so is what the
 * paths' coming and going asks for, and the comparing with the device.
 */
public final class ReservationEngine extends ReservationFront {
    private static final long LOOK_NANOS = 30_000_000_000L;
    private static final long MOVE_PAUSE_NANOS = 1_000_000_000L;
    private static final int JITTER_STEPS = 1 << 10;

    private final ReservedDevice device;
    private final Environment environment;
    private final Turns turns;
    private final Ledger ledger;
    private final Wire wire;
    private final Witnesses witnesses;
    private final Joining joining;
    private final Registering registering;
    private final Reserving reserving;
    private final LookPace pace = new LookPace();
    private final Set<Member> suspects = new LinkedHashSet<>();
    private boolean over;
    private boolean joinAsked;
    private boolean lookAsked;
    private boolean moveAsked;
    private Timers.@Nullable Timer nextJoin;
    private Timers.@Nullable Timer nextLook;
    private Timers.@Nullable Timer nextMove;
    private Timers.@Nullable Timer pacedLook;

    /** For {@code device}. */
    public ReservationEngine(ReservedDevice device) {
        this(device, new Turns());
    }

    private ReservationEngine(ReservedDevice device, Turns turns) {
        super(device, turns);
        this.device = device;
        this.environment = device.environment();
        this.turns = turns;
        this.ledger = new Ledger(device);
        this.wire = new Wire(device, command -> false);
        this.witnesses = new Witnesses(device, ledger, wire);
        this.joining = new Joining(device, ledger, wire, witnesses, pace);
        this.registering = new Registering(device, ledger, wire, joining, witnesses);
        this.reserving = new Reserving(ledger, wire, joining, witnesses, new Stillness(device));
    }

    @Override
    public void joined(Member member) {
        ledger.joined(member);
    }

    @Override
    public void left(Member member) {
        ledger.left(member);
    }

    /** Paths may be there that were not, or not there that were: those that are to be registered are. Before a table is made. */
    @Override
    public void pathsChanged() {
        if (over) {
            return;
        }
        setAside();
        if (!joinAsked && joining.pending()) {
            joinAsked = true;
            environment
                    .loop()
                    .execute(() -> turns.take(joining::joinAll, () -> {
                        joinAsked = false;
                        watch();
                    }));
        }
    }

    /** A reservation that one path holds for itself is of use through that one alone; it is moved when that one is of no use. */
    private void setAside() {
        Member holder = ledger.holder();
        boolean alone = heldByOnePath();
        for (Member member : device.members()) {
            member.aside(alone && member != holder);
        }
        if (stranded() && !moveAsked && nextMove == null && anyServes()) {
            moveAsked = true;
            environment
                    .loop()
                    .execute(() -> turns.take(this::move, () -> {
                        moveAsked = false;
                        watch();
                    }));
        }
    }

    private boolean anyServes() {
        for (Member member : wire.reachableJoined()) {
            if (member.serves()) {
                return true;
            }
        }
        return false;
    }

    private boolean heldByOnePath() {
        return ledger.registered()
                && witnesses.nexuses()
                && ledger.reserved()
                        .filter(type -> !type.registrantsHaveAccess())
                        .isPresent();
    }

    private boolean stranded() {
        Member holder = ledger.holder();
        return heldByOnePath() && (holder == null || !holder.serves());
    }

    private CompletableFuture<Void> move() {
        if (!stranded()) {
            return CompletableFuture.completedFuture(null);
        }
        nextMove = environment.timers().schedule(MOVE_PAUSE_NANOS, () -> {
            nextMove = null;
            pathsChanged();
        });
        return reserving.move(ledger.reserved().orElseThrow()).thenAccept(moved -> {});
    }

    /**
     * A request met a conflict through a path that is registered, for all that is known: it proves that before it is used again, if
     * who is registered should have met none.
     */
    @Override
    public void conflictMet(Member member) {
        if (ledger.registered() && witnesses.nexuses()) {
            suspects.add(member);
        }
        mayHaveChanged();
    }

    /** Its key is the other paths' too. */
    @Override
    public boolean keepsOut(DevicePath path) {
        return false;
    }

    @Override
    public void fenced() {
        watch();
    }

    @Override
    public void mayHaveChanged() {
        if (over || !ledger.registered() || lookAsked || pacedLook != null) {
            return;
        }
        long pause = pace.pauseNanos(wire.now());
        if (pause > 0) {
            pacedLook = environment.timers().schedule(pause, () -> {
                pacedLook = null;
                mayHaveChanged();
            });
        } else {
            lookAsked = true;
            turns.take(
                    () -> {
                        lookAsked = false;
                        List<Member> doubted = List.copyOf(suspects);
                        suspects.clear();
                        return joining.look(doubted);
                    },
                    this::watch);
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
                mayHaveChanged();
            });
        }
        cancel(nextJoin);
        long wait = joining.waitNanos();
        nextJoin = wait == Long.MAX_VALUE ? null : environment.timers().schedule(wait, this::pathsChanged);
        pathsChanged();
    }

    private static void cancel(Timers.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Held until its time has passed: the nexus has no key that could be preempted without the others'. */
    @Override
    public void writeLost(DevicePath path) {}

    @Override
    public void end() {
        over = true;
        turns.end();
        wire.end();
        cancel(nextLook);
        cancel(nextJoin);
        cancel(nextMove);
        cancel(pacedLook);
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
