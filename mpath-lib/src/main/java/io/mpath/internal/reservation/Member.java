package io.mpath.internal.reservation;

import io.mpath.path.DevicePath;
import io.mpath.path.Reservable;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one path is to the device's reservations. While the host is registered, a path is given I/O only as {@link Stage#JOINED}.
 * Used on the control loop only.
 */
public final class Member {
    enum Stage {
        /** It need not be registered: the host is not, or has lost that. */
        FREE,
        /** It is to be registered, or its registration proved, before it is used. */
        AWAITED,
        /** It is registered with the host's key, for all that is known. */
        JOINED,
        /** A registration of it may have come about, or still may, after the host lost its own: to be ended before it is used. */
        TO_BE_ENDED
    }

    private static final long FIRST_PAUSE_NANOS = 1_000_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 30_000_000_000L;

    private final DevicePath path;
    private final BooleanSupplier reachable;
    private final LongSupplier holdNanos;
    private Stage stage = Stage.FREE;
    private String finding = "";
    private boolean proven;
    private boolean unverified;
    private boolean aside;
    private boolean busy;
    private long settledAt;
    private boolean unsettled;
    private long pauseNanos = FIRST_PAUSE_NANOS;
    private long dueAt;
    private boolean pausing;

    /**
     * A path that has just come.
     *
     * @param reachable whether commands may be sent through it now
     * @param holdNanos how long after it was handed back a lost command may still take effect
     */
    public Member(DevicePath path, BooleanSupplier reachable, LongSupplier holdNanos) {
        this.path = path;
        this.reachable = reachable;
        this.holdNanos = holdNanos;
    }

    /** Why it must not be given I/O, or empty. */
    public String problem() {
        return switch (stage) {
            case FREE -> "";
            case JOINED -> aside ? "the reservation is held through another path, and is that one's alone" : "";
            case AWAITED -> finding.isEmpty() ? "it is about to be registered" : "it is not registered: " + finding;
            case TO_BE_ENDED -> "a registration of it may still come about, and is ended before it is used";
        };
    }

    /** It was away: what was known of its registration is to be proved. */
    public void cameBack() {
        pausing = false;
        if (stage == Stage.JOINED) {
            stage = Stage.AWAITED;
            finding = "";
        }
    }

    /** Whether a conflict that it meets says nothing about the host's standing. */
    public boolean conflictsByItself() {
        return stage == Stage.AWAITED || stage == Stage.TO_BE_ENDED || (stage == Stage.JOINED && aside);
    }

    /** Whether another path alone holds the reservation. */
    void aside(boolean value) {
        aside = value;
    }

    String name() {
        return path.name();
    }

    @Nullable
    Reservable reservable() {
        return path instanceof Reservable reservable ? reservable : null;
    }

    /** Whether a command may be sent through it. */
    boolean reachable() {
        return !busy && path instanceof Reservable && reachable.getAsBoolean();
    }

    Stage stage() {
        return stage;
    }

    boolean joined() {
        return stage == Stage.JOINED;
    }

    /** The host is not registered: neither need it be. */
    void free() {
        stage = Stage.FREE;
        finding = "";
        proven = false;
        unverified = false;
    }

    /** It is to be registered, or to prove that it is. */
    void await() {
        stage = Stage.AWAITED;
        finding = "";
        pausing = false;
    }

    /** Its registration was taken away by the host itself, and is to be made again. */
    void awaitAnew() {
        await();
        proven = false;
    }

    /** That did not work, and is tried again after a pause that doubles from 1 s to 30 s. */
    void failed(String why, long now) {
        finding = why;
        dueAt = now + pauseNanos;
        pausing = true;
        pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
    }

    /** Whether something is to be done through it before it is used. */
    boolean pending() {
        return stage == Stage.AWAITED || stage == Stage.TO_BE_ENDED;
    }

    /** How long until that can be tried, in nanoseconds: at once, or after a pause, or when a lost command is settled. */
    long waitNanos(long now) {
        return Math.max(pausing ? Math.max(dueAt - now, 0) : 0, unsettledNanos(now));
    }

    /** It was registered, and no look has followed yet. */
    void registeredUnseen() {
        unverified = true;
    }

    void join() {
        stage = Stage.JOINED;
        finding = "";
        proven = true;
        unverified = false;
        pausing = false;
        pauseNanos = FIRST_PAUSE_NANOS;
    }

    void endLater() {
        stage = Stage.TO_BE_ENDED;
        proven = false;
    }

    /** Whether it may be registered although nothing has shown that the host still was by then. */
    boolean mayBeRegisteredUnseen(long now) {
        return unverified || stage == Stage.TO_BE_ENDED || unsettledNanos(now) > 0;
    }

    /** Whether it was registered when that was last seen, and the host has not taken it away. */
    boolean proven() {
        return proven;
    }

    void busy(boolean value) {
        busy = value;
    }

    /** A command through it was lost at {@code now}: it may still take effect for as long as a lost write may. */
    void lost(long now) {
        unsettled = true;
        long hold = holdNanos.getAsLong();
        settledAt = now + Math.min(hold, Long.MAX_VALUE / 2);
    }

    /** How long a lost command may still take effect, in nanoseconds; zero when none may. */
    long unsettledNanos(long now) {
        if (unsettled && settledAt - now <= 0) {
            unsettled = false;
        }
        return unsettled ? settledAt - now : 0;
    }
}
