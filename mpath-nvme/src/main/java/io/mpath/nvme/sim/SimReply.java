package io.mpath.nvme.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a controller answers: a completion queue entry, and the data that goes to the host with it. Immutable. */
public final class SimReply {
    private final ByteBuffer entry;
    private final byte[] data;

    SimReply(ByteBuffer entry, byte[] data) {
        this.entry = entry;
        this.data = data;
    }

    /** The completion queue entry, 16 bytes, little endian. */
    public ByteBuffer completion() {
        return entry.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The data; empty where the command has none, or failed. A copy. */
    public byte[] data() {
        return data.clone();
    }

    byte[] payload() {
        return data;
    }
}
