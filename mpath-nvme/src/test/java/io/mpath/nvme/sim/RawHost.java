package io.mpath.nvme.sim;

import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A host that puts entries together byte by byte, and takes completions to pieces the same way. */
final class RawHost {
    static final int WRITE = 0x01;
    static final int READ = 0x02;
    static final int BLOCK = 512;

    final SimWorld world;
    final SimController controller;
    final List<String> ends = new ArrayList<>();
    SimAssociation association;

    RawHost(SimWorld world, SimController controller, Duration keepAlive) {
        this(world, controller, new byte[] {1, 2, 3}, keepAlive, true);
    }

    /** @param identifier of the host; 16 bytes, or fewer and zeroes behind them */
    RawHost(SimWorld world, SimController controller, byte[] identifier, Duration keepAlive, boolean fabrics) {
        this.world = world;
        this.controller = controller;
        this.association = controller.associate(ends::add, identifier, keepAlive, fabrics);
    }

    RawHost(SimWorld world, SimController controller) {
        this(world, controller, Duration.ZERO);
    }

    /** An entry: opcode, flags, CID, NSID, and command dwords 10 to 15 from byte 40 on. */
    static ByteBuffer entry(int opcode, int flags, int commandId, long nsid, int... dwords) {
        ByteBuffer entry = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        entry.put(0, (byte) opcode)
                .put(1, (byte) flags)
                .putShort(2, (short) commandId)
                .putInt(4, (int) nsid);
        for (int i = 0; i < dwords.length; i++) {
            entry.putInt(40 + 4 * i, dwords[i]);
        }
        return entry;
    }

    static ByteBuffer blocks(int opcode, long nsid, long start, int count, int flags12) {
        return entry(opcode, 0, 7, nsid, (int) start, (int) (start >>> 32), count - 1 | flags12);
    }

    List<SimReply> send(int queue, ByteBuffer entry, byte[] data) {
        List<SimReply> replies = new ArrayList<>();
        association.submit(queue, entry, data, replies::add);
        return replies;
    }

    List<SimReply> sendIo(ByteBuffer entry, byte[] data) {
        return send(1, entry, data);
    }

    SimReply run(int queue, ByteBuffer entry, byte[] data) {
        List<SimReply> replies = send(queue, entry, data);
        world.runUntilIdle();
        if (replies.size() != 1) {
            throw new AssertionError(replies.size() + " answers");
        }
        return replies.get(0);
    }

    SimReply io(ByteBuffer entry, byte... data) {
        return run(1, entry, data);
    }

    SimReply admin(int opcode, long nsid, int... dwords) {
        return run(0, entry(opcode, 0, 7, nsid, dwords), new byte[0]);
    }

    /** Status code type, status code and DNR: bits 11:1 and 15 of the last word. */
    static int status(SimReply reply) {
        return reply.completion().getShort(14) >> 1 & 0x7ff;
    }

    static boolean doNotRetry(SimReply reply) {
        return reply.completion().getShort(14) < 0;
    }

    static int result(SimReply reply) {
        return reply.completion().getInt(0);
    }

    static ByteBuffer page(SimReply reply) {
        return ByteBuffer.wrap(reply.data()).order(ByteOrder.LITTLE_ENDIAN);
    }

    static byte[] filled(int blocks, int with) {
        byte[] data = new byte[blocks * BLOCK];
        Arrays.fill(data, (byte) with);
        return data;
    }
}
