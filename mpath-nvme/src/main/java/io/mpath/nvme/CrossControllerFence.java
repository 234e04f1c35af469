package io.mpath.nvme;

import io.mpath.ControlLoop;
import io.mpath.MultipathException;
import io.mpath.nvme.command.CrossControllerReset;
import io.mpath.nvme.command.CrossControllerResetLog;
import io.mpath.nvme.command.GetLogPage;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.path.Losses;
import io.mpath.path.PathControl;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fences what one controller handed back unanswered by having another controller of its subsystem reset it (NVMe Base 2.3,
 * TP8028). Only a reset that is confirmed counts, in the completion of the command or, later, in that controller's log; in all
 * other cases time remains. A reset is of one life of the controller, and fences what was lost in that one.
 *
 * <p>Threading: any thread seeks; one search runs at a time, on threads that may block, and one more after it when something was
 * lost meanwhile. {@code waiting} and {@code underWay} are guarded by this object's monitor, in which nothing blocks.
 */
final class CrossControllerFence {
    private static final Logger LOG = LoggerFactory.getLogger(CrossControllerFence.class);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MOST_LOOKS = 150;

    /** What every controller transfers with one command: one memory page. */
    private static final int PIECE_BYTES = 4096;

    private final NvmeController impacted;
    private final LivesLost lives;
    private final NvmePeers peers;
    private Set<PathControl> waiting = new LinkedHashSet<>();
    private @Nullable Search underWay;

    private enum Answer {
        DONE,
        BEGUN,
        REFUSED
    }

    CrossControllerFence(NvmeController impacted, Losses losses, NvmePeers peers) {
        this.impacted = impacted;
        this.lives = new LivesLost(losses);
        this.peers = peers;
    }

    /**
     * The number of a change that was handed back to the path that reports to {@code control}.
     *
     * @param life in which that was, by the controller's count
     * @param identity what the controller said of itself in that life; null where it was not asked in it
     * @param holdNanos after which it can take no further effect in any case
     */
    long lost(PathControl control, long life, @Nullable IdentifyController identity, long holdNanos) {
        CrossControllerReset reset =
                identity != null && canBeReset(identity) ? CrossControllerReset.of(identity) : null;
        return lives.add(control, life, reset, control.ticker().nanos() + holdNanos);
    }

    /** Something was lost, and its path reports to {@code control}. */
    synchronized void seek(PathControl control) {
        waiting.add(control);
        begin();
    }

    /** No path is left on {@code loop}, which may stop: a search that waits for it would not end. */
    synchronized void left(ControlLoop loop) {
        Search orphan = underWay;
        if (orphan != null && orphan.control.loop() == loop) {
            waiting.addAll(orphan.seekers);
            underWay = null;
        }
        waiting.removeIf(control -> control.loop() == loop);
        begin();
    }

    private synchronized void ended(Search search) {
        if (underWay == search) {
            underWay = null;
            begin();
        }
    }

    private synchronized void begin() {
        while (underWay == null && !waiting.isEmpty()) {
            var search = new Search(waiting.iterator().next(), waiting);
            waiting = new LinkedHashSet<>();
            underWay = search;
            try {
                search.control.blocking().execute(search::run);
            } catch (RejectedExecutionException e) {
                // Its registry is closed; another one's path may be waiting.
                underWay = null;
                waiting.addAll(search.seekers);
                waiting.remove(search.control);
            }
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

    /** One after the other, the lives in which something was lost, from the earliest on. */
    private final class Search {
        private final PathControl control;
        private final Set<PathControl> seekers;

        Search(PathControl control, Set<PathControl> seekers) {
            this.control = control;
            this.seekers = seekers;
        }

        void run() {
            step(this::goesOn);
        }

        /** Whatever ends it, it is not under way any more. */
        private void step(BooleanStep step) {
            boolean goesOn = false;
            try {
                goesOn = step.goesOn();
            } finally {
                if (!goesOn) {
                    ended(this);
                }
            }
        }

        private boolean goesOn() {
            NvmeController.Facts facts = impacted.factsSoFar();
            while (facts != null) {
                LivesLost.Life life = lives.earliest(control.ticker().nanos());
                CrossControllerReset command = life == null ? null : life.reset();
                if (life == null || command == null) {
                    return false;
                }
                Answer answer = Answer.REFUSED;
                for (NvmeController peer :
                        peers.othersOf(impacted, facts.identify().subsystemNqn())) {
                    answer = ask(peer, command);
                    if (answer == Answer.BEGUN) {
                        lookLater(peer, life, command, MOST_LOOKS);
                        return true;
                    }
                    if (answer == Answer.DONE) {
                        lives.reset(life);
                        break;
                    }
                }
                if (answer != Answer.DONE) {
                    return false;
                }
            }
            return false;
        }

        private void lookLater(NvmeController peer, LivesLost.Life life, CrossControllerReset command, int looksLeft) {
            Runnable look = () -> step(() -> look(peer, life, command, looksLeft - 1));
            control.loop()
                    .execute(() -> step(() -> {
                        control.timers()
                                .schedule(
                                        LOOK_NANOS,
                                        () -> step(() -> {
                                            control.blocking().execute(look);
                                            return true;
                                        }));
                        return true;
                    }));
        }

        private boolean look(NvmeController peer, LivesLost.Life life, CrossControllerReset command, int looksLeft) {
            if (isConfirmed(peer, command)) {
                lives.reset(life);
                return goesOn();
            }
            if (looksLeft > 0) {
                lookLater(peer, life, command, looksLeft);
                return true;
            }
            LOG.warn("{}: {} did not confirm its reset; its lost writes stay held", impacted, peer);
            return false;
        }
    }

    private interface BooleanStep {
        boolean goesOn();
    }
}
