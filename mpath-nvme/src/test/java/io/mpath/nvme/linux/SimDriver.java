package io.mpath.nvme.linux;

import io.mpath.linux.Errno;
import io.mpath.nvme.sim.SimAssociation;
import io.mpath.nvme.sim.SimReply;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** The host's driver over an emulated controller: what is not answered in time is cancelled. */
record SimDriver(SimAssociation association) implements FakeIoctls.Driver {
    @Override
    public FakeIoctls.Answer execute(String node, FakeIoctls.Command command, ByteBuffer data) {
        byte[] sent = new byte[0];
        boolean toController = (command.opcode() & 3) == 1;
        if (toController) {
            sent = new byte[data.remaining()];
            data.get(0, sent);
        }
        Optional<SimReply> reply = association.execute(
                command.admin() ? 0 : 1, command.entry(), sent, Duration.ofMillis(command.timeoutMillis()));
        if (reply.isEmpty()) {
            return FakeIoctls.Answer.error(Errno.EINTR);
        }
        ByteBuffer completion = reply.get().completion();
        byte[] read = reply.get().data();
        data.put(0, read, 0, Math.min(read.length, data.capacity()));
        return new FakeIoctls.Answer((completion.getShort(14) & 0xffff) >> 1, completion.getLong(0));
    }
}
