package io.mpath.nvme;

import io.mpath.MultipathException;
import io.mpath.nvme.command.CrossControllerReset;
import io.mpath.nvme.command.CrossControllerResetLog;
import io.mpath.nvme.command.GetLogPage;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.path.Losses;
import io.mpath.path.PathControl;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fences what one controller handed back unanswered by having another controller of its subsystem reset it (NVMe Base 2.3,
 * TP8028). Only a reset that is confirmed counts, in the completion of the command or, later, in that controller's log; in all
 * other cases time remains.
 *
 * <p>Threading: any thread seeks; one search runs at a time, on threads that may block, and one more after it when something was
 * lost meanwhile.
 */
final class CrossControllerFence {
    private static final Logger LOG = LoggerFactory.getLogger(CrossControllerFence.class);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MOST_LOOKS = 150;

    /** What every controller transfers with one command: one memory page. */
    private static final int PIECE_BYTES = 4096;

    private final NvmeController impacted;
    private final Losses losses;
    private final NvmePeers peers;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicBoolean searching = new AtomicBoolean();

    private enum Answer {
        DONE,
        BEGUN,
        REFUSED
    }

    CrossControllerFence(NvmeController impacted, Losses losses, NvmePeers peers) {
        this.impacted = impacted;
        this.losses = losses;
        this.peers = peers;
    }

    /** Something was lost, and its path reports to {@code control}. */
    void seek(PathControl control) {
        wanted.set(true);
        if (searching.compareAndSet(false, true)) {
            control.blocking().execute(() -> search(control));
        }
    }

    private void search(PathControl control) {
        wanted.set(false);
        NvmeController.Facts life = impacted.factsSoFar();
        if (life == null || !canBeReset(life.identify()) || !losses.any()) {
            searched(control);
            return;
        }
        long lost = losses.cut();
        CrossControllerReset command = CrossControllerReset.of(life.identify());
        for (NvmeController peer : peers.othersOf(impacted, life.identify().subsystemNqn())) {
            Answer answer = ask(peer, command);
            if (answer == Answer.DONE) {
                losses.fenced(lost);
                break;
            }
            if (answer == Answer.BEGUN) {
                lookLater(control, peer, command, lost, MOST_LOOKS);
                return;
            }
        }
        searched(control);
    }

    private void searched(PathControl control) {
        searching.set(false);
        if (wanted.get()) {
            seek(control);
        }
    }

    /** A controller that reports the number of its life can be reset by others, and can reset them. */
    private static boolean canBeReset(IdentifyController identify) {
        return identify.instanceUniquifier() != 0;
    }

    private Answer ask(NvmeController peer, CrossControllerReset command) {
        NvmeController.Facts facts = peer.factsSoFar();
        if (facts == null || !canBeReset(facts.identify())) {
            return Answer.REFUSED;
        }
        try {
            AdminResult answer =
                    peer.transport().admin(command, null, peer.settings().adminTimeout());
            return CrossControllerReset.doneAtOnce(answer.dword0()) ? Answer.DONE : Answer.BEGUN;
        } catch (MultipathException e) {
            LOG.warn(
                    "{}: could not be reset through {}: {}; its lost writes stay held", impacted, peer, e.getMessage());
            return Answer.REFUSED;
        }
    }

    private void lookLater(
            PathControl control, NvmeController peer, CrossControllerReset command, long lost, int looksLeft) {
        control.loop()
                .execute(() -> control.timers()
                        .schedule(
                                LOOK_NANOS,
                                () -> control.blocking()
                                        .execute(() -> look(control, peer, command, lost, looksLeft - 1))));
    }

    private void look(
            PathControl control, NvmeController peer, CrossControllerReset command, long lost, int looksLeft) {
        if (isConfirmed(peer, command)) {
            losses.fenced(lost);
            searched(control);
        } else if (looksLeft > 0) {
            lookLater(control, peer, command, lost, looksLeft);
        } else {
            LOG.warn("{}: {} did not confirm its reset; its lost writes stay held", impacted, peer);
            searched(control);
        }
    }

    private static boolean isConfirmed(NvmeController peer, CrossControllerReset command) {
        try {
            return CrossControllerResetLog.decode(resetLog(peer)).confirms(command);
        } catch (MultipathException e) {
            LOG.warn("{}: its log of resets cannot be read: {}", peer, e.getMessage());
            return false;
        }
    }

    /**
     * All of it. It may change between two pieces: an entry tells of one reset by itself, so that one may be missed until the next
     * look, and none is made up.
     */
    private static ByteBuffer resetLog(NvmeController peer) {
        ByteBuffer beginning = execute(peer, GetLogPage.crossControllerResets());
        int bytes = CrossControllerResetLog.wholeBytes(beginning);
        if (bytes <= CrossControllerResetLog.BYTES) {
            return beginning;
        }
        NvmeController.Facts facts = peer.factsSoFar();
        if (facts == null || !facts.identify().logPageOffset()) {
            throw new MultipathException(peer + ": the log has " + bytes + " bytes, and it takes no offset (LPA)");
        }
        ByteBuffer whole = ByteBuffer.allocate(bytes).order(beginning.order());
        whole.put(beginning);
        while (whole.hasRemaining()) {
            int length = Math.min(PIECE_BYTES, whole.remaining());
            ByteBuffer piece = execute(peer, GetLogPage.crossControllerResets(whole.position(), length));
            if (piece.remaining() != length) {
                throw new MultipathException(peer + ": the log was cut off at " + whole.position() + " bytes");
            }
            whole.put(piece);
        }
        return whole.flip();
    }

    private static ByteBuffer execute(NvmeController peer, GetLogPage command) {
        return peer.transport()
                .admin(command, null, peer.settings().adminTimeout())
                .data();
    }
}
