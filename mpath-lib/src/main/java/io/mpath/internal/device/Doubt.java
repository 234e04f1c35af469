package io.mpath.internal.device;

import com.google.common.collect.Range;
import io.mpath.internal.io.Fence;
import io.mpath.internal.io.Flight;
import io.mpath.observe.UnfencedRange;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A range of which nobody knows what it holds, or will hold: an attempt to change it was lost on a path, and may take effect
 * until its target has given it up.
 *
 * <p>Threading: made and changed by the control loop of its device; read and resolved by those of all registries of this process
 * that have the same logical unit open, under the lock of their {@link Doubts}.
 */
final class Doubt {
    private enum Stage {
        /** Given up, but its request is being sent again in pieces, of which the first may have landed when the last has not. */
        REPLAYED,
        /** The attempt is still with its path: nothing is known of when it ends. */
        OUT,
        /** Handed back as unknown: the time that the target has to give it up runs. */
        HOLDING,
        /** Given up, or answered after all. */
        OVER
    }

    private final Object by;
    private final String path;
    private final long from;
    private final long to;
    private final Fence fence;
    private final long holdNanos;
    private Stage stage = Stage.OUT;
    private long epoch;
    private long sinceNanos;
    private boolean shared;
    private boolean answered;
    private @Nullable Flight held;

    /** Whether it is in its list; by that list. */
    boolean listed;

    /** About the bytes {@code from} up to but not including {@code to}, lost {@code by} a device; {@code path} still has the attempt. */
    Doubt(Object by, String path, long from, long to, Fence fence, long holdNanos) {
        this.by = by;
        this.path = path;
        this.from = from;
        this.to = to;
        this.fence = fence;
        this.holdNanos = holdNanos;
    }

    /** The path handed the attempt back as its loss number {@code lossEpoch}: from here on it is a matter of time, or of a fence. */
    void handedBack(long lossEpoch, long now) {
        stage = Stage.HOLDING;
        epoch = lossEpoch;
        sinceNanos = now;
    }

    /** Keeps {@code flight} until it is over. */
    void hold(Flight flight) {
        held = flight;
    }

    /** It is being sent again in pieces: until {@link #resolve}, nothing may come between them. */
    void replayed() {
        stage = Stage.REPLAYED;
    }

    boolean isOfAReplay() {
        return stage == Stage.REPLAYED;
    }

    /** Another registry of this process sends to the logical unit too, whose requests under way are not seen from here. */
    void share() {
        shared = true;
    }

    boolean shared() {
        return shared;
    }

    Range<Long> range() {
        return Range.closedOpen(from, to);
    }

    /** The flight that is kept, or null. */
    @Nullable
    Flight held() {
        return held;
    }

    /** Keeps no flight any more. */
    void letGo() {
        held = null;
    }

    /** The path answered for the attempt after all. */
    void resolve() {
        stage = Stage.OVER;
        answered = true;
    }

    /** Its path's target refuses it no more: it is in doubt again, unless it can land no more by now. */
    void inDoubtAgain() {
        if (stage == Stage.OVER && !answered) {
            stage = Stage.HOLDING;
        }
    }

    /** Whether it is about no range. */
    boolean isEmpty() {
        return from >= to;
    }

    /** Whether it was {@code one} that lost it. */
    boolean isBy(Object one) {
        return by == one;
    }

    /** Whether the path with that fence lost it. */
    boolean isOf(Fence one) {
        return fence == one;
    }

    /** Whether it can land no more, be it refused or not. */
    boolean pastHold(long now) {
        return answered || givenUp(now);
    }

    private boolean givenUp(long now) {
        return fence.covers(epoch) || now - sinceNanos >= holdNanos;
    }

    /** Somebody knows that the target has given up whatever was lost: not what its path still has, and may send yet. */
    void assumeFenced() {
        if (stage == Stage.HOLDING) {
            stage = Stage.OVER;
        }
    }

    /** Whether it is over, by {@code now} at the latest: given up, or refused where it would land. */
    boolean over(long now) {
        if (stage == Stage.HOLDING && (fence.refuses() || givenUp(now))) {
            stage = Stage.OVER;
        }
        return stage == Stage.OVER;
    }

    /** How long it takes from {@code now} on until it is over by time alone; {@link Long#MAX_VALUE}: that is not known. */
    long nanosLeft(long now) {
        boolean byTime = stage == Stage.HOLDING && holdNanos != Long.MAX_VALUE;
        return byTime ? Math.max(0, holdNanos - (now - sinceNanos)) : Long.MAX_VALUE;
    }

    String path() {
        return path;
    }

    long from() {
        return from;
    }

    long to() {
        return to;
    }

    long holdNanos() {
        return holdNanos;
    }

    UnfencedRange describe(long now) {
        long nanosLeft = nanosLeft(now);
        Optional<Duration> left =
                nanosLeft == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofNanos(nanosLeft));
        return new UnfencedRange(from, to - from, path, held != null, left);
    }
}
