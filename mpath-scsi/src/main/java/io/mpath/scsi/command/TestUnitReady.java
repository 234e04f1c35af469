package io.mpath.scsi.command;

import java.nio.ByteBuffer;

/**
 * TEST UNIT READY (SPC-6): whether the logical unit would take a command for its blocks.
 */
public record TestUnitReady() implements ScsiCommand {
    private static final String NAME = "TEST UNIT READY";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int cdbBytes() {
        return 6;
    }

    @Override
    public void encode(ByteBuffer cdb) {
        Cdb.begin(cdb, cdbBytes());
    }
}
