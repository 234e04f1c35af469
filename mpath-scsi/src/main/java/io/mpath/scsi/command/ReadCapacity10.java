package io.mpath.scsi.command;

import java.nio.ByteBuffer;

/**
 * READ CAPACITY (10) (SBC-5), for {@link Capacity#decode10}.
 */
public record ReadCapacity10() implements ScsiCommand {
    private static final String NAME = "READ CAPACITY (10)";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int cdbBytes() {
        return 10;
    }

    @Override
    public void encode(ByteBuffer cdb) {
        Cdb.begin(cdb, cdbBytes()).put(0, (byte) 0x25);
    }

    @Override
    public Transfer transfer() {
        return Transfer.TO_HOST;
    }

    @Override
    public int dataBytes() {
        return 8;
    }
}
