package io.mpath.internal.io;

import io.mpath.DeviceIoException;
import io.mpath.Effect;
import io.mpath.IoCallback;
import io.mpath.IoStatus;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request with everything that the library keeps about it while it is under way.
 *
 * <p>Threading: one owner at a time. The caller until {@link #begin}; then the submitting thread; then, by the word of its
 * {@link Attempt}, the path's thread that ends the attempt, or the control loop; and the caller again from {@link #tellEnd}
 * on. The owner writes every field; handing over publishes them. The control loop alone reads fields of flights it does not own
 * ({@link #deadlineNanos}, {@link #stage}, {@link #target}) while it scans the slots: what it decides on those it confirms
 * against the attempt's word, so a stale value costs one more scan.
 */
public final class Flight extends RequestParameters {
    /** Where a flight is. */
    public enum Stage {
        /** With the caller. */
        IDLE,
        /** Between submission and the end of an attempt, or on its way to the control loop. */
        LAUNCHED,
        /** Owned by the control loop: waiting, or to be sent again. */
        CONTROLLED,
        /** Ended, with an attempt still under way. */
        LINGERING
    }

    private static final Logger LOG = LoggerFactory.getLogger("io.mpath.callbacks");
    private static final AtomicLong FAILED_CALLBACKS = new AtomicLong();
    private static final int END_TOLD = 1;
    private static final int ATTEMPT_OVER = 2;
    private static final VarHandle STAGE;
    private static final VarHandle LINGER;

    static {
        try {
            STAGE = MethodHandles.lookup().findVarHandle(Flight.class, "stage", Stage.class);
            LINGER = MethodHandles.lookup().findVarHandle(Flight.class, "linger", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Where it stands, by its owner.
    @SuppressWarnings("unused") // through STAGE
    private Stage stage = Stage.IDLE;

    private final Attempt attempt = new Attempt(this);
    private @Nullable FlightOwner owner;
    private @Nullable PathFailure pathFailure;
    private boolean failurePending;

    // The end was told, and the attempt is over: in whichever order, the second one releases the buffers.
    @SuppressWarnings("unused") // through LINGER
    private int linger;

    private IoStatus status = IoStatus.SUCCESS;
    private Effect effect = Effect.NONE;
    private @Nullable String detail;
    long ioTimeoutNanos;

    /** The control loop's or the door's link to the next flight of a list. */
    public @Nullable Flight next;

    /** The stripe and slot it occupies in its device. */
    public @Nullable Stripe stripe;

    public int slot;

    /** The path that has it, or had it last, with the port in which it is counted. */
    public @Nullable PathTarget target;

    public @Nullable PortRecord countedIn;

    /** The channel's count that it is in, instead; taken off by the channel's owner, or by who takes it off the hot path. */
    public @Nullable ChannelCount countedBy;

    /** The way to its path by which it was sent last. */
    public @Nullable Lane lane;

    /** Where its end is told, when it was submitted through a channel. */
    public @Nullable CompletionQueue channel;

    /** What it was counted as there. */
    public long countedAs;

    /** Whether its present attempt is timed, since when, and how many were in flight through the port then. */
    public boolean timed;

    public long timedSinceNanos;

    public int timedAmong;

    /** The version of the path table that its path was chosen from. */
    public long tableVersion;

    /** When it is to be ended, by the coarse clock; {@link Long#MAX_VALUE}: never. */
    public long deadlineNanos;

    /** Whether {@link #deadlineNanos} was given by the request's maker, not by the device's default. */
    public boolean ownDeadline;

    /** Whether it left the hot path: its callback runs on the completion executor. */
    public boolean detoured;

    /** Whether it waits when the device is full; else it ends as such. */
    public boolean waitsWhenFull;

    /** Times that it was sent again to the path that had asked for a pause, and may have done it. */
    public int retries;

    /** Times that it was refused by a device that was busy. */
    public int refusals;

    /** The path that refused it so last, how often running, and since when. */
    public @Nullable PathTarget refusedBy;

    public int refusalsThere;

    public long refusedSinceNanos;

    /** Until when it is not to be sent again, as its last path asked. */
    public long pausedUntilNanos;

    /** The path that it is to be sent to again, while that is usable. */
    public @Nullable PathTarget pinned;

    /** The path that answered so many of its attempts that it is given to another one; null before that. */
    public @Nullable PathTarget shunned;

    /** As the part of a flush that is meant for one port: that port, while it can be reached; else null. */
    public @Nullable PathPort onlyPort;

    /** Whether it was counted as waiting for a path already. */
    public boolean countedAsWaiting;

    /** Whether its range is published in its slot; by its owner. */
    boolean rangePublished;

    /** Whether nothing that it overlaps is unresolved: it may be sent, and whatever overlaps it later waits for it. */
    public boolean cleared;

    /** As a piece: its whole was sent before, and keeps whatever overlaps it away until the last piece has ended. */
    private boolean inReplay;

    /** Its place among those that wait for what they overlap, or 0; written by the control loop alone. */
    public long turn;

    /** When its present attempt was given to a path, by the coarse clock. */
    public long sentNanos;

    /** The tag of the attempt that its path was asked to abort. */
    public long abortAsked;

    /** The worst that attempts so far may have left behind. */
    public Effect residue = Effect.NONE;

    private Flight() {}

    /** A flight to be set up. */
    public static Flight create() {
        return new Flight();
    }

    /** Makes this the {@code bytes} at {@code skip} of {@code whole}, with its deadline. */
    void setUpPart(Flight whole, long skip, long bytes) {
        setUpPartOf(whole, skip, bytes);
        deadlineNanos = whole.deadlineNanos;
        ownDeadline = whole.ownDeadline;
        inReplay = whole.inReplay || (whole.target != null && whole.changesRange());
    }

    /** Makes this the part of {@code whole}, a flush, that is meant for {@code port}. */
    void setUpFlushOf(Flight whole, PathPort port) {
        setUpPart(whole, 0, 0);
        onlyPort = port;
    }

    @Override
    public IoStatus status() {
        requireEnded();
        return status;
    }

    @Override
    public Effect effect() {
        requireEnded();
        return effect;
    }

    @Override
    public @Nullable DeviceIoException failure() {
        requireEnded();
        if (status == IoStatus.SUCCESS) {
            return null;
        }
        return new DeviceIoException(status, effect, message());
    }

    private String message() {
        StringBuilder text = new StringBuilder();
        text.append(owner == null ? "device" : owner.describe())
                .append(": ")
                .append(this)
                .append(": ");
        text.append(status.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
        if (detail != null && !detail.isEmpty()) {
            text.append(": ").append(detail);
        }
        if (target != null && pathFailure != null) {
            text.append(" (path ")
                    .append(target.name())
                    .append(": ")
                    .append(pathFailure.cause())
                    .append(')');
        }
        switch (effect) {
            case MAY_HAVE_HAPPENED -> text.append(" (it may have taken effect)");
            case MAY_STILL_HAPPEN -> text.append(" (it may have taken effect, and may still)");
            case NONE, DONE -> {}
        }
        return text.toString();
    }

    @Override
    public boolean buffersInUse() {
        return (Stage) STAGE.getAcquire(this) == Stage.LINGERING;
    }

    @Override
    void requireIdle() {
        if ((Stage) STAGE.getAcquire(this) != Stage.IDLE) {
            throw new IllegalStateException(
                    buffersInUse()
                            ? "the request's buffers are still in use: " + this
                            : "the request is under way: " + this);
        }
    }

    private void requireEnded() {
        Stage now = (Stage) STAGE.getAcquire(this);
        if (now == Stage.LAUNCHED || now == Stage.CONTROLLED) {
            throw new IllegalStateException("the request is under way: " + this);
        }
    }

    /** Takes it from the caller for {@code device}. */
    public void begin(FlightOwner device, long ioTimeout) {
        requireIdle();
        operation();
        owner = device;
        ioTimeoutNanos = ioTimeout;
        pathFailure = null;
        detail = null;
        target = null;
        lane = null;
        channel = null;
        detoured = false;
        waitsWhenFull = false;
        retries = 0;
        refusals = 0;
        refusedBy = null;
        pinned = null;
        shunned = null;
        countedAsWaiting = false;
        cleared = isPart() && inReplay;
        failurePending = false;
        linger = 0;
        residue = Effect.NONE;
        attempt.reset();
        STAGE.setRelease(this, Stage.LAUNCHED);
    }

    /** Whether that range is published in its slot. */
    public boolean hasRange() {
        return rangePublished;
    }

    /** The device it was submitted to. */
    public FlightOwner owner() {
        return Objects.requireNonNull(owner, "a flight that was never begun");
    }

    /** Its attempt. */
    public Attempt attempt() {
        return attempt;
    }

    /** Where it is; racy for who does not own it. */
    public Stage stage() {
        return (Stage) STAGE.getAcquire(this);
    }

    /** Owned by the control loop from here on. */
    public void takeControl() {
        detoured = true;
        STAGE.setRelease(this, Stage.CONTROLLED);
    }

    /** With a path again. */
    public void relaunch() {
        STAGE.setRelease(this, Stage.LAUNCHED);
    }

    /** Notes how the attempt failed, to be judged by the control loop. */
    public void noteFailure(PathFailure failure) {
        pathFailure = failure;
        failurePending = true;
    }

    /** The failure that is yet to be judged, once, or null. */
    public @Nullable PathFailure takeFailure() {
        if (!failurePending) {
            return null;
        }
        failurePending = false;
        return pathFailure;
    }

    /** Bytes from the start that the last attempt is known to have done need not be done again. */
    public void resumeBehind(long doneBytes) {
        attempt.resumeBehind(doneBytes);
    }

    /** Settles the result. */
    public void settle(IoStatus how, Effect left, @Nullable String why) {
        status = how;
        effect = left;
        detail = why;
    }

    /** Whether it was settled as a success. */
    public boolean settledWell() {
        return status == IoStatus.SUCCESS;
    }

    /** Settles the result as a part of it was, with what the whole left behind. */
    void settleLike(Flight part, Effect left) {
        target = part.target;
        pathFailure = part.pathFailure;
        settle(left == Effect.MAY_STILL_HAPPEN ? IoStatus.OUTCOME_UNKNOWN : part.status, left, part.detail);
    }

    /** Ends with an attempt still under way: {@link #tellEnd} tells the result only, {@link #tellRelease} the rest. */
    public void linger() {
        STAGE.setRelease(this, Stage.LINGERING);
    }

    /** A lingering flight's attempt is over; true when its end was told before, so that the release is to be told. */
    public boolean attemptOver() {
        return ((int) LINGER.getAndBitwiseOr(this, ATTEMPT_OVER) & END_TOLD) != 0;
    }

    /** The release of a lingering flight's buffers is to be told: where its channel is polled, or by {@code otherwise}. */
    public void passRelease(Executor otherwise) {
        CompletionQueue queue = channel;
        if (queue != null) {
            queue.add(this);
        } else {
            otherwise.execute(this::tellRelease);
        }
    }

    /** Tells what a lingering flight has to tell next; whether that was the release of its buffers, and thus the last. */
    public boolean tellLingering() {
        if (((int) LINGER.getAcquire(this) & END_TOLD) != 0) {
            tellRelease();
            return true;
        }
        return tellLingeringEnd();
    }

    /** Tells the result, and the release too when the attempt is over by then; whether it is. */
    private boolean tellLingeringEnd() {
        tell(callback(), status);
        boolean over = ((int) LINGER.getAndBitwiseOr(this, END_TOLD) & ATTEMPT_OVER) != 0;
        if (over) {
            tellRelease();
        }
        return over;
    }

    /** Tells the end, and gives it back to the caller as far as no attempt is under way. */
    public void tellEnd() {
        if ((Stage) STAGE.getAcquire(this) == Stage.LINGERING) {
            tellLingeringEnd();
            return;
        }
        IoCallback listener = callback();
        IoStatus how = status;
        STAGE.setRelease(this, Stage.IDLE);
        tell(listener, how);
    }

    private void tell(@Nullable IoCallback listener, IoStatus how) {
        if (listener != null) {
            try {
                listener.completed(this, how);
            } catch (Throwable t) {
                logFailed("completed", t);
            }
        }
    }

    /** Gives back the buffers of a lingering flight. */
    public void tellRelease() {
        IoCallback listener = callback();
        STAGE.setRelease(this, Stage.IDLE);
        if (listener != null) {
            try {
                listener.buffersReleased(this);
            } catch (Throwable t) {
                logFailed("buffersReleased", t);
            }
        }
    }

    /** One that fails does so for every request: the first is logged, then the second, the fourth, and so on. */
    private static void logFailed(String method, Throwable t) {
        long failures = FAILED_CALLBACKS.incrementAndGet();
        if (Long.bitCount(failures) == 1) {
            LOG.error("{} of a callback threw ({} times so far, in this process)", method, failures, t);
        }
    }
}
