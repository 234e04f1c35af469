package io.mpath.internal.io;

import io.mpath.Effect;
import io.mpath.IoCallback;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A flight that is longer than its paths' limit, sent in pieces, a bounded number at a time. It succeeds when all of them do;
 * after the first failure no further piece is sent, and it ends as the failed piece with the lowest offset did, one whose
 * outcome is unknown before all others; what it left behind is the worst that any piece did.
 *
 * <p>Threading: pieces end on any threads; what they share is guarded by this object's lock, held for a few instructions and
 * never while a piece is launched or a callback runs.
 */
public final class Splitter implements IoCallback {
    private static final int WINDOW = 16;

    private final Flight whole;
    private final long pieceBytes;
    private final Consumer<Flight> launcher;
    private final Consumer<Flight> finisher;
    private long nextSkip;
    private int outstanding;
    private int lingering;
    private boolean anyDone;
    private boolean told;
    private @Nullable Flight worst;
    private Effect left = Effect.NONE;

    private Splitter(Flight whole, long pieceBytes, Consumer<Flight> launcher, Consumer<Flight> finisher) {
        this.whole = whole;
        this.pieceBytes = pieceBytes;
        this.launcher = launcher;
        this.finisher = finisher;
    }

    /**
     * Sends {@code whole} in pieces.
     *
     * @param launcher starts a piece, which waits when the device is full
     * @param finisher ends {@code whole}, which was settled
     */
    public static void split(Flight whole, long pieceBytes, Consumer<Flight> launcher, Consumer<Flight> finisher) {
        Splitter splitter = new Splitter(whole, pieceBytes, launcher, finisher);
        for (int i = 0; i < WINDOW; i++) {
            Flight piece = splitter.nextPiece();
            if (piece == null) {
                return;
            }
            launcher.accept(piece);
        }
    }

    private synchronized @Nullable Flight nextPiece() {
        if (worst != null || nextSkip >= whole.length()) {
            return null;
        }
        Flight piece = Flight.create();
        piece.setUpPart(whole, nextSkip, Math.min(pieceBytes, whole.length() - nextSkip));
        piece.onComplete(this);
        nextSkip += pieceBytes;
        outstanding++;
        return piece;
    }

    @Override
    public void completed(IoRequest request, IoStatus status) {
        Flight ended = (Flight) request;
        Flight next = null;
        boolean last;
        synchronized (this) {
            if (status == IoStatus.SUCCESS) {
                anyDone = true;
                next = nextPiece();
            } else {
                if (ended.buffersInUse()) {
                    lingering++;
                }
                if (worst == null || isWorse(ended, worst)) {
                    worst = ended;
                }
                left = ended.effect().compareTo(left) > 0 ? ended.effect() : left;
            }
            outstanding--;
            last = outstanding == 0;
        }
        if (next != null) {
            launcher.accept(next);
        } else if (last) {
            finish();
        }
    }

    private static boolean isWorse(Flight piece, Flight than) {
        boolean unknown = piece.effect() == Effect.MAY_STILL_HAPPEN;
        boolean otherUnknown = than.effect() == Effect.MAY_STILL_HAPPEN;
        return unknown == otherUnknown ? piece.offset() < than.offset() : unknown;
    }

    @Override
    public void buffersReleased(IoRequest request) {
        boolean release;
        synchronized (this) {
            lingering--;
            release = told && lingering == 0;
        }
        if (release && whole.attemptOver()) {
            whole.passRelease(Runnable::run);
        }
    }

    private void finish() {
        synchronized (this) {
            Flight failed = worst;
            if (failed == null) {
                whole.settle(IoStatus.SUCCESS, Effect.DONE, null);
            } else {
                boolean inPart =
                        left == Effect.NONE && anyDone && !whole.operation().harmless();
                Effect ofPieces = inPart ? Effect.MAY_HAVE_HAPPENED : left;
                // The whole may have been sent before, in one piece, when the limit was higher.
                whole.settleLike(failed, ofPieces.compareTo(whole.residue) > 0 ? ofPieces : whole.residue);
            }
            if (lingering > 0) {
                whole.linger();
            }
            told = true;
        }
        finisher.accept(whole);
    }
}
