package io.mpath.nvme;

import io.mpath.ControlLoop;
import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.internal.adapter.SharedLook;
import io.mpath.nvme.ana.AnaMonitor;
import io.mpath.nvme.ana.AnaTiming;
import io.mpath.nvme.command.AsynchronousEvent;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.nvme.command.NvmControllerLimits;
import io.mpath.path.DevicePath;
import io.mpath.path.Losses;
import io.mpath.path.PathControl;
import io.mpath.path.PathPort;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One NVMe controller, over whatever transport: what the paths to all of its namespaces share (Linux: {@code nvme_ctrl}). It
 * makes those paths, keeps their access states from its ANA log, tells when it is live, and knows when a command that it handed
 * back unanswered can take no further effect.
 *
 * <p>Unanswered changes are fenced:
 *
 * <ul>
 *   <li>by time from the hand-back: three keep-alive time-outs with traffic-based keep-alive, two otherwise, plus the command
 *       quiesce time (NVMe Base 2.1 9.6). Without keep-alive there is no such time, and the device's {@link
 *       io.mpath.DeviceSettings#hold} is assumed;
 *   <li>over PCIe, once the controller has been seen not to be live, and is live at a look after the hand-back: it was reset.
 *       One that was live at each look may have handed back a command just before its reset, as kernels do whose time-out handler
 *       disables first and changes the state then; and that a state cannot be read is no reset. Over fabrics a connection made
 *       anew proves nothing, because the old one may still carry them;
 *   <li>by Cross-Controller Reset, where {@link NvmeSettings#crossControllerReset} is on and another controller of the
 *       subsystem confirms that it is done.
 * </ul>
 *
 * <p>Threading: any thread, except where it says that it blocks. {@code liveness}, the order in which it is reported, and {@code
 * resetSeen} are guarded by {@code looking}, under which one attribute is read. {@code facts} is written under {@code asking},
 * under which the controller is asked, once for each {@code life}, which is counted under {@code looking}; never the other way
 * round. {@code seenNotLive} is written under {@code looking} and read by senders without it: an older one costs a command that
 * comes back, or one that goes another way.
 */
public final class NvmeController {
    private final NvmeTransport transport;
    private final NvmeSettings settings;
    private final NvmePeers peers;
    private final NamespaceReader reader;
    private final KeepAliveReader keepAliveReader;
    private final List<ControllerPaths> registries = new CopyOnWriteArrayList<>();
    private final Losses losses = new Losses();
    private final CrossControllerFence fence;
    private final ReservationNotices reservationNotices;
    private final Object looking = new Object();
    private final SharedLook look = new SharedLook(looking);
    private Liveness liveness = Liveness.LIVE;
    private volatile boolean seenNotLive;
    private boolean resetSeen;
    private final Object asking = new Object();
    private volatile long life;
    private volatile @Nullable Facts facts;

    /**
     * What the controller says of itself; the same for one life of it.
     *
     * @param life in which it was asked
     * @param keepAlive its keep-alive timer in milliseconds, 0 for none; empty while it is not known
     */
    record Facts(
            long life, IdentifyController identify, Optional<NvmControllerLimits> limits, OptionalLong keepAlive) {}

    /** A controller that knows of no other of its subsystem. */
    public NvmeController(NvmeTransport transport, NvmeSettings settings) {
        this(transport, settings, new NvmePeers());
    }

    /**
     * A controller.
     *
     * @param peers the other controllers that this host has; this one is among them until it is closed
     */
    public NvmeController(NvmeTransport transport, NvmeSettings settings, NvmePeers peers) {
        this.transport = transport;
        this.settings = settings;
        this.peers = peers;
        this.reader = new NamespaceReader(transport, settings.adminTimeout());
        this.keepAliveReader = new KeepAliveReader(transport, settings.adminTimeout());
        this.fence = new CrossControllerFence(this, losses, peers);
        this.reservationNotices = new ReservationNotices(transport, settings.adminTimeout(), this::reservationsChanged);
        peers.add(this);
        transport.listen(new NvmeTransport.Listener() {
            @Override
            public void livenessMayHaveChanged() {
                look();
            }

            @Override
            public void connected() {
                beginLife();
            }

            @Override
            public void event(AsynchronousEvent event) {
                heard(event);
            }

            @Override
            public void namespaceMayHaveChanged(long nsid) {
                each(path -> {
                    if (path.nsid() == nsid) {
                        path.control().changed();
                    }
                });
            }

            @Override
            public void namespaceGone(NamespaceTransport namespace, String reason) {
                each(path -> {
                    if (path.leadsThrough(namespace)) {
                        path.control().gone(reason);
                    }
                });
            }
        });
    }

    /** The port of all of its paths. */
    public PathPort port() {
        return transport.port();
    }

    /** What it is reached through. */
    public NvmeTransport transport() {
        return transport;
    }

    NvmeSettings settings() {
        return settings;
    }

    /**
     * Opens a path to one of its namespaces. Blocks.
     *
     * @param name what the path is called, unique in a registry
     * @throws MultipathException when the controller does not answer, has no such namespace, or it cannot be driven here
     */
    public DevicePath open(long nsid, String name) {
        return open(nsid, name, (blockBytes, judge) -> transport.open(nsid, blockBytes, judge));
    }

    /**
     * Opens a path to one of its namespaces in a way of its own. Blocks.
     *
     * @param name what the path is called, unique in a registry
     * @param opener opens what leads to that namespace through this controller
     * @throws MultipathException when the controller does not answer, has no such namespace, or it cannot be driven here
     */
    public DevicePath open(long nsid, String name, NamespaceOpener opener) {
        return new NvmePath(this, name, namespace(nsid), opener);
    }

    private void each(Consumer<NvmePath> action) {
        registries.forEach(registry -> registry.each(action));
    }

    /** Lets go of the controller. To be called when all of its paths are closed. Blocks. */
    public void close() {
        peers.remove(this);
        transport.close();
    }

    /** Reads what a namespace is, anew. Blocks. */
    Namespace namespace(long nsid) {
        try {
            Facts known = facts();
            return reader.namespace(nsid, known.identify(), known.limits());
        } catch (NvmeStatusException e) {
            if (e.status().pathRelated()) {
                look();
            }
            throw e;
        }
    }

    /** What the controller says of itself, asked once in a life; who asks meanwhile waits for the answer. Blocks. */
    Facts facts() {
        synchronized (asking) {
            Facts known = facts;
            if (known != null && known.life() == life && known.keepAlive().isEmpty()) {
                known = new Facts(known.life(), known.identify(), known.limits(), keepAliveReader.millis());
                facts = known;
            }
            while (known == null || known.life() != life) {
                known = read();
                facts = known;
            }
            return known;
        }
    }

    private Facts read() {
        // Before the reading: what a life says that began meanwhile cannot be told from what the one before it said.
        long began = life;
        IdentifyController identify = reader.controller();
        return new Facts(began, identify, reader.limits(identify), keepAliveReader.millis());
    }

    /** What is known of it without asking. */
    @Nullable
    Facts factsSoFar() {
        return facts;
    }

    /** Whether commands would only come back: it was seen not to be live. */
    boolean seenNotLive() {
        return seenNotLive;
    }

    /** Where {@code path} belongs from here on; its states are reported to its control, then that it is ready. On the loop. */
    ControllerPaths attach(NvmePath path) {
        PathControl control = path.control();
        ControllerPaths home;
        synchronized (looking) {
            home = home(path);
            // Before the report: what the next look finds, it has somebody to tell.
            home.speakThrough(control);
            if (liveness != Liveness.LIVE) {
                control.liveness(liveness);
            }
        }
        home.add(path);
        reservationNotices.canRead(control.blocking());
        return home;
    }

    private ControllerPaths home(NvmePath path) {
        ControlLoop loop = path.control().loop();
        for (ControllerPaths registry : registries) {
            if (registry.isOf(loop)) {
                return registry;
            }
        }
        AnaMonitor monitor = monitor(path.namespace().controller());
        if (monitor != null && liveness == Liveness.LIVE) {
            monitor.live();
        }
        var first = new ControllerPaths(loop, monitor);
        registries.add(first);
        return first;
    }

    /** {@code path} is closed. On the loop. */
    void detach(NvmePath path, ControllerPaths from) {
        if (from.remove(path)) {
            registries.remove(from);
            fence.left(from.loop());
        }
    }

    private @Nullable AnaMonitor monitor(IdentifyController identify) {
        if (!identify.anaReporting()) {
            return null;
        }
        var timing = new AnaTiming(
                settings.anaPollInterval().toNanos(),
                settings.anaTroubleInterval().toNanos(),
                transport.tellsEvents(),
                identify.anaTransitionSeconds());
        return new AnaMonitor(port().name(), new AnaLogReader(transport, identify, settings.adminTimeout()), timing);
    }

    /** Reads whether the controller is live, and tells its paths when that changed. */
    void look() {
        look.take(this::readLiveness);
    }

    private void readLiveness() {
        // Before the reading: what is lost after it is not fenced by what was read.
        long lost = losses.cut();
        Liveness read = transport.liveness();
        Liveness now = read == null ? Liveness.CONNECTING : read;
        seenNotLive = now != Liveness.LIVE;
        if (read == Liveness.LIVE && resetSeen) {
            resetSeen = false;
            losses.fenced(lost);
        } else if (read != null && read != Liveness.LIVE) {
            resetSeen = transport.liveAgainMeansReset();
        }
        if (now == liveness || !liveness.mayBecome(now)) {
            return;
        }
        liveness = now;
        if (now == Liveness.LIVE) {
            countLife();
        }
        registries.forEach(registry -> registry.liveness(now));
    }

    /** The host announced a connection: where no look fell into the time without one, only this tells of the new life. */
    private void beginLife() {
        synchronized (looking) {
            boolean unseen = liveness == Liveness.LIVE;
            look();
            if (unseen && liveness == Liveness.LIVE) {
                countLife();
                registries.forEach(ControllerPaths::lifeBegan);
            }
        }
    }

    private void countLife() {
        synchronized (looking) {
            life++;
        }
    }

    private void heard(AsynchronousEvent event) {
        if (event.anaChanged()) {
            registries.forEach(ControllerPaths::anaChanged);
        } else if (event.namespaceAttributeChanged()) {
            each(path -> path.control().changed());
        } else if (event.reservationNotificationAvailable()) {
            reservationNotices.available(this::blocking);
        }
    }

    private @Nullable Executor blocking() {
        for (ControllerPaths registry : registries) {
            Executor found = registry.blocking();
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private void reservationsChanged(LongPredicate namespaces) {
        each(path -> {
            if (namespaces.test(path.nsid())) {
                path.control().reservationsMayHaveChanged();
            }
        });
    }

    /**
     * The number of a change that was handed back unanswered to the path that reports to {@code control}; 0 where no report can
     * ever fence it, but time only.
     */
    long lost(PathControl control) {
        if (!settings.crossControllerReset()) {
            long epoch = transport.liveAgainMeansReset() ? losses.add(control) : 0;
            look();
            return epoch;
        }
        long now = life;
        Facts known = facts;
        IdentifyController identity = known != null && known.life() == now ? known.identify() : null;
        long epoch = fence.lost(control, now, identity, holdNanos(control::holdNanos));
        look();
        fence.seek(control);
        return epoch;
    }

    /**
     * How long after its hand-back a change can take no further effect, in nanoseconds.
     *
     * @param assumed what is assumed without a keep-alive, and at the least while it is not known
     */
    long holdNanos(LongSupplier assumed) {
        Facts known = facts;
        if (known == null) {
            return assumed.getAsLong();
        }
        long keepAlive = Math.max(
                transport.keepAliveMillis().orElse(0), known.keepAlive().orElse(0));
        OptionalLong millis = known.identify().communicationLossMillis(keepAlive);
        if (millis.isEmpty()) {
            return assumed.getAsLong();
        }
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis.getAsLong());
        return known.keepAlive().isPresent() ? nanos : Math.max(nanos, assumed.getAsLong());
    }

    @Override
    public String toString() {
        return port().name();
    }
}
