package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import io.mpath.reservation.ReservationType;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * PERSISTENT RESERVE IN parameter data of REPORT CAPABILITIES (SPC-6).
 *
 * @param persistenceCapable PTPL_C: whether registrations and reservation can be made to outlive a loss of power
 * @param persistenceActive PTPL_A: whether they do, as the last registration asked for
 * @param allTargetPortsCapable ATP_C: whether ALL_TG_PT can be asked for
 * @param initiatorPortsCapable SIP_C: whether SPEC_I_PT can be asked for
 * @param types the types that there are; empty where it does not say (TMV is zero)
 */
public record PersistentReserveCapabilities(
        boolean persistenceCapable,
        boolean persistenceActive,
        boolean allTargetPortsCapable,
        boolean initiatorPortsCapable,
        Optional<Set<ReservationType>> types) {
    /** How long it is. */
    public static final int DATA_BYTES = 8;

    private static final int TYPE_MASK_VALID = 0x80;

    /** Copies the set. */
    public PersistentReserveCapabilities {
        types = types.map(PersistentReserveCapabilities::copy);
    }

    private static Set<ReservationType> copy(Set<ReservationType> types) {
        return types.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(types));
    }

    /** Reads it. @throws io.mpath.PageFormatException when it is shorter than eight bytes, or says so */
    public static PersistentReserveCapabilities decode(ByteBuffer data) {
        PageReader in = PageReader.bigEndian("REPORT CAPABILITIES data", data);
        int length = in.u16(0, "LENGTH");
        if (length < DATA_BYTES) {
            throw in.error(0, "LENGTH", length + " bytes do not tell all of it");
        }
        in.require(0, DATA_BYTES, "data");
        int can = in.u8(2, "capabilities");
        int now = in.u8(3, "PTPL_A");
        return new PersistentReserveCapabilities(
                (can & 0x01) != 0,
                (now & 0x01) != 0,
                (can & 0x04) != 0,
                (can & 0x08) != 0,
                (now & TYPE_MASK_VALID) == 0 ? Optional.empty() : Optional.of(types(in.u16(4, "TYPE MASK"))));
    }

    private static Set<ReservationType> types(int mask) {
        Set<ReservationType> types = EnumSet.noneOf(ReservationType.class);
        for (ReservationType type : ReservationType.values()) {
            if ((mask & bit(type)) != 0) {
                types.add(type);
            }
        }
        return types;
    }

    private static int bit(ReservationType type) {
        return switch (type) {
            case WRITE_EXCLUSIVE -> 0x0200;
            case EXCLUSIVE_ACCESS -> 0x0800;
            case WRITE_EXCLUSIVE_REGISTRANTS_ONLY -> 0x2000;
            case EXCLUSIVE_ACCESS_REGISTRANTS_ONLY -> 0x4000;
            case WRITE_EXCLUSIVE_ALL_REGISTRANTS -> 0x8000;
            case EXCLUSIVE_ACCESS_ALL_REGISTRANTS -> 0x0001;
        };
    }
}
