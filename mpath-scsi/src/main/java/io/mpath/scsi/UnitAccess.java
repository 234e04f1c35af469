package io.mpath.scsi;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.Liveness;
import io.mpath.internal.adapter.LogPace;
import io.mpath.path.PathControl;
import io.mpath.path.PathPort;
import io.mpath.scsi.alua.AluaBudget;
import io.mpath.scsi.alua.AluaMember;
import io.mpath.scsi.alua.AluaMonitor;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.SenseKey;
import io.mpath.scsi.command.StandardInquiry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What of its unit a path can have: its part in the unit's access states, where that has any, and whether the unit is away while its
 * nexus is live. What is seen is reported to what the path reports to.
 *
 * <p>Threading: any thread, but for what is said to be the loop's. {@code monitor} and {@code budget} are written on the loop,
 * whenever the unit begins or ceases to have access states; {@code attachedTo} belongs to it; {@code stateKnown} is guarded by this
 * object's monitor, and so are changes of {@code away}.
 */
final class UnitAccess implements AluaMember {
    private final ScsiPath path;
    private final ScsiHost host;
    private final ScsiTransport transport;
    private final UnitIdentity identity;
    private final LongAdder commandsEnded = new LongAdder();
    private final LogPace refusalPace = new LogPace();
    private volatile @Nullable AluaMonitor monitor;
    private volatile @Nullable AluaBudget budget;
    private @Nullable DeviceId attachedTo;
    private boolean stateKnown;
    private volatile @Nullable String away;

    UnitAccess(ScsiPath path, ScsiHost host, ScsiTransport transport, UnitIdentity identity) {
        this.path = path;
        this.host = host;
        this.transport = transport;
        this.identity = identity;
    }

    /** The path reports to {@code to} from here on. On the loop, once. */
    void attach(PathControl to) {
        look();
        attachedTo = identity.unit().id();
        if (identity.unit().lacksAlua().isEmpty()) {
            join(to);
        } else {
            useWithoutStates(to);
        }
    }

    /** The path is closed. On the loop, if it was attached. */
    void detach() {
        AluaMonitor states = monitor;
        if (states != null) {
            states.remove(this);
            host.leaveMonitor(path);
        }
    }

    private void join(PathControl to) {
        AluaBudget ofTarget = host.budget(path);
        AluaMonitor states = host.monitor(path, identity.unit(), ofTarget, to);
        budget = ofTarget;
        monitor = states;
        states.add(this);
    }

    private void useWithoutStates(PathControl to) {
        to.accessState(AccessState.OPTIMIZED);
        to.preferred(false);
        stateKnown();
    }

    /**
     * The unit was described anew.
     *
     * @param lookedThrough false if the path led elsewhere, or might have: then nobody looked at the states through it
     */
    void described(boolean lookedThrough) {
        PathControl to = path.reportsTo();
        if (to != null) {
            to.loop().execute(() -> {
                if (!path.closed() && Objects.equals(identity.unit().id(), attachedTo)) {
                    followStates(to, lookedThrough);
                }
            });
        }
    }

    private void followStates(PathControl to, boolean lookedThrough) {
        AluaMonitor states = monitor;
        LogicalUnit unit = identity.unit();
        // Whose port only names no group any more has states all the same, and nobody knows this path's.
        boolean hasNone = unit.inquiry().targetPortGroups() == StandardInquiry.Tpgs.NONE;
        if (states == null && unit.lacksAlua().isEmpty()) {
            join(to);
        } else if (states != null && hasNone) {
            monitor = null;
            states.remove(this);
            host.leaveMonitor(path);
            useWithoutStates(to);
        } else if (states != null && lookedThrough) {
            states.described(this);
        } else if (states != null) {
            states.nexusLive(this);
        }
    }

    /** The nexus is in another state. */
    void nexus(Liveness now) {
        PathControl to = path.reportsTo();
        AluaMonitor states = monitor;
        if (to != null && states != null) {
            to.loop().execute(() -> {
                if (path.closed()) {
                    return;
                }
                if (now == Liveness.LIVE) {
                    states.nexusLive(this);
                } else {
                    states.nexusNotLive(this);
                }
            });
        }
    }

    /** Why the unit itself is away, or null. */
    @Nullable
    String away() {
        return away;
    }

    /** Looks whether the unit is away, and tells when that changed; of no interest before it is attached. */
    void look() {
        PathControl to = path.reportsTo();
        if (to == null) {
            return;
        }
        synchronized (this) {
            String now = transport.away();
            boolean changed = (now == null) != (away == null);
            away = now;
            if (changed && now != null) {
                to.notReady(now);
                path.failWaiting();
            }
            if (changed) {
                to.loop().execute(() -> awayOrBack(to));
            }
        }
    }

    /** What its state became while nobody could read it through this path is read anew before it is used. */
    private void awayOrBack(PathControl to) {
        AluaMonitor states = monitor;
        boolean back = away == null;
        if (path.closed()) {
            return;
        }
        if (states != null && back) {
            states.nexusLive(this);
        } else if (states != null) {
            states.nexusNotLive(this);
        }
        synchronized (this) {
            if (stateKnown && away == null) {
                to.ready();
            }
        }
    }

    /** The transport says that the access states may have changed. */
    void changed() {
        AluaMonitor states = monitor;
        if (states != null) {
            states.changed(this);
        }
    }

    /** Sense data says that they may have, or refused a command for one. */
    void sense(ScsiResult result) {
        AluaMonitor states = monitor;
        if (states != null && !path.closed()) {
            result.sense().ifPresent(sense -> states.sense(this, sense));
        }
    }

    /** A unit that had no access states, and refuses for one, may have them by now: it is asked so, once in 10 s. */
    void refusedForState(ScsiResult result) {
        PathControl to = path.reportsTo();
        if (monitor != null || to == null) {
            return;
        }
        boolean refused = result.sense()
                .filter(sense -> sense.key() == SenseKey.NOT_READY)
                .isPresent();
        if (refused && refusalPace.passes(to.ticker())) {
            to.changed();
        }
    }

    /** A request has ended well. */
    void ioEnded() {
        commandsEnded.increment();
    }

    @Override
    public String name() {
        return path.name();
    }

    @Override
    public PathPort port() {
        return path.port();
    }

    @Override
    public PathControl control() {
        return Objects.requireNonNull(path.reportsTo(), "attached");
    }

    @Override
    public PathControl.AccessChange change(AccessState state, boolean preferred) {
        if (state.usable() && identity.unit().sizeIsASiblings()) {
            // Through this port its size can be read now.
            control().changed();
        }
        return new PathControl.AccessChange(path, state, preferred);
    }

    @Override
    public synchronized void stateKnown() {
        stateKnown = true;
        if (away == null) {
            control().ready();
        }
    }

    @Override
    public AluaBudget budget() {
        return Objects.requireNonNull(budget, "attached");
    }

    @Override
    public int targetPortGroup() {
        return identity.unit().targetPortGroup().orElse(NO_GROUP);
    }

    @Override
    public int relativeTargetPort() {
        return identity.unit().relativeTargetPort();
    }

    /** A path that leads elsewhere by now must not be asked for the states of the unit that it led to. */
    @Override
    public boolean live() {
        return !path.closed()
                && path.unfit() == null
                && Objects.equals(identity.unit().id(), attachedTo);
    }

    @Override
    public long commandsEnded() {
        return commandsEnded.sum();
    }

    @Override
    public ScsiReply execute(ScsiCommand command, @Nullable ByteBuffer data, long leastTimeoutNanos) {
        Duration usual = host.settings().commandTimeout();
        Duration least = Duration.ofNanos(leastTimeoutNanos);
        ScsiReply reply = transport.execute(command, data, usual.compareTo(least) < 0 ? least : usual);
        path.noticedBesideStates(reply.result());
        return reply;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
