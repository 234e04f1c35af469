package io.mpath.scsi.linux;

import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.linux.Descriptor;
import io.mpath.linux.Errno;
import io.mpath.linux.LostMemory;
import io.mpath.linux.Machine;
import io.mpath.linux.Syscalls;
import io.mpath.linux.TransferMemory;
import io.mpath.linux.Uevent;
import io.mpath.path.Certainty;
import io.mpath.path.PathPort;
import io.mpath.scsi.CommandJudge;
import io.mpath.scsi.CommandNotSentException;
import io.mpath.scsi.LogicalUnitTransport;
import io.mpath.scsi.ScsiReply;
import io.mpath.scsi.ScsiTransport;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One life of a disk of this machine: every command through its block device, which is opened once, when it is first needed.
 *
 * <p>Threading: any thread. {@code opened} and {@code closed} are guarded by this object's monitor; {@code listener} is written
 * once; {@code looks} is used by the watch's thread.
 */
final class LinuxTransport implements ScsiTransport {
    /** A disk that is well is looked at every few seconds, and at who else has it every minute. */
    private static final int LOOKS_FOR_CLAIMS = 12;

    private static final int SMALL_BYTES = 4096 - SgIo.BYTES;

    private final Machine machine;
    private final NexusLife nexus;
    private final SysfsUnit unit;
    private final String node;
    private final KernelClaims claims;
    private final ScsiOptions options;
    private final SgIo sg;
    private final Queue<TransferMemory> spare = new ConcurrentLinkedQueue<>();
    private @Nullable Opened opened;
    private boolean closed;
    private volatile boolean wasAway;
    private int looks;
    private volatile @Nullable Listener listener;

    private record Opened(Descriptor descriptor, @Nullable String readOnly) {}

    /**
     * Opens nothing yet.
     *
     * @param disk the name of its block device
     */
    LinuxTransport(
            Machine machine, NexusLife nexus, SysfsUnit unit, String disk, KernelClaims claims, ScsiOptions options) {
        this.machine = machine;
        this.nexus = nexus;
        this.unit = unit;
        this.node = disk;
        this.claims = claims;
        this.options = options;
        this.sg = new SgIo(machine.syscalls());
    }

    @Override
    public PathPort port() {
        return nexus.port();
    }

    @Override
    public String kind() {
        return nexus.sysfs().kind();
    }

    @Override
    public String target() {
        return nexus.sysfs().array();
    }

    @Override
    public @Nullable Liveness liveness() {
        return nexus.liveness();
    }

    @Override
    public @Nullable String away() {
        String reason = unit.away();
        wasAway = reason != null;
        if (wasAway) {
            nexus.lookAtTheAway();
        }
        return reason;
    }

    /** Whether it was away when it was last looked at. */
    boolean wasAway() {
        return wasAway;
    }

    @Override
    public boolean liveAgainMeansEnded() {
        return nexus.liveAgainMeansEnded();
    }

    @Override
    public void listen(Listener told) {
        listener = told;
        nexus.enter(this);
    }

    /** The names that its devices are announced under. */
    List<String> announcedAs() {
        return List.of(node, unit.address());
    }

    /** The kernel announced something of a device of such a name, perhaps this one. */
    void happened(Uevent uevent) {
        Listener told = listener;
        boolean mine = uevent.name().equals(uevent.subsystem().equals("block") ? node : unit.address());
        if (told == null || !mine) {
            return;
        }
        if (uevent.action().equals("remove")) {
            if (!tellIfGone(told)) {
                // Announced a little before it is done; or it was another of that name, long gone.
                nexus.hurry();
            }
        } else if (uevent.action().equals("change")) {
            changed(told, uevent.properties());
        }
    }

    /** Programs have "change" announced too, whenever they close a node that they could have written to: that says nothing. */
    private static void changed(Listener told, Map<String, String> properties) {
        switch (properties.getOrDefault("SDEV_UA", "")) {
            case "" -> {
                if (properties.containsKey("RESIZE")) {
                    told.mayHaveChanged();
                }
            }
            case "ASYMMETRIC_ACCESS_STATE_CHANGED" -> told.accessStateMayHaveChanged();
            case "INQUIRY_DATA_HAS_CHANGED" -> told.mayBeAnother();
            case "REPORTED_LUNS_DATA_HAS_CHANGED" -> told.inventoryMayHaveChanged();
            default -> told.mayHaveChanged();
        }
    }

    /** What the kernel announced of it may have been lost. */
    void mayHaveChanged() {
        Listener told = listener;
        if (told != null) {
            told.mayHaveChanged();
        }
    }

    /** Looks at the disk. Told at every look, because a path that is not attached yet hears nothing. */
    void look() {
        Listener told = listener;
        if (told != null && !tellIfGone(told)) {
            told.livenessMayHaveChanged();
            if (++looks % LOOKS_FOR_CLAIMS == 0) {
                claims.look();
            }
        }
    }

    private boolean tellIfGone(Listener told) {
        boolean gone = !unit.exists();
        if (gone) {
            wasAway = false;
            told.livenessMayHaveChanged();
            told.gone(node + " (" + unit.address() + ") was removed");
        }
        return gone;
    }

    @Override
    public ScsiReply execute(ScsiCommand command, @Nullable ByteBuffer data, Duration timeout) {
        Descriptor open = opened().descriptor();
        if (!open.enter()) {
            throw new CommandNotSentException(this + " is closed");
        }
        try {
            return execute(open.number(), command, data, timeout);
        } finally {
            open.leave();
        }
    }

    private ScsiReply execute(int descriptor, ScsiCommand command, @Nullable ByteBuffer data, Duration timeout) {
        int bytes = command.transfer() == ScsiCommand.Transfer.NONE ? 0 : command.dataBytes();
        TransferMemory memory = memory(bytes);
        boolean sends = command.transfer() == ScsiCommand.Transfer.TO_DEVICE;
        if (sends) {
            ByteBuffer from = Objects.requireNonNull(data, "data");
            memory.buffer().put(0, from, from.position(), bytes);
        } else {
            // What the device leaves out must not be what it said another time.
            memory.buffer().put(0, new byte[bytes]);
        }
        int returned = sg.carryOut(descriptor, command, memory, timeout.toNanos());
        if (returned < 0 || !SgIo.ended(memory)) {
            if (SgErrors.provesNotSent(returned, SgIo.ended(memory))) {
                useAgain(memory);
            } else if (sends) {
                LostMemory.keep(memory, OptionalLong.empty());
            }
            throw unanswered(command, returned, SgIo.ended(memory));
        }
        ScsiResult result = SgIo.result(memory);
        int received = command.transfer() == ScsiCommand.Transfer.TO_HOST ? bytes - residual(result, bytes) : 0;
        ByteBuffer read = ByteBuffer.allocate(received);
        read.put(0, memory.buffer(), 0, received);
        boolean lost = result.treatment()
                .filter(what -> what.certainty() == Certainty.UNKNOWN)
                .isPresent();
        if (sends && lost) {
            LostMemory.keep(memory, OptionalLong.empty());
        } else {
            useAgain(memory);
        }
        return new ScsiReply(result, read);
    }

    private void useAgain(TransferMemory memory) {
        if (SgIo.dataRoom(memory) <= SMALL_BYTES) {
            spare.add(memory);
        }
    }

    private static int residual(ScsiResult result, int bytes) {
        return (int) Math.max(0, Math.min(result.residualBytes(), bytes));
    }

    private TransferMemory memory(int bytes) {
        TransferMemory free = bytes <= SMALL_BYTES ? spare.poll() : null;
        return free != null ? free : sg.memory(Math.max(bytes, SMALL_BYTES));
    }

    private MultipathException unanswered(ScsiCommand command, int returned, boolean ended) {
        Listener told = listener;
        if (told != null) {
            told.livenessMayHaveChanged();
        }
        String where = this + ": " + command.name() + ": ";
        String message = where
                + switch (Errno.of(returned)) {
                    case ENODEV, ENXIO -> Errno.describe(returned) + ": it is offline, or was removed";
                    case EACCES, EPERM -> Errno.describe(returned) + ": commands need CAP_SYS_RAWIO";
                    case EINTR -> "EINTR: the call was interrupted while the command was under way";
                    default -> returned < 0 ? Errno.describe(returned) : "the kernel does not say how it ended";
                };
        return SgErrors.provesNotSent(returned, ended)
                ? new CommandNotSentException(message)
                : new MultipathException(message);
    }

    private synchronized Opened opened() {
        if (closed) {
            throw new CommandNotSentException(this + " is closed");
        }
        if (opened == null) {
            opened = open();
        }
        return opened;
    }

    /** @throws MultipathException when it cannot be opened, or its node leads elsewhere */
    private Opened open() {
        Opened found = openNode();
        try {
            requireSameDevice();
            requireUnclaimed();
            return found;
        } catch (RuntimeException | Error e) {
            found.descriptor().close(() -> {});
            throw e;
        }
    }

    private Opened openNode() {
        int exclusive = options.exclusive() ? Syscalls.O_EXCL : 0;
        if (options.readOnly()) {
            return new Opened(machine.open(node, Syscalls.O_RDONLY | exclusive, unit::exists), "opened read-only");
        }
        int result = machine.tryOpen(node, Syscalls.O_RDWR | exclusive);
        if (result >= 0) {
            return new Opened(machine.meant(node, result, unit::exists), null);
        }
        if (Errno.EACCES.is(result) || Errno.EPERM.is(result) || Errno.EROFS.is(result)) {
            Descriptor descriptor = machine.open(node, Syscalls.O_RDONLY | exclusive, unit::exists);
            return new Opened(descriptor, "opened read-only, because writing was refused: " + Errno.describe(result));
        }
        throw machine.refusal(node, result);
    }

    /** A node that somebody made is not what sysfs speaks of. */
    private void requireSameDevice() {
        String found = machine.number(machine.node(node)).toString();
        String meant = unit.number().orElse("none");
        if (!found.equals(meant)) {
            throw new MultipathException(
                    machine.node(node) + " leads to device " + found + ", and " + unit + " is device " + meant);
        }
    }

    /** dm-multipath may have taken it while it was opened: from here on it finds it open. */
    private void requireUnclaimed() {
        claims.refusal(options.requireDetached()).ifPresent(reason -> {
            throw new MultipathException(this + " cannot be opened as a path: " + reason);
        });
    }

    @Override
    public LogicalUnitTransport open(int blockBytes, CommandJudge judge) {
        Opened open = opened();
        return new LinuxLogicalUnit(
                sg, unit, options, open.descriptor().number(), open.readOnly(), blockBytes, judge, this::stateInDoubt);
    }

    private void stateInDoubt() {
        Listener told = listener;
        if (told != null) {
            told.livenessMayHaveChanged();
        }
    }

    @Override
    public void close() {
        nexus.leave(this);
        Opened open;
        synchronized (this) {
            closed = true;
            open = opened;
            opened = null;
        }
        if (open != null) {
            open.descriptor().close(() -> {});
        }
    }

    @Override
    public String toString() {
        return machine.node(node).toString();
    }
}
