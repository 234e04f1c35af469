package io.mpath.nvme;

import java.nio.ByteBuffer;

/**
 * What an admin command that succeeded came back with.
 *
 * @param result dwords 0 and 1 of the completion: what the command defines
 * @param data what it transferred to the host, little endian, from position 0 to its limit; empty where it transferred nothing
 */
public record AdminResult(long result, ByteBuffer data) {
    /** Dword 0 of the completion. */
    public int dword0() {
        return (int) result;
    }
}
