package io.mpath.nvme;

import io.mpath.MultipathException;
import io.mpath.nvme.command.CrossControllerReset;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.path.Losses;
import io.mpath.path.PathControl;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fences what one controller handed back unanswered by having another controller of its subsystem reset it (TP8028). Only a
 * reset that is confirmed in the completion of the command counts; in all other cases time remains.
 *
 * <p>Threading: any thread seeks; one search runs at a time, on a thread that may block, and one more after it when something
 * was lost meanwhile.
 */
final class CrossControllerFence {
    private static final Logger LOG = LoggerFactory.getLogger(CrossControllerFence.class);

    private final NvmeController impacted;
    private final Losses losses;
    private final NvmePeers peers;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicBoolean searching = new AtomicBoolean();

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
        try {
            while (wanted.getAndSet(false)) {
                fenceOnce();
            }
        } finally {
            searching.set(false);
        }
        if (wanted.get()) {
            seek(control);
        }
    }

    private void fenceOnce() {
        NvmeController.Facts life = impacted.factsSoFar();
        if (life == null || !canBeReset(life.identify()) || !losses.any()) {
            return;
        }
        long lost = losses.cut();
        for (NvmeController peer : peers.othersOf(impacted, life.identify().subsystemNqn())) {
            if (confirms(peer, life.identify())) {
                losses.fenced(lost);
                return;
            }
        }
    }

    /** A controller that reports the number of its life can be reset by others, and can reset them. */
    private static boolean canBeReset(IdentifyController identify) {
        return identify.instanceRandomNumber() != 0;
    }

    private boolean confirms(NvmeController peer, IdentifyController life) {
        NvmeController.Facts facts = peer.factsSoFar();
        if (facts == null || !canBeReset(facts.identify())) {
            return false;
        }
        try {
            AdminResult answer = peer.transport()
                    .admin(CrossControllerReset.of(life), null, peer.settings().adminTimeout());
            return CrossControllerReset.doneAtOnce(answer.dword0());
        } catch (MultipathException e) {
            LOG.warn(
                    "{}: could not be reset through {}: {}; its lost writes stay held", impacted, peer, e.getMessage());
            return false;
        }
    }
}
