package io.mpath.linux;

import io.mpath.MultipathException;
import java.util.function.Consumer;

/**
 * The socket that the kernel's announcements come from ({@code NETLINK_KOBJECT_UEVENT}, group 1: the kernel's own, not udev's).
 * It needs no rights.
 *
 * <p>Threading: one thread.
 */
final class UeventSocket {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_NONBLOCK_CLOEXEC = 3 | 0x800 | 0x80000;
    private static final int NETLINK_KOBJECT_UEVENT = 15;
    private static final int KERNEL_GROUP = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int ADDRESS_BYTES = 12;
    private static final int ADDRESS_PID = 4;
    private static final int ADDRESS_GROUPS = 8;

    // The kernel makes messages of at most 2 KiB and a head (UEVENT_BUFFER_SIZE).
    private static final int MESSAGE_BYTES = 8192;
    private static final int ADDRESS = MESSAGE_BYTES;
    private static final int ADDRESS_LENGTH = MESSAGE_BYTES + 16;
    private static final int MEMORY_BYTES = MESSAGE_BYTES + 32;

    // Room for what a fault of 10,000 disks announces; taken only while it waits to be read.
    private static final int RECEIVE_BYTES = 64 << 20;

    /** What there was to hear. */
    enum Heard {
        ALL,
        /** The kernel had to drop some. */
        NOT_ALL,
        /** The socket is of no more use. */
        NO_MORE
    }

    private final Syscalls syscalls;
    private final int descriptor;
    private final TransferMemory memory;

    private UeventSocket(Syscalls syscalls, int descriptor, TransferMemory memory) {
        this.syscalls = syscalls;
        this.descriptor = descriptor;
        this.memory = memory;
    }

    /** @throws MultipathException when the machine refuses it, as some containers do */
    static UeventSocket open(Syscalls syscalls) {
        int opened = syscalls.socket(AF_NETLINK, SOCK_RAW_NONBLOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
        if (opened < 0) {
            throw new MultipathException("the kernel's events cannot be heard: socket: " + Errno.describe(opened));
        }
        TransferMemory memory = new TransferMemory(syscalls, MEMORY_BYTES, 1);
        memory.buffer()
                .putShort(ADDRESS, (short) AF_NETLINK)
                .putInt(ADDRESS + ADDRESS_PID, 0)
                .putInt(ADDRESS + ADDRESS_GROUPS, KERNEL_GROUP);
        makeRoom(syscalls, opened, memory);
        int bound = syscalls.bind(opened, memory.address() + ADDRESS, ADDRESS_BYTES);
        if (bound < 0) {
            syscalls.close(opened);
            throw new MultipathException("the kernel's events cannot be heard: bind: " + Errno.describe(bound));
        }
        return new UeventSocket(syscalls, opened, memory);
    }

    /** Without {@code CAP_NET_ADMIN} it is as much as {@code net.core.rmem_max} allows; what does not fit is told as lost. */
    private static void makeRoom(Syscalls syscalls, int socket, TransferMemory memory) {
        memory.buffer().putInt(ADDRESS_LENGTH, RECEIVE_BYTES);
        long value = memory.address() + ADDRESS_LENGTH;
        if (syscalls.setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, value, Integer.BYTES) < 0) {
            syscalls.setsockopt(socket, SOL_SOCKET, SO_RCVBUF, value, Integer.BYTES);
        }
    }

    int descriptor() {
        return descriptor;
    }

    /** Passes on all that is there. */
    Heard drain(Consumer<Uevent> to) {
        boolean complete = true;
        while (true) {
            memory.buffer().putInt(ADDRESS_LENGTH, ADDRESS_BYTES);
            long base = memory.address();
            long n = syscalls.recvfrom(descriptor, base, MESSAGE_BYTES, 0, base + ADDRESS, base + ADDRESS_LENGTH);
            if (n >= 0) {
                // Anybody may send to a netlink socket who has the right to; the kernel's own port is 0.
                if (memory.buffer().getInt(ADDRESS + ADDRESS_PID) == 0) {
                    Uevent.decode(memory.buffer().slice(0, (int) n)).ifPresent(to);
                }
            } else if (Errno.ENOBUFS.is(n)) {
                complete = false;
            } else if (Errno.EAGAIN.is(n)) {
                return complete ? Heard.ALL : Heard.NOT_ALL;
            } else if (!Errno.EINTR.is(n)) {
                return Heard.NO_MORE;
            }
        }
    }

    void close() {
        syscalls.close(descriptor);
    }
}
