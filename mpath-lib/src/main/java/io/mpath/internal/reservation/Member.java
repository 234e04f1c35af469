package io.mpath.internal.reservation;

import io.mpath.path.DevicePath;
import io.mpath.path.Reservable;
import io.mpath.reservation.ReservationKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one path is to the device's reservations. While the host is registered, a path is given I/O only as {@link Stage#JOINED}.
 *
 * <p>A path is <em>proven</em> if a look has shown that it was registered while the host was. It may be registered <em>unseen</em>
 * from the moment a registration is sent until a look, or its end, settles that: such a one says nothing about whether another
 * host has removed the others meanwhile. Used on the control loop only.
 */
public final class Member {
    enum Stage {
        /** It need not be registered: the host is not, or has lost that. */
        FREE,
        /** It is to be registered, or its registration proved, before it is used. */
        AWAITED,
        /** It is registered with the host's key, for all that is known. */
        JOINED,
        /** It may be registered, or may come to be, though the host is not: that is ended before it is used. */
        TO_BE_ENDED
    }

    /** What a path has and has lost, as far as it matters whether the target still takes it. Used on the control loop only. */
    public interface Traffic {
        /**
         * From here on the target refuses what the path has lost, and what it loses later, so that nothing of it need be held; or,
         * false, that is so no more: what is not past its hold is in doubt again.
         */
        void refused(boolean value);

        /**
         * Whether no attempt is with the path, and none that it lost can land any more, refused or not: by a report of its
         * ({@link io.mpath.path.PathControl#fenced}), or by time.
         */
        boolean over();
    }

    private static final long FIRST_PAUSE_NANOS = 1_000_000_000L;
    private static final long LONGEST_PAUSE_NANOS = 30_000_000_000L;
    private static final long NEVER = Long.MAX_VALUE / 2;

    private final DevicePath path;
    private final BooleanSupplier reachable;
    private final BooleanSupplier serves;
    private final LongSupplier holdNanos;
    private final Traffic traffic;
    private String barred = "";
    private final LongPredicate fenced;
    private final List<Loss> losses = new ArrayList<>(1);
    private Stage stage = Stage.FREE;
    private String finding = "";
    private boolean proven;
    private @Nullable ReservationKey unseen;
    private boolean aside;
    private boolean busy;
    private boolean out;
    private long pauseNanos = FIRST_PAUSE_NANOS;
    private long dueAt;
    private boolean pausing;

    /**
     * A lost command.
     *
     * @param epoch its number among the losses of the path that lost it, or 0
     * @param fenced whether that path has reported that what was lost with such a number is given up
     */
    private record Loss(long settledAt, long epoch, LongPredicate fenced) {
        long nanosLeft(long now) {
            return fenced.test(epoch) ? 0 : Math.max(settledAt - now, 0);
        }
    }

    /**
     * A path that has just come.
     *
     * @param reachable whether commands may be sent through it
     * @param serves whether it would be given I/O, as far as its reservations do not speak against it
     * @param holdNanos how long after it was handed back a lost command may still take effect
     * @param fenced whether it has reported that what it lost with such a number can take effect no more
     * @param traffic what it has and has lost
     */
    public Member(
            DevicePath path,
            BooleanSupplier reachable,
            BooleanSupplier serves,
            LongSupplier holdNanos,
            LongPredicate fenced,
            Traffic traffic) {
        this.path = path;
        this.reachable = reachable;
        this.serves = serves;
        this.holdNanos = holdNanos;
        this.fenced = fenced;
        this.traffic = traffic;
    }

    /** Why it must not be given I/O, or empty. */
    public String problem() {
        if (!barred.isEmpty()) {
            return barred;
        }
        return switch (stage) {
            case FREE -> "";
            case JOINED -> aside ? "the reservation is held through another path, and is that one's alone" : "";
            case AWAITED -> {
                if (!(path instanceof Reservable)) {
                    yield "it cannot be registered";
                }
                yield finding.isEmpty() ? "it is about to be registered" : "it is not registered: " + finding;
            }
            case TO_BE_ENDED -> "a registration of it may still come about, and is ended before it is used";
        };
    }

    /** It was away, or is doubted: what was known of its registration is to be proved. */
    public void cameBack() {
        pausing = false;
        if (stage == Stage.JOINED) {
            stage = Stage.AWAITED;
            finding = "";
        }
    }

    /** Whether a conflict that it meets says nothing about the host's standing. */
    public boolean conflictsByItself() {
        return stage == Stage.AWAITED
                || stage == Stage.TO_BE_ENDED
                || (stage == Stage.JOINED && aside)
                || !barred.isEmpty();
    }

    /** Whether another path alone holds the reservation. */
    void aside(boolean value) {
        aside = value;
    }

    /** Must not be given I/O for that reason, whatever its stage; empty: it is not barred. */
    void bar(String reason) {
        barred = reason;
    }

    /** What there is to say of why it is awaited. */
    void because(String why) {
        finding = why;
    }

    Traffic traffic() {
        return traffic;
    }

    /** The path that it is about. */
    public DevicePath path() {
        return path;
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

    /** Whether it may hold a reservation that is one path's alone. */
    boolean serves() {
        return path instanceof Reservable && reachable.getAsBoolean() && serves.getAsBoolean();
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
        unseen = null;
    }

    /** It is to be registered, or to prove that it is. */
    void await() {
        stage = Stage.AWAITED;
        finding = "";
        pausing = false;
    }

    /** It is not registered any more, by the host's own doing, and is to be. */
    void awaitAnew() {
        await();
        proven = false;
    }

    /** {@link #awaitAnew}, but not before a command that was lost through {@code other} is settled. */
    void awaitBehind(Member other) {
        await();
        losses.addAll(other.losses);
    }

    void join() {
        stage = Stage.JOINED;
        finding = "";
        proven = true;
        unseen = null;
        pausing = false;
        pauseNanos = FIRST_PAUSE_NANOS;
    }

    void endLater() {
        stage = Stage.TO_BE_ENDED;
        proven = false;
        pausing = false;
    }

    /** A command through it registers it with that key, or may have, or may still; null: none does. */
    void mayBeRegistered(@Nullable ReservationKey key) {
        unseen = key;
    }

    /** What it may be registered with without anybody having seen that, or null. */
    @Nullable
    ReservationKey unseen() {
        return unseen;
    }

    /** Whether a look has shown it registered while the host was, and nothing says that it is not any more. */
    boolean proven() {
        return proven && unseen == null;
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

    boolean busy() {
        return busy;
    }

    void busy(boolean value) {
        busy = value;
    }

    /** A command through it is waited for no longer, and has not been handed back. */
    void out(boolean value) {
        out = value;
    }

    /**
     * A command through it was handed back as lost at {@code now}, as number {@code epoch}: it may still take effect for as long as
     * a lost write may.
     */
    void lost(long now, long epoch) {
        losses.add(new Loss(now + Math.min(holdNanos.getAsLong(), NEVER), epoch, fenced));
    }

    /** How long a lost command may still take effect, in nanoseconds; zero when none may. */
    long unsettledNanos(long now) {
        losses.removeIf(loss -> loss.nanosLeft(now) == 0);
        long left = out ? NEVER : 0;
        for (Loss loss : losses) {
            left = Math.max(left, loss.nanosLeft(now));
        }
        return left;
    }
}
