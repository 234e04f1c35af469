package io.mpath.nvme.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The Asymmetric Namespace Access log page (LID 0Ch; NVMe Base 2.1 5.1.12.1.13).
 *
 * @param changes of the whole log
 * @param groups by ascending identifier
 */
record AnaLogPage(long changes, List<Group> groups) {
    static final int LID = 0x0c;

    private static final int HEADER_BYTES = 16;
    private static final int GROUP_BYTES = 32;

    /**
     * A descriptor.
     *
     * @param namespaces that are attached to the controller, ascending
     */
    record Group(int id, SimAnaState state, long changes, List<Long> namespaces) {}

    /** The page; with {@code groupsOnly} (RGO) its descriptors name no namespaces. */
    byte[] encode(boolean groupsOnly) {
        int bytes = HEADER_BYTES;
        for (Group group : groups) {
            bytes += GROUP_BYTES + (groupsOnly ? 0 : group.namespaces.size() * Integer.BYTES);
        }
        ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(0, changes).putShort(8, (short) groups.size());
        int at = HEADER_BYTES;
        for (Group group : groups) {
            List<Long> listed = groupsOnly ? List.of() : group.namespaces;
            out.putInt(at, group.id)
                    .putInt(at + 4, listed.size())
                    .putLong(at + 8, group.changes)
                    .put(at + 16, (byte) group.state.code());
            at += GROUP_BYTES;
            for (long nsid : listed) {
                out.putInt(at, (int) nsid);
                at += Integer.BYTES;
            }
        }
        return out.array();
    }
}
