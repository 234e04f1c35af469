package io.mpath.scsi;

import io.mpath.ControlLoop;
import io.mpath.Liveness;
import io.mpath.internal.adapter.SharedLook;
import io.mpath.path.Losses;
import io.mpath.path.PathControl;
import io.mpath.path.PathPort;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One I_T nexus: what the paths to all of its logical units share. It is looked at when something fails or its transport says so,
 * and its liveness is told to each registry once.
 *
 * <p>What it handed back unanswered is fenced when the target ended the nexus with all that it carried: when the nexus is seen not
 * to be live after the hand-back, and live again after that, over a transport where that means so. Else only time fences it. While
 * its state cannot be read it is not used; what is not known to have ended may still be under way.
 *
 * <p>Threading: any thread. All fields are guarded by this object's monitor, under which one attribute is read, but for
 * {@code seenNotLive}, which senders read without it: an older one costs a command that comes back, or one that goes another way.
 */
final class ScsiNexus {
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PathPort port;
    private final Losses losses = new Losses();
    private final SharedLook look = new SharedLook(this);
    private final Map<ScsiPath, PathControl> attached = new LinkedHashMap<>();
    private Liveness liveness = Liveness.LIVE;
    private long ended;
    private long nextRound = Long.MIN_VALUE / 2;
    private boolean roundComes;
    private volatile boolean seenNotLive;

    ScsiNexus(PathPort port) {
        this.port = port;
    }

    /** Whether commands would only come back. */
    boolean seenNotLive() {
        return seenNotLive;
    }

    synchronized void attach(ScsiPath path, PathControl control) {
        attached.put(path, control);
        if (liveness != Liveness.LIVE) {
            control.liveness(liveness);
        }
    }

    synchronized void detach(ScsiPath path) {
        attached.remove(path);
    }

    /** Reads whether it is live, and tells the paths through it when that changed. */
    void look(ScsiTransport transport) {
        look.take(() -> readLiveness(transport));
    }

    private void readLiveness(ScsiTransport transport) {
        // Before the reading: what is lost after it says nothing of what was read.
        long lost = losses.cut();
        Liveness read = transport.liveness();
        if (read != null && read != Liveness.LIVE) {
            ended = lost;
        } else if (read == Liveness.LIVE && ended > 0 && transport.liveAgainMeansEnded()) {
            losses.fenced(ended);
            ended = 0;
        }
        Liveness now = read == null ? Liveness.CONNECTING : read;
        seenNotLive = now != Liveness.LIVE;
        if (now == liveness || !liveness.mayBecome(now)) {
            return;
        }
        liveness = now;
        Set<ControlLoop> told = new HashSet<>();
        attached.forEach((path, control) -> {
            if (told.add(control.loop())) {
                control.liveness(now);
            }
        });
        attached.forEach((path, control) -> path.nexus(now));
    }

    /**
     * Any logical unit through it may be another one than before. All of them are told so, and the one whose number was given to
     * another need not be told: so all paths are described anew, at once, and once more for whatever tells so within the second
     * after that. Those that are told nothing themselves are used meanwhile.
     *
     * @param by of the path that was told; it is in doubt, and asked already
     */
    void inventoryChanged(PathControl by) {
        by.loop().execute(() -> reported(by));
    }

    private synchronized void reported(PathControl by) {
        long now = by.ticker().nanos();
        if (now - nextRound >= 0) {
            beginRound(now, control -> control != by);
        } else if (!roundComes) {
            roundComes = true;
            by.timers().schedule(nextRound - now, () -> describeAll(by));
        }
    }

    private synchronized void describeAll(PathControl by) {
        beginRound(by.ticker().nanos(), any -> true);
    }

    private void beginRound(long now, Predicate<PathControl> asked) {
        nextRound = now + ROUND_NANOS;
        roundComes = false;
        attached.values().stream().filter(asked).forEach(PathControl::changed);
    }

    /** The number of a change that was handed back unanswered; 0 where no report can ever fence it, but time only. */
    long lost(ScsiTransport transport, PathControl control) {
        long epoch = transport.liveAgainMeansEnded() ? losses.add(control) : 0;
        look(transport);
        return epoch;
    }

    @Override
    public String toString() {
        return port.name();
    }
}
