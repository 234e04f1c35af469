package io.mpath.nvme.command;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** An ANA log page, written group by group. */
public final class AnaLogBytes {
    private final ByteArrayOutputStream groups = new ByteArrayOutputStream();
    private final long changeCount;
    private int groupCount;

    public AnaLogBytes(long changeCount) {
        this.changeCount = changeCount;
    }

    public AnaLogBytes group(int id, int state, int... nsids) {
        return groupThatSays(nsids.length, id, state, nsids);
    }

    public AnaLogBytes groupThatSays(int nnsids, int id, int state, int... nsids) {
        ByteBuffer group = ByteBuffer.allocate(32 + nsids.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        group.putInt(id).putInt(nnsids).putLong(id * 100L).put((byte) state).position(32);
        for (int nsid : nsids) {
            group.putInt(nsid);
        }
        groups.writeBytes(group.array());
        groupCount++;
        return this;
    }

    public ByteBuffer page() {
        return page(groupCount);
    }

    public ByteBuffer page(int nagd) {
        ByteBuffer page = ByteBuffer.allocate(16 + groups.size()).order(ByteOrder.LITTLE_ENDIAN);
        page.putLong(changeCount).putShort((short) nagd).position(16);
        return page.put(groups.toByteArray()).flip();
    }
}
