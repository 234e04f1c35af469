package io.mpath.nvme.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/** A host that puts the commands of reservations together byte by byte; each gives its status, DNR left out. */
final class RawReservations {
    static final int CONFLICT = 0x083;
    static final int INVALID_FIELD = 0x002;
    static final int INVALID_OPCODE = 0x001;
    static final int IEKEY = 1 << 3;

    private static final int REGISTER = 0x0d;
    private static final int REPORT = 0x0e;
    private static final int ACQUIRE = 0x11;
    private static final int RELEASE = 0x15;

    final RawHost host;

    RawReservations(SimWorld world, SimController controller, int hostNumber) {
        this(new RawHost(world, controller, identifier(hostNumber), Duration.ZERO, true));
    }

    RawReservations(RawHost host) {
        this.host = host;
    }

    /** 128 bits of which none of the halves is zero. */
    static byte[] identifier(int hostNumber) {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) hostNumber;
        bytes[15] = (byte) 0xee;
        return bytes;
    }

    private int send(int opcode, int dword10, long... keys) {
        ByteBuffer data = ByteBuffer.allocate(keys.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (long key : keys) {
            data.putLong(key);
        }
        return RawHost.status(host.io(RawHost.entry(opcode, 0, 7, 1, dword10), data.array()));
    }

    int register(long key) {
        return send(REGISTER, 0, 0, key);
    }

    int unregister(int flags, long current) {
        return send(REGISTER, 1 | flags, current, 0);
    }

    int replace(int flags, long current, long key) {
        return send(REGISTER, 2 | flags, current, key);
    }

    /** @param persistence CPTPL */
    int register(int persistence, long key) {
        return send(REGISTER, persistence << 30, 0, key);
    }

    int acquire(long current, int type) {
        return send(ACQUIRE, type << 8, current, 0);
    }

    int acquireWithFlags(int flags, long current, int type) {
        return send(ACQUIRE, type << 8 | flags, current, 0);
    }

    int preempt(long current, long victim, int type) {
        return send(ACQUIRE, 1 | type << 8, current, victim);
    }

    int preemptAndAbort(long current, long victim, int type) {
        return send(ACQUIRE, 2 | type << 8, current, victim);
    }

    int release(long current, int type) {
        return send(RELEASE, type << 8, current);
    }

    int clear(long current) {
        return send(RELEASE, 1, current);
    }

    SimReply reported(boolean extended, int bytes) {
        return host.io(RawHost.entry(REPORT, 0, 7, 1, bytes / 4 - 1, extended ? 1 : 0));
    }

    /** The extended data structure. */
    ByteBuffer report() {
        SimReply reply = reported(true, 4096);
        assertThat(RawHost.status(reply)).isZero();
        return RawHost.page(reply);
    }

    int generation() {
        return report().getInt(0);
    }

    int type() {
        return report().get(4);
    }

    int registrants() {
        return report().getShort(5);
    }

    boolean persistent() {
        return report().get(9) == 1;
    }

    int read() {
        return RawHost.status(host.io(RawHost.blocks(RawHost.READ, 1, 0, 1, 0)));
    }

    int write(int block) {
        return RawHost.status(host.io(RawHost.blocks(RawHost.WRITE, 1, block, 1, 0), RawHost.filled(1, 1)));
    }
}
