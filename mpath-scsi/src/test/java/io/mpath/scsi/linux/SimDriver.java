package io.mpath.scsi.linux;

import io.mpath.scsi.sim.SimNexus;
import io.mpath.scsi.sim.SimReply;
import java.nio.ByteBuffer;

/** The host's driver over an emulated nexus. */
record SimDriver(SimNexus nexus, long lun) implements FakeIoctls.Driver {
    private static final int TO_DEVICE = -2;
    private static final int FROM_DEVICE = -3;
    private static final int DRIVER_SENSE = 8;

    @Override
    public FakeIoctls.Answer execute(String node, FakeIoctls.Command command, ByteBuffer data) {
        byte[] sent = new byte[command.direction() == TO_DEVICE ? data.remaining() : 0];
        data.get(0, sent);
        SimReply reply = nexus.execute(lun, command.cdb().array(), sent);
        byte[] read = reply.data();
        int moved = command.direction() == FROM_DEVICE ? Math.min(read.length, data.capacity()) : reply.taken();
        if (command.direction() == FROM_DEVICE) {
            data.put(0, read, 0, moved);
        }
        int residual =
                command.direction() == TO_DEVICE || command.direction() == FROM_DEVICE ? data.capacity() - moved : 0;
        int driver = reply.sense().length == 0 ? 0 : DRIVER_SENSE;
        return new FakeIoctls.Answer(
                0, true, reply.status(), reply.hostByte(), driver, ByteBuffer.wrap(reply.sense()), residual);
    }
}
