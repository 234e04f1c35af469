package io.mpath.scsi.command;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * SET TARGET PORT GROUPS (SPC-6): asks for other access states.
 *
 * @param changes which group to bring into which state
 */
public record SetTargetPortGroups(List<Change> changes) implements ScsiCommand {
    private static final String NAME = "SET TARGET PORT GROUPS";
    private static final int HEADER_BYTES = 4;
    private static final int DESCRIPTOR_BYTES = 4;
    private static final int MAX_GROUPS = 0x1_0000;

    /**
     * One group.
     *
     * @param group TARGET PORT GROUP
     * @param state where to, a state that lasts: one of optimized, non-optimized, standby, unavailable and offline
     */
    public record Change(int group, AluaState state) {
        /** Checks that it can be asked for. @throws CommandFieldException when it cannot */
        public Change {
            CommandFieldException.check(NAME, "TARGET PORT GROUP", group, 0, Blocks.MAX_16_BITS);
            boolean settable = switch (state) {
                case OPTIMIZED, NON_OPTIMIZED, STANDBY, UNAVAILABLE, OFFLINE -> true;
                case LBA_DEPENDENT, TRANSITIONING -> false;
            };
            if (!settable) {
                throw new CommandFieldException(NAME, "ASYMMETRIC ACCESS STATE", state + " cannot be set");
            }
        }
    }

    /** Copies the list. @throws CommandFieldException when it is empty, or longer than there are groups */
    public SetTargetPortGroups {
        changes = List.copyOf(changes);
        CommandFieldException.check(NAME, "groups", changes.size(), 1, MAX_GROUPS);
    }

    /** Writes the parameter list, which is the command's data, at the buffer's position and moves that behind it. */
    public void encodeParameters(ByteBuffer data) {
        ByteBuffer out = Cdb.begin(data, dataBytes());
        int at = HEADER_BYTES;
        for (Change change : changes) {
            out.put(at, (byte) change.state().value()).putShort(at + 2, (short) change.group());
            at += DESCRIPTOR_BYTES;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int cdbBytes() {
        return 12;
    }

    @Override
    public void encode(ByteBuffer cdb) {
        Cdb.begin(cdb, cdbBytes()).put(0, (byte) 0xa4).put(1, (byte) 0x0a).putInt(6, dataBytes());
    }

    @Override
    public Transfer transfer() {
        return Transfer.TO_DEVICE;
    }

    @Override
    public int dataBytes() {
        return HEADER_BYTES + changes.size() * DESCRIPTOR_BYTES;
    }
}
