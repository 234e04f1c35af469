package io.mpath.sim;

import io.mpath.Effect;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.sim.BlockRegister.Op;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A request that changes blocks: what its caller asked for, what its caller was told, and where its attempts landed. */
final class RecordedChange {
    private static final long[] NOTHING = {};

    private final long id;
    private final IoOperation operation;
    private final int first;
    private final int count;
    private final long[] expected;
    private final Moment invoked;
    private final BitSet landed = new BitSet();
    private final BitSet surelyLanded = new BitSet();

    private Moment lastLanding = Moment.START;
    private Moment ended = Moment.NEVER;
    private Moment fenced = Moment.NEVER;
    private @Nullable IoStatus status;
    private @Nullable Effect effect;

    RecordedChange(long id, IoOperation operation, int first, int count, Moment invoked, long... expected) {
        this.id = id;
        this.operation = operation;
        this.first = first;
        this.count = count;
        this.invoked = invoked;
        this.expected = expected.length == 0 ? NOTHING : expected.clone();
    }

    long id() {
        return id;
    }

    /** What it puts into each of its blocks. */
    long value() {
        return zeroes() ? 0 : id;
    }

    boolean zeroes() {
        return operation == IoOperation.DISCARD || operation == IoOperation.WRITE_ZEROES;
    }

    boolean compares() {
        return operation == IoOperation.COMPARE_AND_WRITE;
    }

    /** What a compare-and-write expects to find in {@code block}. */
    long expected(int block) {
        return expected[block - first];
    }

    int first() {
        return first;
    }

    /** The first block behind it. */
    int end() {
        return first + count;
    }

    boolean covers(int from, int to) {
        return first <= from && to <= end();
    }

    Moment invoked() {
        return invoked;
    }

    Moment ended() {
        return ended;
    }

    boolean underWay() {
        return effect == null;
    }

    /** Whether its caller was told that it left {@code what} behind. */
    boolean left(Effect what) {
        return effect == what;
    }

    /** Whether its caller was told nothing that forbids an attempt of it to land. */
    boolean mayLand() {
        return underWay() || (left(Effect.MAY_STILL_HAPPEN) && fenced.equals(Moment.NEVER));
    }

    /** The last moment at which it may take effect, by what its caller was told. */
    Moment latestEffect() {
        return left(Effect.MAY_STILL_HAPPEN) ? fenced : ended;
    }

    void end(IoStatus how, Effect what, Moment at) {
        status = how;
        effect = what;
        ended = at;
    }

    void fence(Moment at) {
        fenced = at;
    }

    /** An attempt landed on {@code from} up to {@code to}; {@code surely}: it can have been no other change's. */
    void land(int from, int to, boolean surely, Moment at) {
        landed.set(from, to);
        lastLanding = at;
        if (surely) {
            surelyLanded.set(from, to);
        }
    }

    boolean surelyLandedOn(int block) {
        return surelyLanded.get(block);
    }

    boolean surelyLanded() {
        return !surelyLanded.isEmpty();
    }

    /** The first of its blocks that no attempt landed on, or its end. */
    int firstMissing() {
        return landed.nextClearBit(first);
    }

    Moment lastLanding() {
        return lastLanding;
    }

    /** It as an operation on one of its blocks. */
    Op op() {
        return new Op(operation + " " + id, invoked, latestEffect());
    }

    @Override
    public String toString() {
        String told = status == null ? "" : ", " + status + ", " + effect;
        return operation + " " + id + " (" + invoked + ".." + ended + " ns" + told + ")";
    }
}
