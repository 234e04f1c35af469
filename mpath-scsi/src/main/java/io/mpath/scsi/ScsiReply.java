package io.mpath.scsi;

import io.mpath.scsi.command.ScsiResult;
import java.nio.ByteBuffer;

/**
 * What a command came back with.
 *
 * @param result how it ended
 * @param data what it transferred to the host, big endian, from position 0 to its limit; empty where it transferred nothing
 */
public record ScsiReply(ScsiResult result, ByteBuffer data) {
    /** Whether the device did it. */
    public boolean done() {
        return result.treatment().isEmpty();
    }
}
