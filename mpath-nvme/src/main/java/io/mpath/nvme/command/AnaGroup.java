package io.mpath.nvme.command;

import io.mpath.internal.codec.PageReader;

/**
 * An ANA Group descriptor of the log page (NVMe Base 2.1 5.1.12.1.13).
 *
 * @param id AGID, 1 to ANAGRPMAX
 * @param changeCount CHGC: moves with every change of the group; 64 bits that wrap, to be compared for equality only
 * @param state AGSTATE
 * @param namespaces the namespaces of the group that are attached to the controller; empty when only groups were asked for
 */
public record AnaGroup(long id, long changeCount, AnaState state, NamespaceIds namespaces) {
    static final int HEADER_BYTES = 32;
    static final int NNSIDS_OFFSET = 4;

    private static final int STATE_OFFSET = 16;

    static AnaGroup decode(PageReader in, long at) {
        return new AnaGroup(
                in.u32(at, "AGID"),
                in.bits64(at + 8, "CHGC"),
                state(in, at + STATE_OFFSET),
                NamespaceIds.decode(in, at + HEADER_BYTES, in.u32(at + NNSIDS_OFFSET, "NNSIDS")));
    }

    /** Where the descriptor at {@code at} ends, which may be beyond what was received, and beyond 32 bits. */
    static long end(PageReader in, long at) {
        return at + HEADER_BYTES + in.u32(at + NNSIDS_OFFSET, "NNSIDS") * Integer.BYTES;
    }

    private static AnaState state(PageReader in, long at) {
        int code = in.u8(at, "AGSTATE") & 0xf;
        for (AnaState state : AnaState.values()) {
            if (state.code() == code) {
                return state;
            }
        }
        throw in.error(at, "AGSTATE", code + " is no ANA state");
    }
}
