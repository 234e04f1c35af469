package io.mpath.nvme.linux;

import io.mpath.IoStatus;
import io.mpath.MultipathException;
import io.mpath.linux.BlockingThreads;
import io.mpath.linux.Descriptor;
import io.mpath.linux.Errno;
import io.mpath.linux.LostMemory;
import io.mpath.linux.Machine;
import io.mpath.linux.Syscalls;
import io.mpath.linux.TransferMemory;
import io.mpath.nvme.CommandEnd;
import io.mpath.nvme.CommandJudge;
import io.mpath.nvme.NamespaceTransport;
import io.mpath.nvme.command.IoCommand;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A namespace through its block device or the character device beside it: both take the same commands.
 *
 * <p>Threading: any thread. {@code checked} is taken by who reads the first block, and put back.
 */
final class LinuxNamespace implements NamespaceTransport {
    /** The kernel maps no more pages for one passthrough command ({@code BIO_MAX_VECS}). */
    private static final int MOST_TRANSFER_BYTES = 1 << 20;

    /** Every controller that Linux drives takes this much. */
    private static final int USUAL_TRANSFER_BYTES = 128 << 10;

    private final SysfsNamespace node;
    private final Object life;
    private final long nsid;
    private final Descriptor descriptor;
    private final int maxTransferBytes;
    private final @Nullable String readOnly;
    private final Consumer<LinuxNamespace> whenClosed;
    private final NamespaceIo requests;
    private final BlockingThreads threads;
    private final AtomicReference<@Nullable TransferMemory> checked = new AtomicReference<>();

    private LinuxNamespace(
            Machine machine,
            LinuxTransport.Way way,
            Object life,
            long nsid,
            int blockBytes,
            int maxTransferBytes,
            Opened opened,
            CommandJudge judge,
            Consumer<LinuxNamespace> whenClosed) {
        this.node = way.node();
        this.life = life;
        this.nsid = nsid;
        this.descriptor = opened.descriptor();
        this.readOnly = opened.readOnly();
        this.maxTransferBytes = maxTransferBytes;
        this.whenClosed = whenClosed;
        var ioctl = new PassthroughIoctl(machine.syscalls());
        requests = new NamespaceIo(ioctl, judge, descriptor.number(), nsid, blockBytes, maxTransferBytes, readOnly);
        threads = new BlockingThreads(
                node.name(),
                way.options().threads(),
                way.options().maxWaiting(),
                () -> ioctl.memory(maxTransferBytes),
                requests::execute,
                memory -> LostMemory.keep(memory, judge.keepNanos()),
                judge::roomAgain);
    }

    private record Opened(Descriptor descriptor, @Nullable String readOnly) {}

    /** @throws MultipathException when it cannot be opened, or does not lead to that namespace */
    static LinuxNamespace open(
            Machine machine,
            SysfsController controller,
            LinuxTransport.Way way,
            long nsid,
            int blockBytes,
            CommandJudge judge,
            Consumer<LinuxNamespace> whenClosed) {
        SysfsNamespace node = way.node();
        Object life = node.life().orElseThrow(() -> new MultipathException(node + " cannot be opened: it was removed"));
        Opened opened = open(machine, controller, way);
        try {
            checkNumber(machine, node);
            checkNamespace(machine, node, opened.descriptor(), nsid);
            return new LinuxNamespace(
                    machine,
                    way,
                    life,
                    nsid,
                    blockBytes,
                    maxTransferBytes(controller, node, blockBytes),
                    opened,
                    judge,
                    whenClosed);
        } catch (RuntimeException | Error e) {
            opened.descriptor().close(() -> {});
            throw e;
        }
    }

    private static Opened open(Machine machine, SysfsController controller, LinuxTransport.Way way) {
        String name = way.node().name();
        int exclusive = way.options().exclusive() && way.node().isBlock() ? Syscalls.O_EXCL : 0;
        if (way.options().readOnly()) {
            Descriptor descriptor = machine.open(name, Syscalls.O_RDONLY | exclusive, controller::exists);
            return new Opened(descriptor, "opened read-only");
        }
        int opened = machine.tryOpen(name, Syscalls.O_RDWR | exclusive);
        if (opened >= 0) {
            return new Opened(machine.meant(name, opened, controller::exists), null);
        }
        if (Errno.EACCES.is(opened) || Errno.EPERM.is(opened) || Errno.EROFS.is(opened)) {
            Descriptor descriptor = machine.open(name, Syscalls.O_RDONLY | exclusive, controller::exists);
            return new Opened(descriptor, "opened read-only, because writing was refused: " + Errno.describe(opened));
        }
        throw machine.refusal(name, opened);
    }

    /** A node that somebody made is not what sysfs speaks of. */
    private static void checkNumber(Machine machine, SysfsNamespace node) {
        String found = machine.number(machine.node(node.name())).toString();
        String meant = node.number().orElse("none");
        if (!found.equals(meant)) {
            throw new MultipathException(
                    machine.node(node.name()) + " leads to device " + found + ", and " + node + " is device " + meant);
        }
    }

    private static void checkNamespace(Machine machine, SysfsNamespace node, Descriptor descriptor, long nsid) {
        int found = new PassthroughIoctl(machine.syscalls()).namespace(descriptor.number());
        if (found < 0) {
            throw new MultipathException(
                    machine.node(node.name()) + " does not say which namespace it is: " + Errno.describe(found));
        }
        if (found != nsid) {
            throw new MultipathException(machine.node(node.name()) + " is namespace " + found + ", and not " + nsid);
        }
    }

    private static int maxTransferBytes(SysfsController controller, SysfsNamespace node, int blockBytes) {
        long bytes = controller.namespaces().stream()
                .filter(each -> each.name().equals(node.name()) || each.isSiblingOf(node))
                .flatMapToLong(each -> each.maxTransferBytes().stream())
                .min()
                .orElse(USUAL_TRANSFER_BYTES);
        return (int) Math.max(Math.min(bytes, MOST_TRANSFER_BYTES) / blockBytes, 1) * blockBytes;
    }

    SysfsNamespace node() {
        return node;
    }

    long nsid() {
        return nsid;
    }

    /** Whether the kernel no longer has the device that was opened. */
    boolean isGone() {
        return node.isGone(life);
    }

    @Override
    public int maxTransferBytes() {
        return maxTransferBytes;
    }

    /** Linux refuses fused commands. */
    @Override
    public boolean fuses() {
        return false;
    }

    @Override
    public @Nullable String readOnly() {
        return readOnly;
    }

    @Override
    public PathQueue openQueue(QueueKind kind) {
        return threads.queue(kind);
    }

    @Override
    public @Nullable PathFailure readFirstBlock() {
        if (!descriptor.enter()) {
            return PathFailure.failOver(Certainty.NOT_EXECUTED, "the path is closed");
        }
        try {
            TransferMemory memory = checked.getAndSet(null);
            if (memory == null) {
                memory = requests.blockMemory();
            }
            PathFailure failure = requests.readFirstBlock(memory);
            checked.set(memory);
            return failure;
        } finally {
            descriptor.leave();
        }
    }

    @Override
    public CommandEnd carryOut(IoCommand command, ByteBuffer data) {
        if (!descriptor.enter()) {
            return new CommandEnd.NotSent(IoStatus.PATH_ERROR, command.name() + ": the path is closed");
        }
        try {
            return requests.carryOut(command, data);
        } finally {
            descriptor.leave();
        }
    }

    @Override
    public void close(Runnable closed) {
        threads.close(() -> descriptor.close(() -> {
            whenClosed.accept(this);
            closed.run();
        }));
    }
}
