package io.mpath.nvme.linux;

import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.linux.Descriptor;
import io.mpath.linux.DeviceWatch;
import io.mpath.linux.Errno;
import io.mpath.linux.LostMemory;
import io.mpath.linux.Machine;
import io.mpath.linux.Syscalls;
import io.mpath.linux.TransferMemory;
import io.mpath.linux.Uevent;
import io.mpath.nvme.AdminResult;
import io.mpath.nvme.CommandEnd;
import io.mpath.nvme.CommandJudge;
import io.mpath.nvme.NamespaceTransport;
import io.mpath.nvme.NvmeStatusException;
import io.mpath.nvme.NvmeTransport;
import io.mpath.nvme.command.AdminCommand;
import io.mpath.nvme.command.AsynchronousEvent;
import io.mpath.nvme.command.NvmeCommand;
import io.mpath.path.PathPort;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One life of a controller of this machine: admin commands through its character device, its liveness from sysfs. While it is
 * live a look is due every few seconds, for what the kernel did not announce; while it is not, ten times a second, for the
 * kernel announces when a controller is connected and not when it stops being.
 *
 * <p>Threading: any thread. {@code descriptor} and {@code closed} are guarded by this object's monitor, in which it may block; what
 * says how often to look is guarded by {@code pace}, under which one attribute is read. {@code keepAlive} is written by the watch.
 */
final class LinuxTransport implements NvmeTransport, DeviceWatch.Watcher {
    static final Duration SETTLED = Duration.ofSeconds(5);
    static final Duration RESTLESS = Duration.ofMillis(100);
    private static final int PAGE = 4096;
    /** What the kernel announces when it has connected a controller, or reset it, and may use it. */
    private static final String EVENT = "NVME_EVENT";

    private static final String CONNECTED = "connected";

    /** An asynchronous event that the kernel has no use for itself, in hexadecimal digits. */
    private static final String ASYNCHRONOUS_EVENT = "NVME_AEN";

    /** All that a controller's events may say that the kernel passes on: its namespaces, its ANA log, or its reservations changed. */
    private static final List<AsynchronousEvent> WHAT_MAY_BE_LOST = List.of(
            new AsynchronousEvent(2, 0x00, 0x04),
            new AsynchronousEvent(2, 0x03, 0x0c),
            new AsynchronousEvent(6, 0x00, 0x80));

    private final Machine machine;
    private final SysfsController controller;
    private final PathPort port;
    private final String kind;
    private final PassthroughIoctl ioctl;
    private final Runnable namespaceClosed;
    private final Set<LinuxNamespace> opened = ConcurrentHashMap.newKeySet();
    private final Queue<TransferMemory> spare = new ConcurrentLinkedQueue<>();
    private @Nullable Descriptor descriptor;
    private boolean closed;
    private volatile OptionalLong keepAlive;
    private final Object pace = new Object();
    private DeviceWatch.@Nullable Watch watch;
    private Duration interval = SETTLED;
    private boolean settled = true;
    private boolean removalAnnounced;
    private volatile @Nullable Listener listener;

    /** By which of its nodes, and how, a namespace is to be opened. */
    record Way(SysfsNamespace node, NvmeOptions options) {}

    /**
     * Opens nothing yet.
     *
     * @param port the same object for all that stand for this life of the controller
     * @param namespaceClosed run whenever a namespace has been closed
     */
    LinuxTransport(Machine machine, SysfsController controller, PathPort port, Runnable namespaceClosed) {
        this.machine = machine;
        this.controller = controller;
        this.port = port;
        this.kind = controller.transport();
        this.ioctl = new PassthroughIoctl(machine.syscalls());
        this.namespaceClosed = namespaceClosed;
        this.keepAlive = controller.keepAliveMillis();
    }

    @Override
    public PathPort port() {
        return port;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public @Nullable Liveness liveness() {
        synchronized (pace) {
            Liveness now = controller.liveness();
            settled = now == Liveness.LIVE || now == Liveness.DEAD;
            lookAsOftenAsNeeded();
            return now;
        }
    }

    private void removalAnnounced(boolean announced) {
        synchronized (pace) {
            removalAnnounced = announced;
            lookAsOftenAsNeeded();
        }
    }

    /** Under {@code pace}. */
    private void lookAsOftenAsNeeded() {
        Duration wanted = settled && !removalAnnounced ? SETTLED : RESTLESS;
        if (watch != null && !wanted.equals(interval)) {
            interval = wanted;
            watch.every(wanted);
        }
    }

    @Override
    public OptionalLong keepAliveMillis() {
        return keepAlive;
    }

    @Override
    public boolean liveAgainMeansReset() {
        return kind.equals("pcie");
    }

    @Override
    public boolean tellsEvents() {
        return false;
    }

    @Override
    public void listen(Listener told) {
        listener = told;
        synchronized (pace) {
            watch = machine.watch().watch(this, interval);
        }
    }

    @Override
    public void happened(Uevent uevent) {
        Listener told = listener;
        if (told == null) {
            return;
        }
        if (uevent.subsystem().equals("nvme") && uevent.name().equals(controller.name())) {
            String event = uevent.properties().get(ASYNCHRONOUS_EVENT);
            if (CONNECTED.equals(uevent.properties().get(EVENT))) {
                told.connected();
            } else if (event != null) {
                event(event).ifPresent(told::event);
            } else {
                told.livenessMayHaveChanged();
            }
        } else if (uevent.parentName().equals(controller.name())) {
            opened.stream()
                    .filter(namespace -> namespace.node().name().equals(uevent.name()))
                    .forEach(namespace -> happened(told, namespace, uevent.action()));
        }
    }

    private static Optional<AsynchronousEvent> event(String digits) {
        try {
            return Optional.of(AsynchronousEvent.decode(Long.decode(digits).intValue()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private void happened(Listener told, LinuxNamespace namespace, String action) {
        if (action.equals("change")) {
            told.namespaceMayHaveChanged(namespace.nsid());
        } else if (action.equals("remove") && !tellIfGone(told, namespace)) {
            // Announced a little before it is done; or it was another of that name, long gone. One look will tell.
            removalAnnounced(true);
        }
    }

    @Override
    public void look() {
        Listener told = listener;
        if (told == null) {
            return;
        }
        OptionalLong kato = controller.keepAliveMillis();
        if (kato.isPresent()) {
            keepAlive = kato;
        }
        removalAnnounced(false);
        liveness();
        told.livenessMayHaveChanged();
        if (controller.exists()) {
            opened.forEach(namespace -> tellIfGone(told, namespace));
        }
    }

    /**
     * Each namespace is described anew, at the pace of the registry, and used as before until then. That the controller was connected
     * anew unseen would be doubted more, and is not assumed of all controllers at once.
     */
    @Override
    public void lost() {
        look();
        Listener told = listener;
        if (told != null) {
            WHAT_MAY_BE_LOST.forEach(told::event);
        }
    }

    /** Told at every look, because a path that is not attached yet hears nothing. */
    private boolean tellIfGone(Listener told, LinuxNamespace namespace) {
        boolean gone = namespace.isGone();
        if (gone) {
            told.namespaceGone(namespace, namespace.node() + " was removed");
        }
        return gone;
    }

    @Override
    public AdminResult admin(AdminCommand command, @Nullable ByteBuffer data, Duration timeout) {
        Descriptor open = descriptor();
        if (!open.enter()) {
            throw new MultipathException(controller + " is closed");
        }
        try {
            return admin(open.number(), command, data, timeout);
        } finally {
            open.leave();
        }
    }

    private AdminResult admin(int number, AdminCommand command, @Nullable ByteBuffer data, Duration timeout) {
        int bytes = command.transfer() == NvmeCommand.Transfer.NONE ? 0 : command.dataBytes();
        TransferMemory memory = memory(bytes);
        boolean sends = command.transfer() == NvmeCommand.Transfer.TO_CONTROLLER;
        if (sends) {
            ByteBuffer from = Objects.requireNonNull(data, "data");
            memory.buffer().put(0, from, from.position(), bytes);
        } else {
            // What the controller leaves out must not be what it said another time.
            memory.buffer().put(0, new byte[bytes]);
        }
        int result = ioctl.carryOut(number, PassthroughIoctl.ADMIN64_CMD, command, memory, timeout.toNanos());
        if (result < 0 && sends && NvmeErrors.end(false, command.name(), result) instanceof CommandEnd.Unanswered) {
            LostMemory.keep(memory, OptionalLong.empty());
        } else if (memory.capacity() <= 2 * PAGE) {
            spare.add(memory);
        }
        return answer(command, result, bytes, memory);
    }

    private TransferMemory memory(int bytes) {
        TransferMemory free = bytes <= PAGE ? spare.poll() : null;
        return free != null ? free : ioctl.memory(Math.max(bytes, PAGE));
    }

    private AdminResult answer(AdminCommand command, int result, int bytes, TransferMemory memory) {
        String where = controller + ": " + command.name();
        if (result > 0) {
            throw new NvmeStatusException(where, PassthroughIoctl.status(result));
        }
        if (result < 0) {
            Listener told = listener;
            if (told != null) {
                told.livenessMayHaveChanged();
            }
            throw new MultipathException(where + ": " + why(result));
        }
        ByteBuffer read = ByteBuffer.allocate(command.transfer() == NvmeCommand.Transfer.TO_HOST ? bytes : 0)
                .order(ByteOrder.LITTLE_ENDIAN);
        read.put(0, memory.buffer(), 0, read.capacity());
        return new AdminResult(PassthroughIoctl.result(memory), read);
    }

    private static String why(int result) {
        return switch (Errno.of(result)) {
            case EINTR -> "EINTR: cancelled by the host while it was with the controller";
            case EACCES, EPERM -> Errno.describe(result) + ": admin commands need CAP_SYS_ADMIN";
            default -> Errno.describe(result);
        };
    }

    private synchronized Descriptor descriptor() {
        if (closed) {
            throw new MultipathException(controller + " is closed");
        }
        if (descriptor == null) {
            descriptor = machine.open(controller.name(), Syscalls.O_RDONLY, controller::exists);
        }
        return descriptor;
    }

    @Override
    public NamespaceTransport open(long nsid, int blockBytes, CommandJudge judge) {
        return open(usualWay(nsid), nsid, blockBytes, judge);
    }

    NamespaceTransport open(Way way, long nsid, int blockBytes, CommandJudge judge) {
        var namespace = LinuxNamespace.open(machine, controller, way, nsid, blockBytes, judge, this::closed);
        opened.add(namespace);
        return namespace;
    }

    private Way usualWay(long nsid) {
        return controller.namespaces().stream()
                .filter(node -> node.isBlock() && !node.hidden())
                .filter(node -> node.nsid().orElse(-1) == nsid)
                .findFirst()
                .map(node -> new Way(node, NvmeOptions.defaults()))
                .orElseThrow(() -> new MultipathException(
                        controller + " has no block device for namespace " + nsid + " in sysfs"));
    }

    private void closed(LinuxNamespace namespace) {
        opened.remove(namespace);
        namespaceClosed.run();
    }

    @Override
    public void close() {
        DeviceWatch.Watch watching;
        synchronized (pace) {
            watching = watch;
        }
        if (watching != null) {
            watching.close();
        }
        Descriptor open;
        synchronized (this) {
            closed = true;
            open = descriptor;
        }
        if (open != null) {
            open.close(() -> {});
        }
    }

    @Override
    public String toString() {
        return controller.name();
    }
}
