package io.mpath.sim;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathControl;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.path.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, as the simulated path that was given it sees it. Keeps a copy of the data to be written, since that may reach
 * the disk long after the caller has its buffers back.
 *
 * <p>Threading: any thread; of several that end it, one does.
 */
public final class SimAttempt {
    private static final byte[] NONE = {};

    private final SimSession session;
    private final SimQueue queue;
    private final PathIo io;
    private final IoOperation operation;
    private final long offset;
    private final long length;
    private final long tag;
    private final long submittedNanos;

    private byte[] payload;
    private boolean accepted;
    private @Nullable PathFailure barred;
    private boolean landed;
    private boolean ended;
    private @Nullable PathFailure failure;

    SimAttempt(SimSession session, SimQueue queue, PathIo io, long submittedNanos) {
        this.session = session;
        this.queue = queue;
        this.io = io;
        this.operation = io.operation();
        this.offset = io.offset();
        this.length = io.length();
        this.tag = io.tag();
        this.submittedNanos = submittedNanos;
        this.payload = operation == IoOperation.READ ? NONE : gather(io);
    }

    /** The path that was given it. */
    public String path() {
        return session.name();
    }

    /** Its tag. */
    public long tag() {
        return tag;
    }

    /** Whether it is the one that {@code from} calls {@code mark}: tags of different requests may be equal. */
    boolean is(PathIo from, long mark) {
        return io == from && tag == mark;
    }

    /** What it does. */
    public IoOperation operation() {
        return operation;
    }

    /** Where, in bytes. */
    public long offset() {
        return offset;
    }

    /** How much, in bytes. */
    public long length() {
        return length;
    }

    /** When the path was given it. */
    public long submittedNanos() {
        return submittedNanos;
    }

    /** Whether its end was reported. */
    public boolean ended() {
        synchronized (this) {
            return ended;
        }
    }

    /** Whether a path has it that has not said so of its end. */
    boolean withPath() {
        return session.underWay().contains(this);
    }

    /** Whether it took effect. */
    public boolean landed() {
        synchronized (this) {
            return landed;
        }
    }

    /** How it failed, or null when it did not. */
    public @Nullable PathFailure failure() {
        synchronized (this) {
            return failure;
        }
    }

    /**
     * Hands it to the disk, which decides now whether what is reserved allows it; once. When it takes effect, it is not asked
     * again: what a disk has accepted, a preemption that does not abort it lets be.
     */
    public void accept() {
        synchronized (this) {
            if (!accepted) {
                accepted = true;
                barred = session.path().barred(operation);
            }
        }
    }

    /** The disk ends it for another host, unless it has taken effect: it never will, and says so in its time. */
    void abortAtDisk() {
        synchronized (this) {
            if (!landed) {
                accepted = true;
                barred = new PathFailure(
                        Verdict.RETRY, Certainty.TERMINATED, IoStatus.TARGET_ERROR, "aborted by a preemption", 0, 0, 0);
            }
        }
    }

    /** As {@link #abortAtDisk}, if the disk has it: what is still on its way is refused when it gets there, or is not. */
    void abortAccepted() {
        synchronized (this) {
            if (accepted) {
                abortAtDisk();
            }
        }
    }

    /**
     * Lets it take effect now, whether or not its end was reported; once. A read that has ended has no buffers to fill.
     *
     * @return why the disk refused, or null
     */
    public @Nullable PathFailure land() {
        synchronized (this) {
            if (landed || (ended && operation == IoOperation.READ)) {
                return null;
            }
            return land(length);
        }
    }

    private @Nullable PathFailure land(long bytes) {
        accept();
        PathFailure conflict = barred;
        PathFailure refusal = conflict == null ? session.path().disk().execute(this, bytes, session.nanos()) : conflict;
        landed = refusal == null;
        session.trace(this, landed ? "lands" : "is refused by the disk");
        return refusal;
    }

    /** Lets the first {@code bytes}, as far as they are whole blocks, take effect, and the rest never. */
    private @Nullable PathFailure landPart(long bytes) {
        int block = session.path().disk().description().geometry().logicalBlockSize();
        long whole = Math.min(bytes, length) & -(long) block;
        return landed || whole == 0 ? null : land(whole);
    }

    /** The target has given it up: it takes no effect any more. */
    void giveUp() {
        synchronized (this) {
            landed = true;
        }
    }

    /** Ends it well, taking effect first unless it did; as the disk says when that refuses. Once. */
    public void complete() {
        end(SimAnswer.Landing.AT_END, null, 1);
    }

    /** Fails it, without effect unless it took one already or {@link #land} is called later. Once. */
    public void fail(PathFailure reason) {
        end(SimAnswer.Landing.NEVER, reason, 1);
    }

    /** Ends it, unless it has ended. @return whether it did */
    boolean end(SimAnswer.Landing landing, @Nullable PathFailure reason, int times) {
        synchronized (this) {
            if (ended) {
                return false;
            }
            failure = landing(landing, reason);
            ended = true;
        }
        queue.deliver(() -> report(times));
        return true;
    }

    /** Takes effect as {@code landing} says. @return how it fails: for {@code reason}, unless the disk refuses what is to be done */
    private @Nullable PathFailure landing(SimAnswer.Landing landing, @Nullable PathFailure reason) {
        if (reason == null) {
            return land();
        }
        PathFailure refusal = null;
        if (landing == SimAnswer.Landing.AT_END) {
            land();
        } else if (landing == SimAnswer.Landing.DONE_BYTES) {
            refusal = landPart(reason.doneBytes());
        }
        return refusal == null ? session.stamped(reason) : refusal;
    }

    /** Ends it as {@code answer} says, but now. */
    void end(SimAnswer.Execute answer) {
        session.end(this, answer);
    }

    /** Reports its end once more, which no path may. */
    void reportAgain() {
        PathFailure how = failure();
        if (how == null) {
            io.complete(tag);
        } else {
            io.fail(tag, how);
        }
    }

    /** Whether the disk has refused it for what is reserved. */
    boolean isBarred() {
        synchronized (this) {
            return barred != null;
        }
    }

    private void report(int times) {
        PathFailure how = failure();
        session.makeRoom(this);
        session.trace(this, how == null ? "completes" : "fails as " + how.certainty());
        if (operation == IoOperation.READ && (how == null || how.doneBytes() > 0)) {
            scatter();
        }
        if (isBarred() && how != null && how.status() == IoStatus.RESERVATION_CONFLICT) {
            session.report(PathControl::reservationsMayHaveChanged);
        }
        for (int i = 0; i < times; i++) {
            if (how == null) {
                io.complete(tag);
            } else {
                io.fail(tag, how);
            }
        }
        session.reported();
    }

    /** What the library handed in; only inside submit. */
    PathIo io() {
        return io;
    }

    byte[] payload() {
        return payload;
    }

    /** Only under the lock of {@link #land}: what was read, for {@link #scatter}. */
    void payload(byte[] read) {
        payload = read;
    }

    private static byte[] gather(PathIo io) {
        int total = 0;
        for (int i = 0; i < io.bufferCount(); i++) {
            total = Math.addExact(total, io.bufferLength(i));
        }
        byte[] into = new byte[total];
        int at = 0;
        for (int i = 0; i < io.bufferCount(); i++) {
            io.buffer(i).get(io.bufferOffset(i), into, at, io.bufferLength(i));
            at += io.bufferLength(i);
        }
        return into;
    }

    private void scatter() {
        int at = 0;
        for (int i = 0; i < io.bufferCount() && at < payload.length; i++) {
            int part = Math.min(io.bufferLength(i), payload.length - at);
            io.buffer(i).put(io.bufferOffset(i), payload, at, part);
            at += part;
        }
        payload = NONE;
    }

    @Override
    public String toString() {
        return operation + " " + offset + "+" + length;
    }
}
