package io.mpath.scsi.sim;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * REPORT and SET TARGET PORT GROUPS (SPC-6 6.35, 6.45), of a logical unit.
 *
 * <p>Threading: under the array's lock.
 */
final class PortGroups {
    private static final int SHORT_HEADER_BYTES = 4;
    private static final int EXTENDED_HEADER_BYTES = 8;
    private static final int GROUP_BYTES = 8;
    private static final int PORT_BYTES = 4;
    private static final int SET_HEADER_BYTES = 4;
    private static final int EXTENDED = 1;
    private static final int PREFERRED = 0x80;

    private final SimLogicalUnit unit;
    private final SimScsiArray array;

    PortGroups(SimLogicalUnit unit) {
        this.unit = unit;
        this.array = unit.array();
    }

    Outcome report(SimCommand command) {
        int format = command.u8(1) >> 5;
        SimExtendedHeader kind = array.extendedHeader();
        if (format > EXTENDED || (format == EXTENDED && kind == SimExtendedHeader.REFUSED)) {
            return Outcome.check(SimSense.INVALID_FIELD_IN_CDB);
        }
        boolean extended = format == EXTENDED && kind != SimExtendedHeader.IGNORED;
        return Outcome.data(extended ? extended(kind) : page(SHORT_HEADER_BYTES), command.u32(6));
    }

    private byte[] extended(SimExtendedHeader kind) {
        byte[] page = page(EXTENDED_HEADER_BYTES);
        int uncounted = kind == SimExtendedHeader.RETURNED_UNCOUNTED ? EXTENDED_HEADER_BYTES - SHORT_HEADER_BYTES : 0;
        return ByteBuffer.wrap(page)
                .putInt(0, page.length - SHORT_HEADER_BYTES - uncounted)
                .put(4, (byte) (EXTENDED << 4))
                .put(5, (byte) array.implicitTransitionSeconds())
                .array();
    }

    private byte[] page(int headerBytes) {
        int length = headerBytes;
        for (int group : array.groups()) {
            length += GROUP_BYTES + array.portsOf(group).size() * PORT_BYTES;
        }
        ByteBuffer out = ByteBuffer.allocate(length).putInt(0, length - SHORT_HEADER_BYTES);
        int at = headerBytes;
        for (int group : array.groups()) {
            List<SimTargetPort> ports = array.portsOf(group);
            AccessStates.GroupState state = unit.access().of(group);
            out.put(at, (byte)
                            ((state.preferred() ? PREFERRED : 0) | state.state().value()))
                    .put(at + 1, (byte) array.supportedStateBits())
                    .putShort(at + 2, (short) group)
                    .put(at + 5, (byte) state.statusCode())
                    .put(at + 7, (byte) ports.size());
            at += GROUP_BYTES;
            for (SimTargetPort port : ports) {
                out.putShort(at + 2, (short) port.relativeId());
                at += PORT_BYTES;
            }
        }
        return out.array();
    }

    /** All of what it asks for, or nothing where something of it cannot be. The nexus that it came through is told by its end. */
    Outcome set(SimCommand command, SimNexus by) {
        ByteBuffer in = ByteBuffer.wrap(command.payload());
        if (in.capacity() < command.u32(6)
                || in.capacity() < SET_HEADER_BYTES
                || (in.capacity() - SET_HEADER_BYTES) % PORT_BYTES != 0) {
            return Outcome.check(SimSense.PARAMETER_LIST_LENGTH);
        }
        Map<Integer, SimAluaState> wanted = new LinkedHashMap<>();
        for (int at = SET_HEADER_BYTES; at < in.capacity(); at += PORT_BYTES) {
            int group = in.getShort(at + 2) & 0xffff;
            SimAluaState state = requested(in.get(at) & 0x0f);
            if (state == null || !array.groups().contains(group)) {
                return Outcome.check(SimSense.INVALID_FIELD_IN_PARAMETERS);
            }
            wanted.put(group, state);
        }
        boolean underWay = wanted.keySet().stream().anyMatch(group -> unit.alua(group) == SimAluaState.TRANSITIONING);
        if (underWay) {
            return Outcome.check(SimSense.TRANSITION);
        }
        move(wanted, by);
        return Outcome.DONE.after(array.explicitTransitionNanos());
    }

    /** Primary states that can be asked for, and offline. */
    private @Nullable SimAluaState requested(int value) {
        for (SimAluaState state : SimAluaState.values()) {
            boolean supported = (array.supportedStateBits() & state.supportedBit()) != 0;
            if (state.value() == value && supported && state != SimAluaState.TRANSITIONING) {
                return state;
            }
        }
        return null;
    }

    private void move(Map<Integer, SimAluaState> wanted, SimNexus by) {
        long nanos = array.explicitTransitionNanos();
        if (nanos == 0) {
            wanted.forEach((group, state) -> unit.access().of(group).move(state, AccessStates.BY_COMMAND));
            tellAllBut(by);
            return;
        }
        Map<Integer, Integer> transitions = new LinkedHashMap<>();
        wanted.keySet()
                .forEach(group -> transitions.put(group, unit.access().of(group).begin()));
        array.clock()
                .later(
                        nanos,
                        () -> array.change(() -> {
                            transitions.forEach((group, number) -> {
                                SimAluaState to = wanted.get(group);
                                if (to != null && unit.access().of(group).isIn(number)) {
                                    unit.access().of(group).move(to, AccessStates.BY_COMMAND);
                                }
                            });
                            tellAllBut(by);
                        }));
    }

    private void tellAllBut(SimNexus by) {
        for (SimNexus nexus : array.nexuses()) {
            if (nexus != by) {
                unit.establish(nexus, SimSense.ACCESS_STATE_CHANGED);
            }
        }
    }
}
