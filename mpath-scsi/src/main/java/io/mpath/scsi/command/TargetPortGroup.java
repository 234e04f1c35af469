package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A target port group descriptor (SPC-6).
 *
 * @param id TARGET PORT GROUP
 * @param state how the logical unit can be accessed through its ports
 * @param preferred PREF
 * @param supported the states that it can be in
 * @param statusCode 0 none, 1 changed by SET TARGET PORT GROUPS, 2 changed by the target; others are reserved or the vendor's
 * @param relativePorts RELATIVE TARGET PORT IDENTIFIER of each of its ports
 */
public record TargetPortGroup(
        int id,
        AluaState state,
        boolean preferred,
        Set<AluaState> supported,
        int statusCode,
        List<Integer> relativePorts) {
    static final int HEADER_BYTES = 8;
    static final int PORT_BYTES = 4;

    /** Copies the collections. */
    public TargetPortGroup {
        supported = supported.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(supported));
        relativePorts = List.copyOf(relativePorts);
    }

    /** Reads the one that begins there, with those of its ports that end before {@code end}; empty when its state is reserved. */
    static Optional<TargetPortGroup> decode(PageReader in, int at, int end) {
        int ports = in.u8(at + 7, "TARGET PORT COUNT");
        var relativePorts = new ArrayList<Integer>();
        for (int i = 0, port = at + HEADER_BYTES; i < ports && port + PORT_BYTES <= end; i++, port += PORT_BYTES) {
            relativePorts.add(in.u16(port + 2, "RELATIVE TARGET PORT IDENTIFIER"));
        }
        Optional<AluaState> state = AluaState.decode(in, at);
        if (state.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new TargetPortGroup(
                in.u16(at + 2, "TARGET PORT GROUP"),
                state.get(),
                (in.u8(at, "PREF") & 0x80) != 0,
                AluaState.supported(in.u8(at + 1, "supported states")),
                in.u8(at + 5, "STATUS CODE"),
                relativePorts));
    }
}
