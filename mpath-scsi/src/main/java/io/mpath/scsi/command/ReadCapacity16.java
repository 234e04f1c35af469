package io.mpath.scsi.command;

import java.nio.ByteBuffer;

/**
 * READ CAPACITY (16) (SBC-5), for {@link Capacity#decode16}.
 */
public record ReadCapacity16() implements ScsiCommand {
    private static final String NAME = "READ CAPACITY (16)";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int cdbBytes() {
        return 16;
    }

    @Override
    public void encode(ByteBuffer cdb) {
        Cdb.begin(cdb, cdbBytes()).put(0, (byte) 0x9e).put(1, (byte) 0x10).putInt(10, dataBytes());
    }

    @Override
    public Transfer transfer() {
        return Transfer.TO_HOST;
    }

    @Override
    public int dataBytes() {
        return Capacity.DATA_16_BYTES;
    }
}
