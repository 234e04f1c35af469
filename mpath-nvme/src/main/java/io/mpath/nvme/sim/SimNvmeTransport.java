package io.mpath.nvme.sim;

import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.nvme.AdminResult;
import io.mpath.nvme.CommandJudge;
import io.mpath.nvme.NamespaceTransport;
import io.mpath.nvme.NvmeStatusException;
import io.mpath.nvme.NvmeTransport;
import io.mpath.nvme.command.AdminCommand;
import io.mpath.nvme.command.AsynchronousEvent;
import io.mpath.nvme.command.AsynchronousEvents;
import io.mpath.nvme.command.Completion;
import io.mpath.nvme.command.GetLogPage;
import io.mpath.nvme.command.HostIdentifier;
import io.mpath.nvme.command.Identify;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.nvme.command.NamespaceIds;
import io.mpath.nvme.command.NvmeCommand;
import io.mpath.nvme.command.SetFeatures;
import io.mpath.path.PathPort;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A host's driver for an emulated controller: connects it, keeps it alive, listens to its events, and connects it anew after the
 * port's reconnect delay when the connection is lost (at once over PCIe; never by itself with a delay of zero). What it had
 * sent is then handed back unanswered. It carries out admin commands while its caller waits, in no time.
 *
 * <p>Threading: any thread in real time, the world's own in a world. Commands end on the controller's thread.
 */
public final class SimNvmeTransport implements NvmeTransport {
    /** Of who does not say which host it is. */
    private static final HostIdentifier HOST = HostIdentifier.of(new byte[] {'m', 'p', 'a', 't', 'h', 0, 0, 0});

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(5);
    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(60);
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int DEFAULT_QUEUE_DEPTH = 128;
    private static final int MEMORY_PAGE_BYTES = 4096;
    private static final int MAX_COMMAND_ID = 0xffff;
    private static final int CHANGED_NAMESPACES = 0x04;
    private static final int NO_DATA = 0;
    private static final long WANTED_EVENTS = AsynchronousEvents.NAMESPACE_ATTRIBUTE | AsynchronousEvents.ANA_CHANGE;

    private final SimController controller;
    private final PathPort port;
    private final boolean fabrics;
    private final Duration keepAlive;
    private final HostIdentifier host;
    private final Object lock = new Object();
    private final Map<Integer, SimNvmeRequest> outstanding = new LinkedHashMap<>();
    private final List<SimNvmeNamespace> namespaces = new ArrayList<>();
    private volatile SimAssociation association;
    private volatile Liveness liveness = Liveness.CONNECTING;
    private volatile @Nullable Listener listener;
    private volatile int queueDepth = DEFAULT_QUEUE_DEPTH;
    private volatile @Nullable IdentifyController identified;
    private int lastCommandId;
    private long strays;
    private long unansweredKeepAliveNanos;
    private boolean keepAliveUnanswered;

    private SimNvmeTransport(
            SimController controller, PathPort port, boolean fabrics, Duration keepAlive, HostIdentifier host) {
        this.controller = controller;
        this.port = port;
        this.fabrics = fabrics;
        this.keepAlive = keepAlive;
        this.host = host;
        this.association = associate();
        start(association);
    }

    /** Connects a controller over fabrics, with a keep-alive time-out of 5 s; throws {@link MultipathException} when it refuses. */
    public static SimNvmeTransport tcp(SimController controller, PathPort port) {
        return tcp(controller, port, KEEP_ALIVE);
    }

    /** Connects a controller over fabrics, with a keep-alive time-out (KATO) of {@code keepAlive}; none when that is zero. */
    public static SimNvmeTransport tcp(SimController controller, PathPort port, Duration keepAlive) {
        return tcp(controller, port, keepAlive, HOST);
    }

    /** Connects a controller for the host of that identifier; fabrics know none of 64 bits, and put zeroes behind it. */
    public static SimNvmeTransport tcp(
            SimController controller, PathPort port, Duration keepAlive, HostIdentifier host) {
        return new SimNvmeTransport(controller, port, true, keepAlive, host);
    }

    /** Enables a controller on PCIe, without keep-alive. */
    public static SimNvmeTransport pcie(SimController controller, PathPort port) {
        return pcie(controller, port, HOST);
    }

    /** Enables a controller on PCIe for the host of that identifier, which it was told already. */
    public static SimNvmeTransport pcie(SimController controller, PathPort port, HostIdentifier host) {
        return new SimNvmeTransport(controller, port, false, Duration.ZERO, host);
    }

    /** How many requests may be under way through each namespace that is opened from here on; by default 128. */
    public SimNvmeTransport queueDepth(int value) {
        queueDepth = value;
        return this;
    }

    /** The controller. */
    public SimController controller() {
        return controller;
    }

    /** How many completions came that nobody waited for: late, or the second of their command. */
    public long strays() {
        synchronized (lock) {
            return strays;
        }
    }

    @Override
    public PathPort port() {
        return port;
    }

    @Override
    public String kind() {
        return fabrics ? "tcp" : "pcie";
    }

    @Override
    public Liveness liveness() {
        return liveness;
    }

    @Override
    public OptionalLong keepAliveMillis() {
        // As sysfs has it: what was asked for, and not what the controller made of it.
        return OptionalLong.of(keepAlive.toMillis());
    }

    @Override
    public boolean liveAgainMeansReset() {
        return !fabrics;
    }

    @Override
    public boolean tellsEvents() {
        return true;
    }

    @Override
    public void listen(Listener value) {
        listener = value;
    }

    @Override
    public AdminResult admin(AdminCommand command, @Nullable ByteBuffer data, Duration timeout) {
        Liveness now = liveness;
        if (now != Liveness.LIVE) {
            throw new MultipathException(port + ": " + command.name() + " cannot be sent: the controller is " + now);
        }
        return admin(association, command, data == null ? new byte[NO_DATA] : bytes(data), timeout);
    }

    private AdminResult admin(SimAssociation to, AdminCommand command, byte[] data, Duration timeout) {
        ByteBuffer entry = ByteBuffer.allocate(NvmeCommand.ENTRY_BYTES);
        command.encode(entry, 0);
        SimReply reply = to.execute(SimCommand.ADMIN_QUEUE, entry.flip(), data, timeout)
                .orElseThrow(() -> new MultipathException(
                        port + ": " + command.name() + " timed out: not answered within " + timeout));
        Completion completion = Completion.decode(reply.completion());
        if (!completion.status().success()) {
            throw new NvmeStatusException(port + ": " + command.name(), completion.status());
        }
        ByteBuffer page = ByteBuffer.wrap(reply.data()).order(ByteOrder.LITTLE_ENDIAN);
        return new AdminResult(completion.result(), page.limit(Math.min(page.limit(), command.dataBytes())));
    }

    private static byte[] bytes(ByteBuffer data) {
        byte[] copy = new byte[data.remaining()];
        data.get(data.position(), copy);
        return copy;
    }

    @Override
    public NamespaceTransport open(long nsid, int blockBytes, CommandJudge judge) {
        IdentifyController known = identified;
        int transfer = known == null
                ? blockBytes
                : known.maxTransferBytes(MEMORY_PAGE_BYTES).orElse(Integer.MAX_VALUE / 2);
        var opened = new SimNvmeNamespace(
                this, judge, nsid, blockBytes, transfer, known != null && known.fusedCompareAndWrite(), queueDepth);
        synchronized (lock) {
            namespaces.add(opened);
        }
        return opened;
    }

    void closed(SimNvmeNamespace namespace) {
        synchronized (lock) {
            namespaces.remove(namespace);
        }
    }

    @Override
    public void close() {
        liveness = Liveness.DEAD;
        association.disconnect();
    }

    /** Loses the connection: what is under way is handed back, while the controller knows nothing of it. */
    public void disconnect() {
        lost(association, "the connection was lost");
    }

    /** Connects again, unless it is connected. @return whether it is now */
    public boolean reconnect() {
        if (liveness == Liveness.LIVE || !liveness.mayReturn()) {
            return liveness == Liveness.LIVE;
        }
        try {
            association = associate();
            start(association);
        } catch (MultipathException e) {
            controller.clock().trace(() -> port + " stays unconnected: " + e.getMessage());
            return false;
        }
        report(Listener::livenessMayHaveChanged);
        rescan();
        return true;
    }

    /** The controller is gone from the host for good, as if it had been removed from it. */
    public void remove() {
        lost(association, "the controller was removed", Liveness.DEAD);
    }

    private SimAssociation associate() {
        // The association that is lost is told with its end, whichever is the present one then.
        var ended = new EndOfAssociation();
        ByteBuffer identifier = ByteBuffer.allocate(host.lengthBytes());
        host.encode(identifier);
        SimAssociation made = controller.associate(ended, identifier.array(), keepAlive, fabrics);
        ended.of = made;
        return made;
    }

    private final class EndOfAssociation implements SimAssociation.Host {
        private volatile @Nullable SimAssociation of;

        @Override
        public void ended(String reason) {
            SimAssociation which = of;
            if (which != null) {
                lost(which, reason);
            }
        }
    }

    private void start(SimAssociation with) {
        IdentifyController found =
                IdentifyController.decode(admin(with, Identify.controller(), new byte[NO_DATA], ADMIN_TIMEOUT)
                        .data());
        identified = found;
        SetFeatures events = SetFeatures.asynchronousEvents(AsynchronousEvents.offered(WANTED_EVENTS, found.oaes()));
        admin(with, events, new byte[NO_DATA], ADMIN_TIMEOUT);
        synchronized (lock) {
            keepAliveUnanswered = false;
        }
        liveness = Liveness.LIVE;
        requestEvent(with);
        keepAlive(with);
    }

    private void requestEvent(SimAssociation with) {
        with.submit(
                SimCommand.ADMIN_QUEUE,
                bare(AdminCommandSet.ASYNCHRONOUS_EVENT_REQUEST),
                new byte[NO_DATA],
                reply -> happened(with, Completion.decode(reply.completion())));
    }

    /** The kernel's own commands, which nobody else sends. */
    private static ByteBuffer bare(int opcode) {
        return ByteBuffer.allocate(NvmeCommand.ENTRY_BYTES).put(0, (byte) opcode);
    }

    private void happened(SimAssociation with, Completion completion) {
        if (with != association || !completion.status().success()) {
            return;
        }
        requestEvent(with);
        AsynchronousEvent event = AsynchronousEvent.decode(completion.dword0());
        report(to -> to.event(event));
        if (event.namespaceAttributeChanged()) {
            // Reading the list allows the next event of its kind; what changed is looked at all over.
            quietly(() -> {
                admin(
                        with,
                        new GetLogPage(CHANGED_NAMESPACES, 0, false, NamespaceIds.ALL, 0, 4096),
                        new byte[NO_DATA],
                        ADMIN_TIMEOUT);
                rescan();
            });
        }
    }

    /** Looks which of the open namespaces are still there (Linux: {@code nvme_scan_work}). */
    private void rescan() {
        List<SimNvmeNamespace> open;
        synchronized (lock) {
            open = List.copyOf(namespaces);
        }
        quietly(() -> {
            AdminResult list = admin(association, Identify.activeNamespacesAbove(0), new byte[NO_DATA], ADMIN_TIMEOUT);
            NamespaceIds active = NamespaceIds.decodeActiveList(list.data());
            for (SimNvmeNamespace namespace : open) {
                long nsid = namespace.nsid();
                if (active.contains(nsid)) {
                    report(to -> to.namespaceMayHaveChanged(nsid));
                } else {
                    report(to -> to.namespaceGone(namespace, "namespace " + nsid + " is not attached to " + port));
                }
            }
        });
    }

    private void quietly(Runnable look) {
        try {
            look.run();
        } catch (MultipathException e) {
            controller.clock().trace(() -> port + ": " + e.getMessage());
        }
    }

    private void keepAlive(SimAssociation with) {
        long timeout = with.keepAliveMillis() * NANOS_PER_MILLI;
        if (timeout == 0 || with != association) {
            return;
        }
        long now = controller.clock().nanos();
        boolean send;
        boolean expired;
        synchronized (lock) {
            expired = keepAliveUnanswered && now - unansweredKeepAliveNanos >= timeout;
            send = !keepAliveUnanswered;
            if (send) {
                unansweredKeepAliveNanos = now;
                keepAliveUnanswered = true;
            }
        }
        if (expired) {
            lost(with, "the controller did not answer Keep Alive");
            return;
        }
        if (send) {
            with.submit(SimCommand.ADMIN_QUEUE, bare(AdminCommandSet.KEEP_ALIVE), new byte[NO_DATA], reply -> {
                synchronized (lock) {
                    keepAliveUnanswered = keepAliveUnanswered && with != association;
                }
            });
        }
        controller.clock().later(timeout / 2, () -> keepAlive(with));
    }

    private void lost(SimAssociation which, String reason) {
        lost(which, reason, fabrics ? Liveness.CONNECTING : Liveness.RESETTING);
    }

    private void lost(SimAssociation which, String reason, Liveness now) {
        List<SimNvmeRequest> back;
        synchronized (lock) {
            if (which != association || !liveness.mayBecome(now) || liveness == now) {
                return;
            }
            liveness = now;
            back = outstanding.values().stream().distinct().toList();
            outstanding.clear();
        }
        which.sever();
        if (!fabrics) {
            which.disconnect();
        }
        controller.clock().trace(() -> port + " is " + now + ": " + reason);
        report(Listener::livenessMayHaveChanged);
        controller.clock().execute(() -> back.forEach(request -> request.unanswered(port + ": " + reason)));
        if (now.mayReturn()) {
            reconnectLater();
        }
    }

    private void reconnectLater() {
        long delay = port.timeouts().reconnectDelay().toNanos();
        if (delay > 0) {
            controller.clock().later(delay, () -> {
                if (liveness.mayReturn() && !reconnect()) {
                    reconnectLater();
                }
            });
        }
    }

    private void report(Consumer<Listener> report) {
        Listener to = listener;
        if (to != null) {
            report.accept(to);
        }
    }

    /** Sends a request of one command, or of the two of a pair. False: the controller is not live, and nothing was sent. */
    boolean send(SimNvmeRequest request, int queue, List<SimNvmeEntry> entries) {
        SimAssociation to;
        List<Integer> ids = new ArrayList<>();
        synchronized (lock) {
            if (liveness != Liveness.LIVE) {
                return false;
            }
            to = association;
            for (int i = 0; i < entries.size(); i++) {
                int id = freeCommandId();
                outstanding.put(id, request);
                ids.add(id);
            }
        }
        for (int i = 0; i < entries.size(); i++) {
            SimNvmeEntry entry = entries.get(i);
            to.submit(queue, entry.encode(ids.get(i)), entry.data(), reply -> answered(to, reply));
        }
        return true;
    }

    private int freeCommandId() {
        do {
            lastCommandId = lastCommandId == MAX_COMMAND_ID ? 0 : lastCommandId + 1;
        } while (outstanding.containsKey(lastCommandId));
        return lastCommandId;
    }

    private void answered(SimAssociation by, SimReply reply) {
        Completion completion = Completion.decode(reply.completion());
        SimNvmeRequest request;
        synchronized (lock) {
            request = by == association ? outstanding.remove(completion.commandId()) : null;
            if (request == null) {
                strays++;
            }
        }
        if (request != null) {
            request.answered(completion, reply.data());
        }
    }

    /** Sends one command and takes its answer at once. @return null when there is none */
    @Nullable
    SimReply executeNow(int queue, SimNvmeEntry entry) {
        if (liveness != Liveness.LIVE) {
            return null;
        }
        return association
                .execute(queue, entry.encode(MAX_COMMAND_ID), entry.data(), ADMIN_TIMEOUT)
                .orElse(null);
    }

    @Override
    public String toString() {
        return port.name();
    }
}
